import type { Client } from '../tls/certificates.ts';
import { type Expected, refused } from './exchange.ts';

/**
 * How a client is refused by somebody who asks for a certificate of an authority, by what it shows. RFC 8446 leaves the
 * choice between some of the alerts; in TLS 1.2 none says that a certificate is missing.
 * @see https://www.rfc-editor.org/rfc/rfc8446#section-6.2
 */
export const refusedClient = {
  none: refused('certificate required', 'handshake failure', 'bad certificate'),
  untrusted: refused('unknown ca', 'bad certificate', 'certificate unknown'),
  expired: refused('certificate expired', 'bad certificate', 'certificate unknown'),
} satisfies Partial<Record<Client | 'none', Expected>>;
