import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(undefined, [], 'gateway-api/httproute-equivalent-header-names');

const row = (headers: Record<string, string>, backend: string | null): Exchange => ({
  request: { host: 'equivalent-names.example.com', path: '/', headers },
  answer: backend === null ? notFound : { status: 200, backend },
});
const served = row({ color: 'green' }, v2);

accepted('equivalent-header-names');
rows([served, row({ fruit: 'apple' }, v1), row({ fruit: 'pear' }, null), row({}, null)], served);
