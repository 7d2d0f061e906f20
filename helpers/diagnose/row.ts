import type { Symptom } from './diagnosis.ts';
import type { Facts, Ingress, Route, Row, VirtualService } from './facts.ts';
import { type Host, hostsMeet, withoutPort } from './hosts.ts';

const errors = new Set([500, 502, 503, 504]);

/** How a row that came out wrong shows itself. */
export function symptomOf({ answer, seen }: Row): Symptom {
  if ('failed' in answer) return answer.phase === 'connect' ? 'no-connection' : 'cut';
  if (seen) return 'stranger';
  if (answer.status === 404) return 'not-found';
  return errors.has(answer.status) ? 'no-backend' : 'stranger';
}

/** Whether the row in question, if there is one, asks for what a route with these hosts and paths serves. */
function asks({ row }: Facts, hosts: Host[], paths: ((path: string) => boolean)[]): boolean {
  if (!row) return true;
  const { host, path } = row.request;
  const [bare = ''] = path.split('?');
  return (
    (hosts.length === 0 || hosts.some((one) => hostsMeet(one, withoutPort(host || row.address.host)))) &&
    (paths.length === 0 || paths.some((matches) => matches(bare)))
  );
}

export function asksRoute(facts: Facts, { spec }: Route): boolean {
  const matches = spec.rules?.flatMap((rule) => rule.matches ?? [{}]) ?? [];
  return asks(
    facts,
    spec.hostnames ?? [],
    matches.map(({ path }) => pathMatcher(path?.type ?? 'PathPrefix', path?.value ?? '/')),
  );
}

export function asksVirtualService(facts: Facts, { spec }: VirtualService): boolean {
  const matches = spec.http?.flatMap(({ match }) => match ?? [{}]) ?? [];
  return asks(
    facts,
    spec.hosts ?? [],
    matches.map(({ uri = {} }) => (path) => {
      if (uri.exact !== undefined) return path === uri.exact;
      return uri.prefix === undefined || path.startsWith(uri.prefix);
    }),
  );
}

export function asksIngress(facts: Facts, { spec }: Ingress): boolean {
  const { rules = [], defaultBackend } = spec;
  if (defaultBackend) return true;
  return asks(
    facts,
    rules.map(({ host }) => host),
    rules.flatMap(({ http }) => (http?.paths ?? []).map(({ path = '/' }) => pathMatcher('PathPrefix', path))),
  );
}

function pathMatcher(type: string, value: string): (path: string) => boolean {
  if (type === 'Exact') return (path) => path === value;
  if (type !== 'PathPrefix') return () => true;
  const prefix = value.replace(/\/$/, '');
  return (path) => path === prefix || path.startsWith(`${prefix}/`);
}
