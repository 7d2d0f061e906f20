import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror('HTTPRouteHeaderMatching', [], 'gateway-api/httproute-header-matching');

const host = 'header.example.com';
const row = (headers: Record<string, string>, backend: string | null, why?: string): Exchange => ({
  request: { host, path: '/', headers },
  answer: backend === null ? notFound : { status: 200, backend },
  why,
});
const served = row({ version: 'one' }, v1);

accepted('header-matching');
rows(
  [
    served,
    row({ VERSION: 'one' }, v1, 'name in capitals'),
    row({ version: 'two' }, v2),
    // more of the headers that match go before fewer
    row({ version: 'two', color: 'orange' }, v1),
    // of as many the first rule
    row({ version: 'two', color: 'blue' }, v2),
    row({ version: 'one', color: 'red' }, v1),
    row({ color: 'blue' }, v1),
    row({ color: 'green' }, v1),
    row({ color: 'red' }, v2),
    row({ color: 'yellow' }, v2),
    row({ color: 'purple' }, null),
    row({ color: 'orange' }, null),
    row({ version: 'three', color: 'orange' }, null),
    row({ 'some-other-header': 'one' }, null),
    row({ version: 'ONE' }, null, 'value in capitals'),
    row({ version: 'one, two' }, null),
    row({ version: 'one1' }, null),
    row({}, null),
  ],
  served,
);
