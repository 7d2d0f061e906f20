/** Names of headers whose values let somebody in. */
const header = String.raw`(?:proxy-)?authorization|(?:set-)?cookie2?|x-api-key|x-(?:auth|amz-security|forwarded-access)-token`;
/** Names of parameters and fields whose values do. */
const field = String.raw`(?:access|id|refresh|auth|bearer|session)[_-]?token|client[_-]?secret|password|passwd|api[_-]?key|private[_-]?key`;
/** What ends a quoted text: a quote, with the backslashes before it of JSON within JSON. */
const quoted = String.raw`(?<q>\\*["'])(?:(?!\k<q>)(?:\\.|[^\\]))*(?:\k<q>|$)`;

const masks: [RegExp, string | ((...found: string[]) => string)][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '…'],
  // the same in base64, as a Secret has it
  [
    /LS0tLS1CRUdJTi[\w+/=]{8,}/g,
    (found) => (Buffer.from(found, 'base64').toString('latin1').includes('PRIVATE KEY') ? '…' : found),
  ],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '…'],
  // "authorization": "Bearer a", Cookie: ["a", "b"]
  [
    new RegExp(String.raw`\b(${header}|${field})(\\*["']?\s*[:=]\s*)${quoted}`, 'gis'),
    (_, name, between) => `${name}${between}"…"`,
  ],
  [new RegExp(String.raw`\b(${header}|${field})(\\*["']?\s*[:=]\s*)\[[^\]]*(\]|$)`, 'gi'), '$1$2["…"]'],
  // Authorization: Bearer a, x-other: b
  [
    new RegExp(
      String.raw`\b(${header})(\s*[:=]\s*)(?!…|withheld\b|\$\{|["'[\s\\])(?:="[^"\n]*"|[^\n])*?(?=, (?:no )?:?[\w-]+(?:: |[,)]|$)|\)(?:[\s,;]|$)|['"]|\\n|\n|$)`,
      'gim',
    ),
    '$1$2…',
  ],
  [new RegExp(String.raw`\b(${field})(=|:\s+)(?!…|withheld\b|["'[\s\\])[^\s&"',;)]+`, 'gi'), '$1$2…'],
  [/\b(bearer)\s+(?=[\w.~+/=-]*[\d._~+/=-])[\w.~+/=-]{8,}/gi, '$1 …'],
  [
    /\b(basic)\s+([\w+/]{4,}={0,2})/gi,
    (found, scheme = '', user = '') =>
      /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(user, 'base64').toString('latin1'))
        ? `${scheme} …`
        : found,
  ],
  // https://user:password@host
  [/(\b[a-z][a-z\d+.-]*:\/\/[^\s/:@"']*):[^\s/@"']+@/gi, '$1:…@'],
];

/** The text without what lets somebody in: values of headers, tokens, passwords, private keys. */
export const masked = (text: string): string =>
  masks.reduce((left, [pattern, instead]) => left.replace(pattern, instead as string), text);

/** Whether the value of the header lets somebody in. */
export const isSecretHeader = (name: string): boolean => isHeader.test(name);

const isHeader = new RegExp(`^(?:${header})$`, 'i');
const isField = new RegExp(`^(?:${field})$`, 'i');
/** Of an environment variable, whose names are anybody's own. */
const isVariable = /token|secret|passw|credential|api_?key|private_?key/i;
/** Where the value of a thing with a name stands, in objects and in Envoy's configuration. */
const isValue = /^(?:raw_?)?values?$|match$|^(?:exact|prefix|suffix|contains|regex)$/i;

/**
 * The value, with every text in it without what lets somebody in: reports are passed on. Fields that have the name of
 * such a header are masked whole, and so are the values of things that are called so (`name: authorization`).
 */
export const withoutSecrets = <T extends object>(value: T): T =>
  cleaned(JSON.parse(JSON.stringify(value))) as T;

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return masked(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cleaned);
  const fields = value as Record<string, unknown>;
  const called = fields.name ?? fields.key;
  const guarded =
    typeof called === 'string' &&
    (isHeader.test(called) || isField.test(called) || (isVariable.test(called) && 'value' in fields));
  return Object.fromEntries(
    Object.entries(fields).map(([name, one]) => {
      const hidden = isHeader.test(name) || isField.test(name) || (guarded && isValue.test(name));
      return [name, hidden ? blotted(one) : cleaned(one)];
    }),
  );
}

function blotted(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? value : '…';
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(blotted);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, blotted(one)]));
}
