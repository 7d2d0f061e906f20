// oxlint-disable-next-line import/no-unassigned-import -- it gives Reflect what the library keeps its types in
import 'reflect-metadata';
import { randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { Pair } from './pair.ts';

export type KeyType = 'ecdsa' | 'rsa';

/** What a certificate is made for. */
export interface Wanted {
  /** Common name of its subject, for people: nothing is decided by it. */
  name: string;
  use: 'server' | 'client';
  /** DNS names, IPs and URIs that it is for. */
  hosts?: string[];
  /** Default: ecdsa. */
  key?: KeyType | undefined;
  /** Whether its time is over; else it lasts for a day. */
  expired?: boolean | undefined;
}

const algorithms = {
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2_048,
  },
};
const purposes = { server: ExtendedKeyUsage.serverAuth, client: ExtendedKeyUsage.clientAuth };

const ofAuthority = [
  new BasicConstraintsExtension(true, undefined, true),
  new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
];

const hour = 3_600_000;
const day = 24 * hour;

/** A certificate authority that lives in this process's memory, and nowhere else. */
export class Authority {
  readonly #certificate: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  /** What leads from it to the root, PEM: comes with all that it signs. */
  readonly #chain: string;

  private constructor(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair, chain = '') {
    this.#certificate = certificate;
    this.#keys = keys;
    this.#chain = chain;
  }

  /** Makes a root authority with a key of its own; it lasts for a day. */
  static async make(name: string): Promise<Authority> {
    const keys = await newKeys('ecdsa');
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      serialNumber: serial(),
      // what it signs may have expired, and must not be older than it is
      notBefore: new Date(Date.now() - 3 * day),
      notAfter: new Date(Date.now() + day),
      signingAlgorithm: algorithms.ecdsa,
      keys,
      extensions: ofAuthority,
    });
    return new Authority(certificate, keys);
  }

  /** Makes one that this one has signed, as those have who sell certificates: what it signs comes with its own. */
  async intermediate(name: string): Promise<Authority> {
    const keys = await newKeys('ecdsa');
    const { notBefore, notAfter } = this.#certificate;
    const certificate = await this.#sign(name, keys, ofAuthority, [notBefore, notAfter]);
    return new Authority(certificate, keys, `\n${certificate.toString('pem')}${this.#chain}`);
  }

  /** Its own certificate, PEM: for those who are to trust it. */
  get certificate(): string {
    return this.#certificate.toString('pem');
  }

  /** Signs a certificate for a new key. */
  async issue({ name, use, hosts = [], key = 'ecdsa', expired = false }: Wanted): Promise<Pair> {
    const keys = await newKeys(key);
    const extensions: Extension[] = [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([purposes[use]]),
    ];
    if (hosts.length > 0) {
      extensions.push(
        new SubjectAlternativeNameExtension(hosts.map((value) => ({ type: nameType(value), value }))),
      );
    }
    const certificate = await this.#sign(name, keys, extensions, [
      // an hour ago: the gateway's clock may be behind
      new Date(Date.now() - (expired ? 2 * day : hour)),
      new Date(Date.now() + (expired ? -day : day)),
    ]);
    return new Pair(
      certificate.toString('pem') + this.#chain,
      PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY'),
    );
  }

  #sign(
    name: string,
    keys: webcrypto.CryptoKeyPair,
    extensions: Extension[],
    [notBefore, notAfter]: [Date, Date],
  ): Promise<X509Certificate> {
    return X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer: this.#certificate.subject,
      serialNumber: serial(),
      notBefore,
      notAfter,
      signingAlgorithm: algorithms.ecdsa,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions,
    });
  }
}

function nameType(host: string): 'ip' | 'url' | 'dns' {
  if (isIP(host)) return 'ip';
  return host.includes('://') ? 'url' : 'dns';
}

const newKeys = (type: KeyType): Promise<webcrypto.CryptoKeyPair> =>
  crypto.subtle.generateKey(algorithms[type], true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;

/** Positive, and so short that it stays so in DER (RFC 5280 allows 20 octets). */
const serial = (): string => `01${randomBytes(15).toString('hex')}`;
