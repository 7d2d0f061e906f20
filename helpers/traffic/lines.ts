import type { IncomingHttpHeaders } from 'node:http';

/**
 * What stands between several values of one header: a line for each means the same as all in one, but for Set-Cookie.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.3
 */
export const between = (name: string): string => (name === 'set-cookie' ? ' | ' : ', ');

/** Headers by lower-case name, each in one text. */
export const joinedHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(between(name))]),
  );

/** The values of a header in such a text. */
export const valuesIn = (name: string, text: string): string[] =>
  text.split(name === 'set-cookie' ? between(name) : / *, */);
