import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parseManifests } from '../kube/manifests.ts';
import type { Fixtures } from '../setup/setup.ts';
import type { Expected } from '../traffic/exchange.ts';
import type { Request } from '../traffic/request.ts';
import { reproScript, rerunScript } from './script.ts';

const marker = 'mArKeR-77b1';

const fixtures: Fixtures = {
  manifests: parseManifests(
    `
apiVersion: v1
kind: Namespace
metadata: { name: it-shop, labels: { ingress-conformance/run: r1 } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: it-shop }
spec:
  rules:
  - filters:
    - requestHeaderModifier: { set: [{ name: Authorization, value: Bearer ${marker} }] }
---
apiVersion: v1
kind: Secret
metadata:
  name: shop
  namespace: it-shop
  annotations:
    ingress-conformance/certificate: trusted
    ingress-conformance/hosts: shop.example.com
type: kubernetes.io/tls
data: { tls.crt: "", tls.key: "" }
---
apiVersion: v1
kind: Secret
metadata: { name: planted, namespace: it-shop }
stringData: { anything: ${marker}, tls.crt: no certificate }
data: { other: ${Buffer.from(marker).toString('base64')} }
---
apiVersion: v1
kind: Service
metadata: { name: it's, namespace: it-shop }
`,
    'sample.yaml',
  ),
  backends: [{ called: 'httpbin', at: 'it-shop/httpbin' }],
  deployments: [{ namespace: 'it-shop', name: 'httpbin' }],
};

const to = {
  addressOf: {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    namespace: 'it-shop',
    name: 'web',
  },
  port: 80,
};

const scriptOf = (request: Request, expected: Expected): Promise<string> =>
  reproScript('area/file/case', 'test', fixtures, { request, expected, got: '404', to });

const secret: Request = {
  host: 'shop.example.com',
  path: "/it's?{uuid}",
  headers: { authorization: `Bearer ${marker}`, cookie: `session=${marker}`, 'x-a': '$HOME' },
  tls: { serverName: 'shop.example.com', clientCertificate: 'expired' },
};
const seesIt: Expected = {
  status: 200,
  backend: 'httpbin',
  seen: { authorization: `Bearer ${marker}` },
  headers: { 'set-cookie': `session=${marker}`, 'x-b': /^\d+$/ },
};

test('has no credential in it, and says where one is missing', async () => {
  const script = await scriptOf(secret, seesIt);
  expect(script).not.toContain(marker);
  expect(script).not.toContain(Buffer.from(marker).toString('base64'));
  expect(script).toContain('# "withheld" stands for a credential');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
  expect(script).toContain('"authorization: ${HEADER_AUTHORIZATION:?');
});

test('applies what others stand on first, with certificates made anew and without the label of the run', async () => {
  const script = await scriptOf(secret, seesIt);
  const order = ['own namespace/it-shop', 'kind: Namespace', 'server valid shop shop.example.com'];
  const at = [...order, 'kind: Service', 'kind: HTTPRoute', '\ndecide\n'].map((text) => script.indexOf(text));
  expect(at.every((each) => each > 0)).toBe(true);
  expect(at).toEqual(at.toSorted((a, b) => a - b));
  expect(script).not.toContain('ingress-conformance/run');
});

test.for([
  scriptOf(secret, seesIt),
  scriptOf({ path: '/a' }, { refused: ['connection closed'], backend: null }),
  Promise.resolve(rerunScript('area/file/case', 'test', 'It cannot be asked')),
])('is a script that a shell can read (%#)', async (made) => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: await made, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

/** Runs what the script does when everything is applied, against a server that is one. */
async function decided(answer: RequestListener, request: Request, expected: Expected) {
  const server = createServer(answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const script = (await scriptOf(request, expected))
    .replace(/^own [^]*^port=80$/m, `backends=()\nat=127.0.0.1\nport=${port}`)
    .replace('readonly backends', 'backends')
    .replace('SECONDS + 30', 'SECONDS + 2');
  try {
    const { stdout } = await promisify(execFile)('bash', ['-c', script]);
    return { code: 0, stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, stdout };
  } finally {
    server.close();
  }
}

const asked = { host: 'shop.example.com', path: '/a/../b?x=[1]', method: 'PUT' };
const redirected: Expected = { status: 302, backend: null, location: 'http://shop.example.com/new' };

test('ends with 0 when the answer is as wanted', async () => {
  const requests: string[] = [];
  const { code, stdout } = await decided(
    ({ method, url, headers }, response) => {
      requests.push(`${method} ${headers.host} ${url}`);
      response.writeHead(302, { location: '/new' }).end();
    },
    asked,
    redirected,
  );
  expect(requests).toEqual(Array(3).fill('PUT shop.example.com /a/../b?x=[1]'));
  expect(stdout).toContain('three times in a row, after 3 tries\nas wanted\n');
  expect(code).toBe(0);
});

test.for<[string, RequestListener, Expected, RegExp]>([
  [
    'another place',
    (_, response) => response.writeHead(302, { location: 'http://other.example/' }).end(),
    redirected,
    /got: {4}302 from none; location: http:\/\/other\.example\/ \(wanted: equals http:\/\/shop\.example\.com\/new\)/,
  ],
  ['another status', (_, response) => response.writeHead(404).end(), redirected, /; status: 404/],
  [
    'another header',
    (_, response) => response.writeHead(200, { 'x-b': 'ten' }).end(),
    { status: 200, backend: null, headers: { 'x-b': /^\d+$/ } },
    /returned x-b: ten \(wanted: matches \^\[0-9\]\+\$\)/,
  ],
  [
    'another backend, with other headers',
    (_, response) =>
      response
        .writeHead(200)
        .end(
          JSON.stringify(
            { pod: 'echo-5d7-x2', namespace: 'it', headers: { 'X-A': ['1', '2'] } },
            undefined,
            1,
          ),
        ),
    { status: 200, backend: 'httpbin', seen: { 'x-a': ['1', '3'] } },
    /200 from it\/echo; answered by: it\/echo \(wanted: it-shop\/httpbin\); x-a, as the backend saw it: 1, 2 \(wanted: equals 1, 3\)/,
  ],
  [
    'an answer where it had to be refused',
    (_, response) => response.writeHead(200).end(),
    { refused: ['connection closed'], backend: null },
    /got: {4}200, after/,
  ],
  ['no answer', (message) => message.socket.destroy(), redirected, /no answer: curl ended with 52/],
])('ends with 1 on %s, and says what', async ([, answer, expected, said]) => {
  const { code, stdout } = await decided(answer, asked, expected);
  expect(stdout).toMatch(said);
  expect(stdout).toMatch(/not as wanted; the run got: 404\n$/);
  expect(code).toBe(1);
});

test('ends with 0 when it is refused as wanted', async () => {
  const refused: Expected = { refused: ['connection closed'], backend: null };
  const { code } = await decided((message) => message.socket.destroy(), asked, refused);
  expect(code).toBe(0);
});
