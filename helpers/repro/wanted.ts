import { shellWord } from '../../cluster/preflight/connection.ts';
import { isSecretHeader } from '../../reports/secrets.ts';
import type { Answered, Expected } from '../traffic/exchange.ts';
import type { Request } from '../traffic/request.ts';
import { fromEnvironment } from './withheld.ts';

/** Fields by which the echo backend tells what is no header. */
const told: Record<string, string> = { ':path': 'path', ':method': 'method', ':protocol': 'proto' };

/**
 * What a script compares: variables, and the function `compare`, which is called when the status and who answered have
 * been looked at.
 * @param backend where the Deployment is that a case calls so
 */
export function wantedLines(
  expected: Expected,
  request: Request,
  backend: (called: string) => string,
): string[] {
  if ('refused' in expected)
    return ["wanted_refusal='yes'", "wanted_status=''", 'wanted_backend=none', 'compare() { :; }'];
  const { status, backend: called, times } = expected;
  const by = times === undefined ? (called === null ? 'none' : backend(called)) : 'any';
  const lines = comparisons(expected, request).map((line) => `  ${line} || true`);
  return [
    "wanted_refusal=''",
    `wanted_status=${shellWord([status].flat().join(' '))}`,
    `wanted_backend=${shellWord(by)}`,
    ['compare() {', ...lines, '  :', '}'].join('\n'),
  ];
}

function comparisons({ seen, headers, location, tls }: Answered, { host, tls: asked }: Request): string[] {
  const lines = [
    ...Object.entries(headers ?? {}).map(([name, value]) =>
      differs(`returned ${name}`, `$(returned ${shellWord(name)})`, value, name),
    ),
    ...Object.entries(seen ?? {}).map(([name, value]) =>
      differs(`${name}, as the backend saw it`, `$(seen ${shellWord(told[name] ?? name)})`, value, name),
    ),
  ];
  if (location !== undefined) {
    const base = `${asked ? 'https' : 'http'}://${host ?? ''}`;
    const came = `$(absolute "$(returned location)" ${shellWord(base)})`;
    lines.push(differs('location', came, new URL(location).href));
  }
  if (tls?.version !== undefined)
    lines.push(
      differs(
        'TLS version',
        `$(sed -n 's/^\\* SSL connection using \\(TLSv[0-9.]*\\).*/\\1/p' "$work/said")`,
        tls.version,
      ),
    );
  if (tls?.certificate !== undefined)
    lines.push(
      differs('certificate', `$(sed -n 's/^\\*  subject: .*CN *= *//p' "$work/said")`, tls.certificate),
    );
  return lines;
}

function differs(what: string, came: string, value: string | RegExp | string[] | null, header = ''): string {
  const words = ['differs', shellWord(what), `"${came}"`];
  if (value === null) return [...words, 'absent', "''"].join(' ');
  if (isSecretHeader(header)) return [...words, 'equals', `"${fromEnvironment('WANTED', header)}"`].join(' ');
  if (value instanceof RegExp) return [...words, 'matches', shellWord(posix(value))].join(' ');
  return [...words, 'equals', shellWord([value].flat().join(', '))].join(' ');
}

/** As grep -E takes it. */
const posix = ({ source }: RegExp): string =>
  source.replaceAll('(?:', '(').replaceAll(String.raw`\d`, '[0-9]').replaceAll(String.raw`\/`, '/');
