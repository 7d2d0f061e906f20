import { mirror, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(
  'HTTPRouteMethodMatching',
  ['HTTPRouteMethodMatching'],
  'gateway-api/httproute-method-matching',
);

const host = 'method.example.com';
const row = (method: string, path: string, backend: string | null, version?: string): Exchange => ({
  request: { host, method, path, ...(version !== undefined && { headers: { version } }) },
  answer: backend === null ? notFound : { status: 200, backend },
});

accepted('method-matching');
rows(
  [
    row('POST', '/', v1),
    row('GET', '/', v2),
    row('OPTIONS', '/', null),
    // together with others
    row('GET', '/path1', v1),
    row('GET', '/path1x', v2),
    row('PATCH', '/path1', v2),
    row('PUT', '/', v2, 'one'),
    row('PUT', '/', null, 'two'),
    row('DELETE', '/', null, 'one'),
    row('POST', '/path2', v3, 'two'),
    row('POST', '/path2', v1, 'one'),
    // one of two
    row('PATCH', '/path3', v1),
    row('DELETE', '/path4', v1, 'three'),
    // a part of what has to match
    row('PUT', '/', null),
    row('PUT', '/path3', null),
    row('DELETE', '/path4', null),
    row('DELETE', '/path3', null, 'three'),
    row('DELETE', '/', null, 'three'),
    // a path goes before a method, a method before a header
    row('PATCH', '/path5', v1),
    row('PATCH', '/', v2, 'four'),
    row('PUT', '/', v3, 'four'),
  ],
  row('POST', '/', v1),
);
// without a body no backend names itself: its log has to tell
const marked = ({ request, ...others }: Exchange): Exchange => ({
  request: { ...request, marked: true },
  ...others,
});
rows([marked(row('HEAD', '/', null))], marked(row('POST', '/', v1)));
