import { shellWord } from '../../cluster/preflight/connection.ts';
import { isSecretHeader } from '../../reports/secrets.ts';
import type { Answered, Expected } from '../traffic/exchange.ts';
import { lettersLine } from '../traffic/letters.ts';
import type { Request } from '../traffic/request.ts';
import { fromEnvironment } from './withheld.ts';

/** Fields by which the echo backend tells what is no header. */
const told: Record<string, string> = { ':path': 'path', ':method': 'method', ':protocol': 'proto' };

/**
 * What a script compares: variables, and the function `compare`, which is called when the status, who answered, who got
 * a copy and how often it was asked have been looked at.
 * @param backend where the Deployment is that a case calls so
 */
export function wantedLines(
  expected: Expected,
  request: Request,
  backend: (called: string) => string,
): string[] {
  if ('refused' in expected) return variables({ refusal: 'yes' }, []);
  const { status, backend: called, times, mirrored } = expected;
  const of = called === null ? 'none' : backend(called);
  return variables(
    {
      status: [status].flat().join(' '),
      backend: times === undefined ? of : 'any',
      ...(times !== undefined && { times: times === 'at least once' ? '[1-9][0-9]*' : String(times) }),
      ...(mirrored && {
        copies: mirrored.map(backend).toSorted().join(' '),
      }),
    },
    comparisons(expected, request),
    of,
  );
}

interface Variables {
  refusal?: string;
  status?: string;
  backend?: string;
  /** How often it is asked, for grep -E. */
  times?: string;
  /** The backends that get one, in order. */
  copies?: string;
}

function variables(
  { refusal = '', status = '', backend = 'none', times = '', copies = 'any' }: Variables,
  compared: string[],
  timesOf = 'none',
): string[] {
  const all = { refusal, status, backend, times, copies };
  return [
    ...Object.entries(all).map(([name, value]) => `wanted_${name}=${shellWord(value)}`),
    `times_of=${shellWord(timesOf)}`,
    compareFunction(compared),
  ];
}

/** The function `compare` of a script. */
export const compareFunction = (compared: string[]): string =>
  ['compare() {', ...compared.map((line) => `  ${line} || true`), '  :', '}'].join('\n');

function comparisons(
  { seen, headers, body, location, tls }: Answered,
  { method, host, tls: asked }: Request,
): string[] {
  const lines = [
    ...Object.entries(headers ?? {}).map(([name, value]) =>
      differs(`returned ${name}`, `$(returned ${shellWord(name)})`, value, name),
    ),
    ...Object.entries(seen ?? {}).map(([name, value]) =>
      differs(`${name}, as the backend saw it`, seenBy(name), value, name),
    ),
  ];
  // of a HEAD curl takes none, and says so
  if (body !== undefined && method !== 'HEAD') lines.push(bodyLine(body));
  if (location !== undefined) {
    const base = `${asked ? 'https' : 'http'}://${host ?? ''}`;
    const came = `$(absolute "$(returned location)" ${shellWord(base)})`;
    lines.push(differs('location', came, new URL(location).href));
  }
  if (tls?.version !== undefined)
    lines.push(
      differs(
        'TLS version',
        `$(sed -n 's/^\\* SSL connection using \\(TLSv[0-9.]*\\).*/\\1/p' "$work/$n.said")`,
        tls.version,
      ),
    );
  if (tls?.certificate !== undefined) {
    const { certificate } = tls;
    // the script names it by its Secret, whatever namespace that is in
    const name = typeof certificate === 'string' ? certificate.replace(/^.*\//, '') : certificate;
    lines.push(differs('certificate', `$(sed -n 's/^\\*  subject: .*CN *= *//p' "$work/$n.said")`, name));
  }
  return lines;
}

const seenBy = (name: string): string =>
  name === ':body' ? '$(counted "$(seen data)")' : `$(seen ${shellWord(told[name] ?? name)})`;

function bodyLine(body: number | string): string {
  if (typeof body === 'number')
    return differs('body', '$(counted "$(cat "$work/$n.body")")', lettersLine(body));
  // a byte more than is wanted tells that there is more
  const came = `$(head -c ${Buffer.byteLength(body) + 1} "$work/$n.body")`;
  return differs('body', came, body === '' ? null : body);
}

/** A line that compares what came, a word of a shell within double quotes, with what was wanted. */
export function differs(
  what: string,
  came: string,
  value: string | RegExp | string[] | null,
  header = '',
): string {
  const words = ['differs', shellWord(what), `"${came}"`];
  if (value === null) return [...words, 'absent', "''"].join(' ');
  if (isSecretHeader(header)) return [...words, 'equals', `"${fromEnvironment('WANTED', header)}"`].join(' ');
  if (value instanceof RegExp) return [...words, 'matches', shellWord(posix(value))].join(' ');
  const text = shellWord([value].flat().join(', '));
  return [...words, 'equals', text.replaceAll('{uuid}', `'"\${tokens[n]}"'`)].join(' ');
}

/** As grep -E takes it. */
const posix = ({ source }: RegExp): string =>
  source.replaceAll('(?:', '(').replaceAll(String.raw`\d`, '[0-9]').replaceAll(String.raw`\/`, '/');
