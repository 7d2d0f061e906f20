import { createPrivateKey, X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Problem } from '../../cluster/problem.ts';
import { parseManifests } from '../kube/manifests.ts';
import type { KubeObject } from '../kube/objects.ts';
import { Certificates, type Client } from './certificates.ts';
import { Pair } from './pair.ts';

const secret = (annotations: Record<string, string>, fields = ['tls.crt', 'tls.key']): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'shop', annotations: prefixed(annotations) },
    type: 'kubernetes.io/tls',
    data: Object.fromEntries(fields.map((field) => [field, ''])),
  });

const prefixed = (annotations: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(annotations).map(([key, text]) => [`ingress-conformance/${key}`, text]));

const shop = { certificate: 'trusted', hosts: 'shop.example.com' };

async function filled(text: string, certificates = new Certificates()): Promise<Record<string, string>> {
  const [manifest] = parseManifests(text, 'fixtures/x.yaml');
  if (!manifest) throw new Error('no manifest');
  const { kind, data = {} } = (await certificates.fill(manifest, 'shop')) as KubeObject & { data?: object };
  const plain = Object.entries(data as Record<string, string>).map(([field, value]) => [
    field,
    kind === 'Secret' ? Buffer.from(value, 'base64').toString() : value,
  ]);
  return Object.fromEntries(plain);
}

describe('a Secret is filled', () => {
  test.for([
    ['ecdsa', 'ec'],
    ['rsa', 'rsa'],
  ] as const)('with a certificate and its %s key, for the hosts it names', async ([key, type]) => {
    const certificates = new Certificates();
    const hosts = 'shop.example.com, *.example.org, 192.0.2.1, spiffe://example.com/shop';
    const data = await filled(secret({ ...shop, hosts, key }), certificates);
    const certificate = new X509Certificate(data['tls.crt'] ?? '');
    const authority = new X509Certificate(await certificates.authority());
    expect(certificate.subjectAltName).toBe(
      'DNS:shop.example.com, DNS:*.example.org, IP Address:192.0.2.1, URI:spiffe://example.com/shop',
    );
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(certificate.checkPrivateKey(createPrivateKey(data['tls.key'] ?? ''))).toBe(true);
    expect(certificate.publicKey.asymmetricKeyType).toBe(type);
    expect(certificate.checkIssued(authority) && certificate.verify(authority.publicKey)).toBe(true);
    expect(authority.ca).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.validFromDate < new Date() && new Date() < certificate.validToDate).toBe(true);
  });

  test('with one that a client shows, which needs no hosts', async () => {
    const data = await filled(secret({ certificate: 'trusted', use: 'client' }));
    const { keyUsage, subjectAltName } = new X509Certificate(data['tls.crt'] ?? '');
    expect(keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(subjectAltName).toBeUndefined();
  });

  test('with one whose time is over', async () => {
    const data = await filled(secret({ ...shop, certificate: 'expired' }));
    const { validToDate, validFromDate } = new X509Certificate(data['tls.crt'] ?? '');
    expect(validFromDate < validToDate && validToDate < new Date()).toBe(true);
  });

  test('with one of an authority that is not trusted', async () => {
    const certificates = new Certificates();
    const data = await filled(secret({ ...shop, certificate: 'untrusted' }), certificates);
    const trusted = new X509Certificate(await certificates.authority());
    expect(new X509Certificate(data['tls.crt'] ?? '').checkIssued(trusted)).toBe(false);
  });

  test('with one of an intermediate authority, whose own comes after it', async () => {
    const certificates = new Certificates();
    const data = await filled(secret({ ...shop, certificate: 'chained' }), certificates);
    const pair = new Pair(data['tls.crt'] ?? '', data['tls.key'] ?? '');
    const own = new X509Certificate(pair.alone.certificate);
    const between = new X509Certificate(pair.certificate.slice(pair.alone.certificate.length));
    const root = new X509Certificate(await certificates.authority());
    expect(own.checkIssued(between) && own.verify(between.publicKey)).toBe(true);
    expect(between.checkIssued(root) && between.verify(root.publicKey) && between.ca).toBe(true);
    expect(own.checkIssued(root)).toBe(false);
    expect(pair.fingerprint).toBe(own.fingerprint256);
    const { alone } = pair;
    expect(alone.alone).toBe(alone);
  });

  test('with the authority, where there is a field for it', async () => {
    const certificates = new Certificates();
    const data = await filled(secret(shop, ['tls.crt', 'tls.key', 'ca.crt']), certificates);
    expect(data['ca.crt']).toBe(await certificates.authority());
    expect(data['tls.crt']).toMatch(/BEGIN CERTIFICATE/);
  });

  test('in its empty fields only', async () => {
    await expect(filled(secret(shop).replace('"tls.crt":""', '"tls.crt":"b3du"'))).resolves.toEqual({
      'tls.crt': 'own',
      'tls.key': '',
    });
  });
});

