import { expect, test } from 'vitest';
import { alertOf } from './refusal.ts';

test.for([
  [
    'error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:SSL alert number 116',
    'certificate required',
  ],
  [
    'write EPROTO error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:SSL alert number 40',
    'handshake failure',
  ],
  ['SSL alert number 200', 'alert 200'],
  ['read ECONNRESET', undefined],
])('%s', ([message = '', alert]) => {
  expect(alertOf(message)).toBe(alert);
});
