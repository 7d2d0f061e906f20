/** Values of headers that let somebody in, bearer tokens, private keys. */
const patterns: [RegExp, string][] = [
  [/\b((?:proxy-)?authorization|(?:set-)?cookie)(["']?\s*[:=]\s*)[^,)'"\n]+/gi, '$1$2…'],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '…'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '…'],
];

/** The value, with every text in it without what lets somebody in: reports are passed on. */
export const withoutSecrets = <T extends object>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, text: unknown) => (typeof text === 'string' ? masked(text) : text));

const masked = (text: string): string =>
  patterns.reduce((left, [pattern, instead]) => left.replaceAll(pattern, instead), text);