test('a ConfigMap gets the authority in plain text, and needs no hosts', async () => {
  const certificates = new Certificates();
  const configMap = secret({ certificate: 'trusted' }, ['ca.crt']).replace('"Secret"', '"ConfigMap"');
  await expect(filled(configMap, certificates)).resolves.toEqual({
    'ca.crt': await certificates.authority(),
  });
});

test('what no annotation asks for stays as it is', async () => {
  await expect(filled(secret({}))).resolves.toEqual({ 'tls.crt': '', 'tls.key': '' });
});

test('a certificate is called by its Secret, until another one takes its place', async () => {
  const certificates = new Certificates();
  const print = async () =>
    new X509Certificate((await filled(secret(shop), certificates))['tls.crt'] ?? '').fingerprint256;
  const first = await print();
  expect(certificates.nameOf(first)).toBe('shop');
  const second = await print();
  expect(second).not.toBe(first);
  expect([first, second].map((each) => certificates.nameOf(each))).toEqual(['shop (replaced)', 'shop']);
  expect(certificates.nameOf('AA:BB')).toBeUndefined();
});

test.for<[Client, boolean, boolean, string]>([
  ['trusted', true, true, 'ec'],
  ['trusted-rsa', true, true, 'rsa'],
  ['untrusted', false, true, 'ec'],
  ['expired', true, false, 'ec'],
])('the client certificate that is %s', async ([kind, signed, lasts, type]) => {
  const certificates = new Certificates();
  const { certificate: text, key } = await certificates.client(kind);
  const certificate = new X509Certificate(text);
  const authority = new X509Certificate(await certificates.authority());
  expect(certificate.checkIssued(authority)).toBe(signed);
  expect(certificate.validToDate > new Date()).toBe(lasts);
  expect(certificate.publicKey.asymmetricKeyType).toBe(type);
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
});

test.for([
  [{ ...shop, certificate: 'trustet' }, 'ingress-conformance/certificate is "trustet"'],
  [{ certificate: 'trusted' }, 'ingress-conformance/hosts is ""'],
  [{ ...shop, use: 'both' }, 'ingress-conformance/use is "both"'],
  [{ ...shop, key: 'dsa' }, 'ingress-conformance/key is "dsa"'],
] as const)('refuses %o, with file and line', async ([annotations, said]) => {
  const refused = filled(secret(annotations));
  await expect(refused).rejects.toThrow(Problem);
  await expect(refused).rejects.toThrow(said);
  await expect(refused).rejects.toThrow('Secret shop (fixtures/x.yaml:1)');
});

test('no key shows in what holds it, however it is printed', async () => {
  const certificates = new Certificates();
  await filled(secret(shop), certificates);
  const client = await certificates.client('trusted');
  expect(client.key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  const [, secretPart = ''] = client.key.split('\n');
  const printed = [certificates, client].flatMap((holder) => [
    JSON.stringify(holder),
    inspect(holder, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: false }),
  ]);
  expect(printed.join('\n')).not.toContain('PRIVATE KEY');
  expect(printed.join('\n')).not.toContain(secretPart);
});
