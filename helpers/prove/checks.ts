import type { Visit } from '../browser/visit.ts';
import type { Ingress } from '../edge/edge.ts';
import type { Reported, StatusView } from '../gateway/views.ts';
import { apart, endToEnd } from '../traffic/altered.ts';
import type { Answered, Exchange, Expected } from '../traffic/exchange.ts';
import type { Request } from '../traffic/request.ts';
import type { BackendPod } from '../traffic/witness.ts';
import type { Check } from './catalogue.ts';

/** What a row demands of an ingress. @param pods tell which backends name themselves */
export function checksOfRow(
  { request, answer }: Exchange,
  { over }: Pick<Ingress, 'over'>,
  pods: BackendPod[],
): Check[] {
  if ('refused' in answer) return [{ what: 'refusal' }];
  const { mirrored, times, location, tls } = answer;
  return [
    { what: 'status' },
    backendCheck(answer, pods),
    ...headerChecks(answer.seen, 'seen'),
    ...checksOfTheWay(request, answer),
    ...headerChecks(answer.headers, 'returned'),
    ...(answer.headers?.['set-cookie'] ? [{ what: 'cookies returned' }] : []),
    ...checksOfBodies(answer),
    ...(location === undefined ? [] : [{ what: 'location' }]),
    ...(mirrored === undefined ? [] : [{ what: mirrored.length > 0 ? 'copies' : 'no copies' }]),
    ...(times === undefined || times === 'at least once' ? [] : [{ what: 'times' }]),
    ...checksOfHandshake(request, over),
    ...(over && !over.tls && answer.backend !== null ? [{ what: 'route of its own' }] : []),
    ...(tls?.certificate === undefined ? [] : [{ what: 'certificate' }]),
    ...(over || (tls?.version ?? request.tls?.version) === undefined ? [] : [{ what: 'TLS version' }]),
  ];
}

/** What reaches an echo as it was sent; the path stands for what it tells apart, one header for all. */
function checksOfTheWay(request: Request, { backend, seen = {} }: Answered): Check[] {
  if (backend === null || request.method === 'HEAD') return [];
  const unnamed = endToEnd(request)
    .map(([name]) => name)
    .filter((name) => !(name in seen));
  const chosen = [unnamed.find((name) => name === ':path'), unnamed.find((name) => !apart.has(name))];
  return chosen.filter((name) => name !== undefined).map((name) => ({ what: 'sent as it is', name }));
}

/** Over a connection that is held open, the handshake has been made before. */
export const checksOfHandshake = ({ tls }: Request, over: Ingress['over']): Check[] =>
  tls && !over ? [{ what: 'trust' }] : [];

/** What is demanded of the bodies of a request and its answer. */
export function checksOfBodies(answer: Expected): Check[] {
  if ('refused' in answer) return [];
  const { seen, body } = answer;
  return [
    ...(seen?.[':body'] === undefined ? [] : [{ what: 'body seen' }]),
    ...(body === undefined ? [] : [{ what: body === '' ? 'no body returned' : 'body returned' }]),
  ];
}

function backendCheck({ backend }: Expected, pods: BackendPod[]): Check {
  if (backend === null) return { what: 'no backend' };
  const namesItself = pods.some((pod) => pod.backend === backend && pod.namesItself);
  return { what: namesItself ? 'backend that names itself' : 'backend that logs' };
}

function headerChecks(
  headers: Record<string, string | RegExp | string[] | null> = {},
  where: 'seen' | 'returned',
): Check[] {
  const named = Object.entries(headers).filter(([name]) => name !== ':body');
  return named.map(([name, value]) => {
    // a length that is none is no HTTP, and one that is not so is for HEAD alone
    if (name === 'content-length' && where === 'returned') return { what: 'length returned', name };
    if (value === null) return { what: `header not ${where}`, name };
    return { what: Array.isArray(value) ? `headers ${where} in order` : `header ${where}`, name };
  });
}

/** What a page is demanded to be; one header stands for all: they are compared in one way. */
export function checksOfVisit({ shows }: Visit): Check[] {
  if ('error' in shows) return [{ what: 'page of an error' }];
  const backend = shows.backend === null ? 'page of no backend' : 'backend of a page';
  return [
    { what: 'page' },
    { what: backend },
    ...(shows.sent ?? []).slice(-1).map((name) => ({ what: 'header on a page', name })),
  ];
}

/** What a status is demanded to say. */
export function checksOfStatus(expected: Partial<Reported>, { what }: Pick<StatusView, 'what'>): Check[] {
  const conditions = Object.entries(expected.conditions ?? {});
  const { outdated, attachedRoutes, supportedKinds, addresses, listeners } = expected;
  const partly = / (at|of) /.test(what) && conditions.some(([, line]) => line !== null);
  return [
    ...conditions.flatMap(([name, line]): Check[] => {
      if (line === null) return [{ what: 'no condition', name }];
      const reason = line.includes(' ') ? [{ what: 'reason', name }] : [];
      return [{ what: 'condition', name }, ...reason];
    }),
    ...(partly ? [{ what: 'status of a part' }] : []),
    ...(outdated === undefined ? [] : [{ what: 'all conditions up to date', name: 'Accepted' }]),
    ...(attachedRoutes === undefined ? [] : [{ what: 'attached routes' }]),
    ...listChecks(supportedKinds, 'supported kinds', 'some supported kind'),
    ...listChecks(addresses, 'addresses', 'some address'),
    ...(listeners === undefined ? [] : [{ what: 'listeners' }]),
  ];
}

const listChecks = (list: string[] | undefined, exactly: string, some: string): Check[] =>
  list === undefined ? [] : [{ what: exactly }, ...(list.length > 0 ? [{ what: some }] : [])];
