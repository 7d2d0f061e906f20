import { Problem } from '../../cluster/problem.ts';
import type { Manifest } from '../kube/manifests.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { Authority, KeyType, Wanted } from './authority.ts';
import type { Pair } from './pair.ts';

/** Annotation of a fixture's Secret or ConfigMap: who signs what its empty fields are filled with, and how. */
const CERTIFICATE_ANNOTATION = 'ingress-conformance/certificate';
/** The names, IPs and URIs that its `tls.crt` is for, with a comma between them. */
const HOSTS_ANNOTATION = 'ingress-conformance/hosts';
/** What its `tls.crt` is shown as: by a `server`, which it is when left out, or by a `client`, which needs no hosts. */
const USE_ANNOTATION = 'ingress-conformance/use';
/** `ecdsa` (P-256), which it is when left out, or `rsa` (2048). */
const KEY_ANNOTATION = 'ingress-conformance/key';

/** `intermediate`: the trusted one has signed it. */
type Signer = 'trusted' | 'untrusted' | 'intermediate';

/** Values of the annotation. */
const kinds: Record<string, { by: Signer; expired?: true }> = {
  trusted: { by: 'trusted' },
  chained: { by: 'intermediate' },
  untrusted: { by: 'untrusted' },
  expired: { by: 'trusted', expired: true },
};

/** Certificates that a client may show, and what is the matter with them. */
const clients = {
  trusted: { by: 'trusted' },
  'trusted-rsa': { by: 'trusted', key: 'rsa' },
  chained: { by: 'intermediate' },
  untrusted: { by: 'untrusted' },
  expired: { by: 'trusted', expired: true },
} as const satisfies Record<string, { by: Signer; key?: KeyType; expired?: true }>;

export type Client = keyof typeof clients;

/** Fields that are filled, where they are there and empty, as kubernetes.io/tls and Istio name them. */
const fields = ['tls.crt', 'tls.key', 'ca.crt'] as const;

/** How a certificate is made, for those who make it elsewhere. */
export interface CertificatePlan {
  by: Signer;
  key: KeyType;
  use: 'server' | 'client';
  expired: boolean;
  name: string;
  hosts: string[];
  /** Fields that are to be filled. */
  empty: string[];
  /** The others, as plain text. */
  kept: Record<string, string>;
}

/** How the empty fields of a manifest are filled; undefined where its annotation does not ask for it. */
export function certificatePlan(manifest: Manifest): CertificatePlan | undefined {
  const { kind, metadata, data } = manifest.object;
  const asked = kinds[metadata.annotations?.[CERTIFICATE_ANNOTATION] ?? ''];
  if (!asked) return undefined;
  const given = Object.entries((data ?? {}) as Record<string, string>);
  const empty = fields.filter((field) => given.some(([name, text]) => name === field && text === ''));
  const kept = given.filter(([, text]) => text !== '');
  const { use, hosts = [] } = empty.includes('tls.crt') ? useOf(manifest) : { use: 'server' as const };
  return {
    by: asked.by,
    key: keyOf(manifest),
    use,
    expired: asked.expired === true,
    name: metadata.name,
    hosts,
    empty,
    kept: Object.fromEntries(
      kept.map(([name, text]) => [
        name,
        kind === 'Secret' ? Buffer.from(text, 'base64').toString('latin1') : text,
      ]),
    ),
  };
}

/** How the certificate of that kind is made that clients show. */
export function clientPlan(client: Client): CertificatePlan {
  const { by, key = 'ecdsa', expired = false } = { key: undefined, expired: undefined, ...clients[client] };
  return { by, key, use: 'client', expired, name: `client ${client}`, hosts: [], empty: [], kept: {} };
}

/**
 * The certificates of one setup: an authority that its requests trust, one that they do not, what both have signed.
 * Made when they are first asked for. The keys are in this process's memory and in the cluster's Secrets only.
 */
export class Certificates {
  readonly #authorities = new Map<Signer, Promise<Authority>>();
  readonly #clients = new Map<Client, Promise<Pair>>();
  /** What Secret a certificate was put into, by its fingerprint. */
  readonly #secrets = new Map<string, string>();

