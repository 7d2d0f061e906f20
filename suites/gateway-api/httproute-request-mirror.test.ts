import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows, accepted } = mirror(
  'HTTPRouteRequestMirror',
  ['HTTPRouteRequestMirror'],
  'gateway-api/httproute-request-mirror',
);

const host = 'request-mirror.example.com';
const mirrored: Exchange = {
  request: { host, path: '/mirror' },
  answer: { status: 200, backend: v1, mirrored: [v2] },
};

accepted('request-mirror');
rows(
  [
    mirrored,
    { ...mirrored, request: { host, path: '/mirror/child', method: 'POST' } },
    {
      request: {
        host,
        path: '/mirror-and-modify',
        headers: { 'X-Header-Remove': 'removed', 'X-Header-Append': 'sent' },
      },
      answer: {
        status: 200,
        backend: v1,
        mirrored: [v2],
        seen: {
          'x-header-set': 'set',
          'x-header-add': 'added',
          'x-header-append': /^sent, ?appended$/,
          'x-header-remove': null,
        },
      },
    },
    {
      request: { host, path: '/plain' },
      answer: { status: 200, backend: v1, mirrored: [] },
      why: 'without the filter',
    },
  ],
  mirrored,
);

test('a mirror that is not there is reported', facts, async ({ scene, gateway, expect }) => {
  await expect(scene.route('request-mirror-to-nobody').at(gateway)).toReport({
    conditions: { Accepted: 'True Accepted', ResolvedRefs: 'False BackendNotFound' },
  });
});
// it is to be dropped; of what becomes of the requests the specification says nothing
test('requests are mirrored to nobody where the mirror is not there', facts, async ({ ingress, expect }) => {
  await expect(ingress).toAnswerEither(
    { host, path: '/nobody' },
    [
      { status: 200, backend: v1, mirrored: [] },
      { status: 500, backend: null, mirrored: [] },
    ],
    { while: mirrored },
  );
});
