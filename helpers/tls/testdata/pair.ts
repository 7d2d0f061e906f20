import { parseManifests } from '../../kube/manifests.ts';
import type { KubeObject } from '../../kube/objects.ts';
import type { Certificates } from '../certificates.ts';

/** Certificate and key for localhost, as they are put into the Secret `shop`; node's servers take them. */
export async function serverPair(
  certificates: Certificates,
  kind: string,
): Promise<{ cert: string; key: string }> {
  const annotations = { 'ingress-conformance/certificate': kind, 'ingress-conformance/hosts': 'localhost' };
  const metadata = { name: 'shop', annotations };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: { 'tls.crt': '', 'tls.key': '' } };
  const [manifest] = parseManifests(JSON.stringify(secret), 'x.yaml');
  if (!manifest) throw new Error('no manifest');
  const { data } = (await certificates.fill(manifest, 'shop')) as typeof secret & KubeObject;
  const text = (field: keyof typeof data): string => Buffer.from(data[field], 'base64').toString();
  return { cert: text('tls.crt'), key: text('tls.key') };
}
