import { expect, test } from 'vitest';
import { parseManifests } from '../kube/manifests.ts';
import { Certificates } from '../tls/certificates.ts';
import { echoedHeaders } from './sighting.ts';

const answer = (body: unknown, type = 'application/json') => ({
  status: 200,
  headers: { 'content-type': type },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

test("the echo backend's headers have its values in one line, and what it tells beside them", () => {
  const echo = {
    path: '/x?y=1',
    host: 'a.example',
    method: 'PUT',
    proto: 'HTTP/1.1',
    headers: { 'X-One': ['1'], 'X-Two': ['2', '3'] },
    pod: 'echo-1',
  };
  expect(echoedHeaders(answer(echo))).toEqual({
    'x-one': '1',
    'x-two': '2, 3',
    host: 'a.example',
    ':method': 'PUT',
    ':path': '/x?y=1',
    ':protocol': 'HTTP/1.1',
  });
});

test("httpbin's headers are all that it tells", () => {
  expect(echoedHeaders(answer({ headers: { Host: 'a.example', 'X-One': '1' } }))).toEqual({
    host: 'a.example',
    'x-one': '1',
  });
});

test("httpbin's /anything tells the body of the request, in a few words", () => {
  expect(echoedHeaders(answer({ headers: {}, data: 'abc' }))).toEqual({ ':body': '3 letters' });
  expect(echoedHeaders(answer({ headers: {}, data: '' }))).toEqual({ ':body': '0 letters' });
  expect(echoedHeaders(answer({ headers: {}, data: 'bc' }))?.[':body']).toMatch(/^2 bytes, not .* byte 0/);
});

test.for([
  ['of another type', answer({ headers: {} }, 'text/html')],
  ['that is no JSON', answer('{')],
  ['that is null', answer(null)],
  ['without headers', answer({ path: '/' })],
  ['whose headers are none', answer({ headers: 'none' })],
] as const)('a body %s is no echo', ([, body]) => {
  expect(echoedHeaders(body)).toBeUndefined();
});

test('over TLS it tells version and SNI, and what certificate it was shown, as the case calls it', async () => {
  const certificates = new Certificates();
  const [manifest] = parseManifests(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'client',
        annotations: { 'ingress-conformance/certificate': 'trusted', 'ingress-conformance/use': 'client' },
      },
      data: { 'tls.crt': '', 'tls.key': '' },
    }),
    'fixtures/x.yaml',
  );
  if (!manifest) throw new Error('no manifest');
  const { data } = await certificates.fill(manifest, 'client');
  const shown = Buffer.from((data as Record<string, string>)['tls.crt'] ?? '', 'base64').toString();
  const tls = { version: 'TLSv1.3', serverName: 'b.example' };
  const echo = { headers: {}, host: 'a.example' };
  const overTls = { host: 'a.example', ':tls': 'TLSv1.3', ':server-name': 'b.example' };

  expect(echoedHeaders(answer({ ...echo, tls }), certificates)).toEqual(overTls);
  expect(
    echoedHeaders(answer({ ...echo, tls: { ...tls, peerCertificates: [shown] } }), certificates),
  ).toEqual({
    ...overTls,
    ':client-certificate': 'client',
  });
  expect(echoedHeaders(answer({ ...echo, tls: { ...tls, peerCertificates: [shown] } }))).toEqual({
    ...overTls,
    ':client-certificate': 'unknown: CN=client',
  });
});
