import { shellWord } from '../../cluster/preflight/connection.ts';
import type { Ingress } from '../edge/edge.ts';
import type { Reported, StatusView } from '../gateway/views.ts';
import { type Exchange, type Expected, expectedLine, requestLine } from '../traffic/exchange.ts';
import type { Request } from '../traffic/request.ts';
import { isMarked } from '../traffic/rounds.ts';
import { type Branch, sharesLine } from '../traffic/split.ts';
import { askFunction } from './request.ts';
import type { Question, Shown } from './script.ts';
import { statusLines } from './status.ts';
import { wantedLines } from './wanted.ts';

type At = Pick<Ingress, 'setup' | 'edge' | 'port' | 'road' | 'over'>;

/** What came out wrong, as far as a script can ask it; or why none can. */
export type Asking =
  | { ingress: At; request: Request; expected: Expected; times?: number }
  | { ingress: At; request: Request; branches: Branch[] }
  | { view: Pick<StatusView, 'setup' | 'ref' | 'what' | 'part'>; reported: Partial<Reported>; wanted: string }
  | { unsayable: string };

/** Answers that are looked at for shares. */
const many = 400;

/** How a script asks it, but for what the run got. */
export function shownOf(asking: Exclude<Asking, { unsayable: string }>): Omit<Shown, 'got'> {
  if ('view' in asking) {
    const { view, reported, wanted } = asking;
    const { definitions, call } = statusLines(view, reported);
    return { asked: view.what, wanted, question: { definitions: () => definitions, call } };
  }
  const { ingress, request } = asking;
  const branches: Branch[] =
    'branches' in asking ? asking.branches : [{ weight: 1, answer: asking.expected }];
  const exchanges = branches.map(({ answer }): Exchange => ({ request, answer }));
  // over a connection that is held, the handshake is the one that it began with
  const sent = ingress.over?.tls ? { ...request, tls: ingress.over.tls } : request;
  const way = { marked: exchanges.some(isMarked), held: ingress.over !== undefined };
  const question = { tls: sent.tls, to: wayTo(ingress) };
  const ask = askFunction(sent, way);
  const asked = `${requestLine(request)}${ingress.over?.tls ? ` over HTTP/2 to ${ingress.over.tls.serverName}` : ''}`;
  if (!('branches' in asking)) {
    const { expected, times } = asking;
    const call = times === undefined ? 'decide' : `each ${times}`;
    const wanted = `${expectedLine(expected)}${times === undefined ? '' : `, each of ${times} times`}`;
    const definitions: Question['definitions'] = (where) => [ask, ...wantedLines(expected, sent, where)];
    return { asked, wanted, question: { ...question, definitions, call } };
  }
  const definitions: Question['definitions'] = (where) => [ask, branchFunction(branches, sent, where)];
  const call = `split ${[many, ...branches.map(({ weight }) => weight)].join(' ')}`;
  return { asked, wanted: sharesLine(branches), question: { ...question, definitions, call } };
}

/** The function `branch` of a script: makes what is wanted that of one of them. */
function branchFunction(branches: Branch[], request: Request, where: (called: string) => string): string {
  const cases = branches.map(({ answer }, at) => {
    const lines = wantedLines(answer, request, where);
    return [`${at})`, ...lines, `branch_is=${shellWord(expectedLine(answer))}`, ';;'].join('\n');
  });
  // what is asked before the first of them was chosen
  return ['branch() {', 'case "$1" in', ...cases, 'esac', '}', 'branch 0'].join('\n');
}

function wayTo({ edge, port, road }: At): Question['to'] {
  if (!road.byHand) return { addressOf: edge.addressed, port };
  const { service, port: of } = road.byHand;
  const { namespace = '', name } = service.metadata;
  return { forward: { namespace, name }, port: of };
}
