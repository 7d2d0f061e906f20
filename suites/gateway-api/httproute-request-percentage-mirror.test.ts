import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';
import type { Request } from '../../helpers/traffic/request.ts';

const { facts, test, accepted } = mirror(
  'HTTPRouteRequestPercentageMirror',
  ['HTTPRouteRequestPercentageMirror'],
  'gateway-api/httproute-request-percentage-mirror',
);

const host = 'request-percentage-mirror.example.com';
/** The mirror's own answer. */
const beside: Exchange = { request: { host, path: '/mirror' }, answer: { status: 200, backend: v2 } };

accepted('request-percentage-mirror');
for (const { percent, path, headers, seen, as } of [
  { percent: 20, path: '/percent', as: 'percent' },
  { percent: 50, path: '/fraction', as: 'fraction' },
  { percent: 0, path: '/none', as: 'percent' },
  {
    percent: 35,
    path: '/percent-and-modify',
    as: 'percent, beside a header modifier',
    headers: { 'X-Header-Remove': 'removed', 'X-Header-Append': 'sent' },
    seen: {
      'x-header-set': 'set',
      'x-header-add': 'added',
      'x-header-append': /^sent, ?appended$/,
      'x-header-remove': null,
    },
  },
]) {
  test(`${percent} % of requests are mirrored (${as})`, facts, async ({ ingress, expect }) => {
    const request: Request = { host, path, headers };
    const answer = { status: 200, backend: v1, seen };
    await expect(ingress).toSplit(
      request,
      [
        { weight: percent, answer: { ...answer, mirrored: [v2] } },
        { weight: 100 - percent, answer: { ...answer, mirrored: [] } },
      ],
      { while: beside },
    );
  });
}
