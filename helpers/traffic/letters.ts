const alphabet = 'abcdefghijklmnopqrstuvwxyz';

/**
 * So many letters of the alphabet, over and over, as httpbin's /range/N gives them. Every length is told by its text, and
 * what is cut out, doubled or changed in the middle shows: 26 is no power of two, as the sizes of buffers are.
 */
export const letters = (count: number): string =>
  alphabet.repeat(Math.ceil(count / alphabet.length)).slice(0, count);

/** `262144 letters`, `1 letter` */
export const lettersLine = (count: number): string => counted(count, 'letter');

/** `262144 bytes`, `1 byte` */
export const bytesLine = (body: string): string => counted(Buffer.byteLength(body), 'byte');

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** A body in a few words, however long it is: `262144 letters`, or how long it is and where it first is not those. */
export function bodyLine(body: string): string {
  if (body === letters(body.length)) return lettersLine(body.length);
  return `${bytesLine(body)}, not the letters that were sent: ${differenceLine(letters(body.length), body)}`;
}

/** Where a text first differs from what it has to be: `byte 3 is "x" and not "d"`. */
export function differenceLine(wanted: string, got: string): string {
  const at = firstDifference(wanted, got);
  const [due, came] = [wanted, got].map((text) => text[at] && JSON.stringify(text[at]));
  if (due === undefined) return `byte ${at}, ${came}, is one too many`;
  return came === undefined ? `byte ${at}, ${due}, is missing` : `byte ${at} is ${came} and not ${due}`;
}

function firstDifference(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  for (let at = 0; at < shorter; at += 1) if (one[at] !== other[at]) return at;
  return shorter;
}
