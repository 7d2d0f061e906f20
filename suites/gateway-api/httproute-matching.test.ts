import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror('HTTPRouteMatching', [], 'gateway-api/httproute-matching');

const host = 'matching.example.com';
const row = (path: string, backend: string, headers?: Record<string, string>, why?: string): Exchange => ({
  request: { host, path, headers },
  answer: { status: 200, backend },
  why,
});

accepted('matching');
rows(
  [
    row('/', v1),
    row('/example', v1),
    row('/', v1, { version: 'one' }),
    row('/v2', v2),
    row('/v2/', v2, undefined, 'with a slash'),
    row('/v2/example', v2),
    row('/v2?with=query', v2),
    row('/', v2, { version: 'two' }),
    row('/example', v2, { VERSION: 'two' }),
    // a longer path goes before a header
    row('/v2', v2, { version: 'one' }),
    // what only resembles /v2 or the header
    row('/v2example', v1),
    row('/foo/v2/example', v1),
    row('/V2', v1),
    row('/', v1, { version: 'Two' }),
    row('/', v1, { 'x-version': 'two' }),
  ],
  row('/', v1),
);
