/**
 * How a handshake is refused: the descriptions of TLS alerts by their number, with blanks between the words.
 * @see https://www.rfc-editor.org/rfc/rfc8446#section-6
 */
const alerts: Partial<Record<string, string>> = {
  0: 'close notify',
  10: 'unexpected message',
  20: 'bad record mac',
  22: 'record overflow',
  40: 'handshake failure',
  42: 'bad certificate',
  43: 'unsupported certificate',
  44: 'certificate revoked',
  45: 'certificate expired',
  46: 'certificate unknown',
  47: 'illegal parameter',
  48: 'unknown ca',
  49: 'access denied',
  50: 'decode error',
  51: 'decrypt error',
  70: 'protocol version',
  71: 'insufficient security',
  80: 'internal error',
  86: 'inappropriate fallback',
  90: 'user canceled',
  109: 'missing extension',
  110: 'unsupported extension',
  112: 'unrecognized name',
  113: 'bad certificate status response',
  115: 'unknown psk identity',
  116: 'certificate required',
  120: 'no application protocol',
};

/** The alert that an error of OpenSSL tells, by its description; undefined when it tells none. */
export function alertOf(message: string): string | undefined {
  const [, number] = /SSL alert number (\d+)/.exec(message) ?? [];
  return number === undefined ? undefined : (alerts[number] ?? `alert ${number}`);
}