  /** Certificate, PEM, of the authority that requests trust. */
  async authority(): Promise<string> {
    return (await this.#authority('trusted')).certificate;
  }

  /** The certificate of that kind that clients show; one for all requests. */
  client(kind: Client): Promise<Pair> {
    const found = this.#clients.get(kind) ?? this.#makeClient(kind);
    this.#clients.set(kind, found);
    return found;
  }

  /** A certificate for these names that is in no Secret: what a client must not take for one that is. */
  async server(hosts: string[], { by, expired }: { by: Signer; expired?: true }): Promise<Pair> {
    return (await this.#authority(by)).issue({ name: 'in no Secret', use: 'server', hosts, expired });
  }

  /**
   * What cases call a certificate: the Secret that it was put into, `shop (replaced)` when another one was put there
   * after it; undefined for a strange one.
   */
  nameOf(fingerprint: string): string | undefined {
    return this.#secrets.get(fingerprint);
  }

  /**
   * Fills the empty fields of a Secret or ConfigMap whose annotation asks for it, with a new certificate each time;
   * gives any other object as it is.
   * @param secret what cases call it
   * @throws Problem with file and line for an annotation that cannot be followed
   */
  async fill(manifest: Manifest, secret: string): Promise<KubeObject> {
    const { object } = manifest;
    const { annotations = {} } = object.metadata;
    const asked = annotations[CERTIFICATE_ANNOTATION];
    if (asked === undefined) return object;
    const kind = kinds[asked];
    if (!kind) throw misled(manifest, CERTIFICATE_ANNOTATION, asked, Object.keys(kinds).join(', '));
    const data = object.data as Record<string, string> | undefined;
    const empty = fields.filter((field) => data?.[field] === '');
    const authority = await this.#authority(kind.by);
    const filled: Record<string, string> = {};
    if (empty.includes('ca.crt')) filled['ca.crt'] = authority.certificate;
    if (empty.includes('tls.crt')) {
      const { certificate, key, fingerprint } = await authority.issue({
        name: secret,
        ...useOf(manifest),
        key: keyOf(manifest),
        expired: kind.expired,
      });
      for (const [known, name] of this.#secrets) {
        if (name === secret) this.#secrets.set(known, `${secret} (replaced)`);
      }
      this.#secrets.set(fingerprint, secret);
      Object.assign(filled, { 'tls.crt': certificate, 'tls.key': key });
    }
    const written = object.kind === 'Secret' ? inBase64(filled) : filled;
    return { ...object, data: { ...data, ...written } };
  }

  async #makeClient(kind: Client): Promise<Pair> {
    const { by, ...how } = { key: undefined, expired: undefined, ...clients[kind] };
    return (await this.#authority(by)).issue({ name: `client ${kind}`, use: 'client', ...how });
  }

  #authority(signer: Signer): Promise<Authority> {
    const found = this.#authorities.get(signer) ?? this.#makeAuthority(signer);
    this.#authorities.set(signer, found);
    return found;
  }

  async #makeAuthority(signer: Signer): Promise<Authority> {
    const name = `ingress-conformance ${signer} authority`;
    if (signer === 'intermediate') return (await this.#authority('trusted')).intermediate(name);
    // the library takes a tenth of a second to load: only who makes certificates waits for it
    const { Authority } = await import('./authority.ts');
    return Authority.make(name);
  }
}

function useOf(manifest: Manifest): Pick<Wanted, 'use' | 'hosts'> {
  const { [USE_ANNOTATION]: use = 'server', [HOSTS_ANNOTATION]: text = '' } =
    manifest.object.metadata.annotations ?? {};
  if (use !== 'server' && use !== 'client') throw misled(manifest, USE_ANNOTATION, use, 'server, client');
  if (use === 'client' && text === '') return { use };
  const hosts = text.split(',').map((host) => host.trim());
  if (hosts.every(Boolean)) return { use, hosts };
  throw misled(manifest, HOSTS_ANNOTATION, text, 'names, IPs and URIs with a comma between them');
}

function keyOf(manifest: Manifest): KeyType {
  const text = manifest.object.metadata.annotations?.[KEY_ANNOTATION] ?? 'ecdsa';
  if (text === 'ecdsa' || text === 'rsa') return text;
  throw misled(manifest, KEY_ANNOTATION, text, 'ecdsa, rsa');
}

const inBase64 = (data: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(data).map(([name, text]) => [name, Buffer.from(text).toString('base64')]),
  );

function misled({ object, file, line }: Manifest, annotation: string, got: string, takes: string): Problem {
  return new Problem({
    asked: `make the certificate of ${object.kind} ${object.metadata.name} (${file}:${line})`,
    got: `its annotation ${annotation} is "${got}"`,
    cause: `the annotation is missing or misspelt; it takes: ${takes}`,
    next: 'docs/writing-a-case.md, "Over TLS"',
  });
}
