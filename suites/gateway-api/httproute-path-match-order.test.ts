import { mirror, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror('HTTPRoutePathMatchOrder', [], 'gateway-api/httproute-path-match-order');

const host = 'path-match-order.example.com';
const row = (path: string, backend: string | null, why?: string): Exchange => ({
  request: { host, path },
  answer: backend === null ? notFound : { status: 200, backend },
  why,
});
const served = row('/match', v1);

accepted('path-match-order');
rows(
  [
    // an exact path goes before a prefix
    served,
    row('/match/exact', v2),
    row('/match/exact/one', v3),
    // a longer prefix goes before a shorter one
    row('/match/any', v3),
    row('/match/exact/', v3, 'with a slash'),
    row('/match/', v3, 'with a slash'),
    row('/match/prefix/any', v1),
    row('/match/prefix', v1),
    row('/match/prefix/one', v2),
    row('/match/prefix/one/any', v2),
    // a prefix is one of whole elements
    row('/match/prefix/oneany', v1),
    row('/match/prefixany', v3),
    row('/matchany', null),
    row('/Match', null, 'in another case'),
    row('/', null),
  ],
  served,
);
