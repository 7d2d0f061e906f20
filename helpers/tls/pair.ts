import { X509Certificate } from 'node:crypto';

/** A certificate with its key, which no print-out of the object shows. */
export class Pair {
  /** PEM; one that an intermediate authority has signed is followed by that authority's. */
  readonly certificate: string;
  readonly #key: string;

  /** @param key PEM, PKCS #8 */
  constructor(certificate: string, key: string) {
    this.certificate = certificate;
    this.#key = key;
  }

  /** PEM, PKCS #8: for the handshake, and for the cluster's Secret. */
  get key(): string {
    return this.#key;
  }

  /** Without the certificates of authorities; itself where there are none. */
  get alone(): Pair {
    const [own = '', ...others] = this.certificate.split(/(?<=-----END CERTIFICATE-----)\s*/).filter(Boolean);
    return others.length === 0 ? this : new Pair(own, this.#key);
  }

  /** SHA-256 of the certificate, as node's TLS sockets say it. */
  get fingerprint(): string {
    return new X509Certificate(this.certificate).fingerprint256;
  }
}
