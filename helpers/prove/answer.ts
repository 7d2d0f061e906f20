import { alteredBytes } from './body.ts';
import type { TrafficDoes } from './catalogue.ts';

/** An answer as it goes over the wire: names and values of its headers in turn, as node has them. */
export interface RawAnswer {
  status: number;
  headers: [name: string, value: string][];
  body: Buffer;
}

/** The answer as a saboteur gives it; the same object where the fault finds nothing in it to change. */
export function alteredAnswer(answer: RawAnswer, does: TrafficDoes): RawAnswer {
  const { setHeader, dropHeader, repeatHeader, reverseHeader, joinHeader, status } = does;
  let altered = answer;
  const change = (changed: Partial<RawAnswer>): void => {
    altered = { ...altered, ...changed };
  };
  if (status !== undefined) change({ status });
  for (const [name, value] of Object.entries(setHeader ?? {}))
    change({ headers: [...without(altered.headers, name), [name, value]] });
  if (dropHeader !== undefined && valuesOf(altered.headers, dropHeader).length > 0)
    change({ headers: without(altered.headers, dropHeader) });
  if (repeatHeader !== undefined) {
    const again = valuesOf(altered.headers, repeatHeader);
    if (again.length > 0) change({ headers: [...altered.headers, ...lines(repeatHeader, again)] });
  }
  if (reverseHeader !== undefined) {
    const values = valuesOf(altered.headers, reverseHeader);
    if (values.length > 1)
      change({
        headers: [...without(altered.headers, reverseHeader), ...lines(reverseHeader, values.toReversed())],
      });
  }
  if (joinHeader !== undefined) {
    const values = valuesOf(altered.headers, joinHeader);
    if (values.length > 1)
      change({ headers: [...without(altered.headers, joinHeader), [joinHeader, values.join(', ')]] });
  }
  const body = alteredBody(altered, does);
  if (body) change({ body, headers: withLength(altered.headers, body) });
  return altered;
}

/** The headers for a body of another length. */
export const withLength = (headers: RawAnswer['headers'], { length }: Buffer): RawAnswer['headers'] =>
  valuesOf(headers, 'content-length').length === 0
    ? headers
    : [...without(headers, 'content-length'), ['content-length', String(length)]];

const without = (headers: RawAnswer['headers'], name: string): RawAnswer['headers'] =>
  headers.filter(([each]) => each.toLowerCase() !== name);

/** Of all lines, those that have several in one told apart. */
const valuesOf = (headers: RawAnswer['headers'], name: string): string[] =>
  headers.filter(([each]) => each.toLowerCase() === name).flatMap(([, value]) => value.split(/ *, */));

const lines = (name: string, values: string[]): RawAnswer['headers'] => values.map((value) => [name, value]);

/** As the echo backend and httpbin tell what they saw. */
interface Echo {
  pod?: string;
  host?: string;
  method?: string;
  path?: string;
  proto?: string;
  headers?: Record<string, string | string[]>;
  tls?: Record<string, unknown>;
}

/** What an echo tells apart from the headers, by the names that rows call it by. */
const apart = { host: 'host', ':method': 'method', ':path': 'path', ':protocol': 'proto' } as const;
const ofTls: Record<string, string> = { ':tls': 'version', ':server-name': 'serverName' };

/** undefined where there is nothing to change. */
function alteredBody({ headers: sent, body }: RawAnswer, does: TrafficDoes): Buffer | undefined {
  const { answered, pod, setSeen, dropSeen, reverseSeen } = does;
  if (answered !== undefined && answered !== 'added') {
    const other = alteredBytes(body, answered);
    return other === body ? undefined : other;
  }
  if (pod === undefined && !setSeen && dropSeen === undefined && reverseSeen === undefined) return undefined;
  // only such a body is taken for an echo
  if (!valuesOf(sent, 'content-type').some((type) => type.includes('json'))) return undefined;
  const echo = echoIn(body);
  if (!echo) return undefined;
  let changed = false;
  if (pod !== undefined && echo.pod !== undefined) {
    echo.pod = pod;
    changed = true;
  }
  const { headers } = echo;
  if (headers && (setSeen || dropSeen !== undefined || reverseSeen !== undefined)) {
    for (const [name, value] of Object.entries(setSeen ?? {})) changed = setIn(echo, name, value);
    if (dropSeen !== undefined) changed = dropIn(echo, dropSeen);
    if (reverseSeen !== undefined) {
      const key = keyOf(headers, reverseSeen);
      const values = [headers[key] ?? []].flat().flatMap((value) => value.split(/ *, */));
      changed = values.length > 1;
      if (changed) headers[key] = values.toReversed();
    }
  }
  return changed ? Buffer.from(JSON.stringify(echo)) : undefined;
}

function echoIn(body: Buffer): Echo | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Echo) : undefined;
  } catch {
    return undefined;
  }
}

const keyOf = (headers: object, name: string): string =>
  Object.keys(headers).find((key) => key.toLowerCase() === name) ?? name;

function setIn(echo: Echo, name: string, value: string): boolean {
  if (name === ':client-certificate') return false;
  const field = ofTls[name];
  if (field !== undefined) echo.tls = { version: '', serverName: '', ...echo.tls, [field]: value };
  else if (name in apart && echo[apart[name as keyof typeof apart]] !== undefined)
    echo[apart[name as keyof typeof apart]] = value;
  else Object.assign(echo.headers ?? {}, { [keyOf(echo.headers ?? {}, name)]: value });
  return true;
}

function dropIn(echo: Echo, name: string): boolean {
  const { headers = {} } = echo;
  if (name === ':client-certificate') {
    if (!echo.tls?.peerCertificates) return false;
    delete echo.tls.peerCertificates;
    return true;
  }
  if (name in ofTls) {
    delete echo.tls;
    return true;
  }
  const key = keyOf(headers, name);
  const told = name in apart ? apart[name as keyof typeof apart] : undefined;
  const there = headers[key] !== undefined || (told !== undefined && echo[told] !== undefined);
  delete headers[key];
  if (told !== undefined) delete echo[told];
  return there;
}
