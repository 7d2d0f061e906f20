import { mirror, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(
  'HTTPRouteQueryParamMatching',
  ['HTTPRouteQueryParamMatching'],
  'gateway-api/httproute-query-param-matching',
);

const host = 'query-param.example.com';
const row = (path: string, backend: string | null, version?: string, why?: string): Exchange => ({
  request: { host, path, ...(version !== undefined && { headers: { version } }) },
  answer: backend === null ? notFound : { status: 200, backend },
  why,
});
const served = row('/?animal=whale', v1);

accepted('query-param-matching');
rows(
  [
    served,
    row('/?animal=dolphin', v2),
    row('/?animal=dolphin&color=blue', v3),
    row('/?color=blue&animal=dolphin', v3),
    row('/?ANIMAL=Whale', v3),
    row('/?animal=whale&otherparam=irrelevant', v1),
    row('/?animal=dolphin&color=yellow', v2),
    row('/example?animal=whale', v1),
    // what only resembles a parameter
    row('/', null),
    row('/?color=blue', null),
    row('/?animal=dog', null),
    row('/?animal=whaledolphin', null),
    row('/?animal', null),
    row('/?animal=Whale', null, undefined, 'value in another case'),
    row('/?Animal=whale', null, undefined, 'name in another case'),
    row('/?animals=whale', null),
    row('/animal=whale', null),
    // together with others
    row('/path1?animal=whale', v1),
    row('/path1?animal=whale', v1, 'one', 'a path goes before a header'),
    row('/?animal=whale', v2, 'one'),
    row('/path2?animal=whale', v3, 'two'),
    row('/path2?animal=whale', v2, 'one'),
    // one of two
    row('/path3?animal=shark', v1),
    row('/path4?animal=kraken', v1, 'three'),
    // a part of what has to match
    row('/?animal=shark', null),
    row('/path3', null),
    row('/path3?animal=kraken', null, 'three'),
    row('/path4?animal=kraken', null),
    row('/path4', null, 'three'),
    // a path goes before a header, a header before a parameter
    row('/path5?animal=hydra', v1),
    row('/?animal=hydra', v2),
    row('/?animal=hydra', v3, 'four'),
  ],
  served,
);
