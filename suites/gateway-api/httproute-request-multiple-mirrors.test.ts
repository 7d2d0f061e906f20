import { mirror, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(
  'HTTPRouteRequestMultipleMirrors',
  ['HTTPRouteRequestMirror', 'HTTPRouteRequestMultipleMirrors'],
  'gateway-api/httproute-request-multiple-mirrors',
);

const host = 'request-multiple-mirrors.example.com';
const mirrored: Exchange = {
  request: { host, path: '/mirrors' },
  answer: { status: 200, backend: v1, mirrored: [v2, v3] },
};

accepted('request-multiple-mirrors');
rows(
  [
    mirrored,
    {
      request: {
        host,
        path: '/mirrors-and-modify',
        headers: { 'X-Header-Remove': 'removed', 'X-Header-Append': 'sent' },
      },
      answer: {
        status: 200,
        backend: v1,
        mirrored: [v2, v3],
        seen: {
          'x-header-set': 'set',
          'x-header-add': 'added',
          'x-header-append': /^sent, ?appended$/,
          'x-header-remove': null,
        },
      },
    },
    {
      request: { host, path: '/one-mirror' },
      answer: { status: 200, backend: v1, mirrored: [v3] },
      why: 'with one of the filters',
    },
  ],
  mirrored,
);
