import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { shellWord } from '../../cluster/preflight/connection.ts';
import type { Ingress } from '../edge/edge.ts';
import type { Reported, StatusView } from '../gateway/views.ts';
import { parseManifests } from '../kube/manifests.ts';
import { direct } from '../reach/road.ts';
import type { Fixtures } from '../setup/setup.ts';
import type { Expected } from '../traffic/exchange.ts';
import { letters } from '../traffic/letters.ts';
import type { Request } from '../traffic/request.ts';
import { type Asking, shownOf } from './questions.ts';
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

const addressed = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  namespace: 'it-shop',
  name: 'web',
};

/** What a script needs to know of an ingress. */
const ingress = {
  edge: { addressed },
  port: 80,
  road: direct({ host: '10.0.0.1', port: 80 }),
} as unknown as Ingress;

const view = { ref: addressed, what: 'Gateway it-shop/web', part: { listener: 'http' } } as StatusView;

type Sayable = Exclude<Asking, { unsayable: string }>;

const script = (asking: Sayable): Promise<string> =>
  reproScript('area/file/case', 'test', fixtures, { ...shownOf(asking), got: '404' });
const scriptOf = (request: Request, expected: Expected): Promise<string> =>
  script({ ingress, request, expected });

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
  const text = await scriptOf(secret, seesIt);
  expect(text).not.toContain(marker);
  expect(text).not.toContain(Buffer.from(marker).toString('base64'));
  expect(text).toContain('# "withheld" stands for a credential');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
  expect(text).toContain('"authorization: ${HEADER_AUTHORIZATION:?');
});

test('applies what others stand on first, with certificates made anew and without the label of the run', async () => {
  const text = await scriptOf(secret, seesIt);
  const order = ['own namespace/it-shop', 'kind: Namespace', 'server valid shop shop.example.com'];
  const at = [...order, 'kind: Service', 'kind: HTTPRoute', '\ndecide\n'].map((part) => text.indexOf(part));
  expect(at.every((each) => each > 0)).toBe(true);
  expect(at).toEqual(at.toSorted((a, b) => a - b));
  expect(text).not.toContain('ingress-conformance/run');
});

test.for([
  scriptOf(secret, seesIt),
  script({ ingress, request: { path: '/a' }, expected: seesIt, times: 20 }),
  script({ ingress, request: { path: '/a' }, branches: [{ weight: 1, answer: seesIt }] }),
  script({ view, reported: { conditions: { Accepted: 'True' } }, wanted: 'Accepted: True' }),
  scriptOf({ path: '/a' }, { refused: ['connection closed'], backend: null }),
  Promise.resolve(rerunScript('area/file/case', 'test', 'It cannot be asked')),
])('is a script that a shell can read (%#)', async (made) => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: await made, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

/** Runs what the script does when everything is applied, against a server that is one. */
async function decided(answer: RequestListener, asking: Sayable, meddled = (text: string): string => text) {
  const server = createServer(answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const text = (await script(asking))
    .replace(/^own [^]*^port=80$/m, `backends=()\nat=127.0.0.1\nport=${port}`)
    .replace('readonly backends', 'backends')
    .replaceAll('SECONDS + 30', 'SECONDS + 2')
    .replace(/^split 400/m, 'split 40');
  try {
    const { stdout } = await promisify(execFile)('bash', ['-c', meddled(text)]);
    return { code: 0, stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
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
    { ingress, request: asked, expected: redirected },
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
  const { code, stdout } = await decided(answer, { ingress, request: asked, expected });
  expect(stdout).toMatch(said);
  expect(stdout).toMatch(/not as wanted; the run got: 404\n$/);
  expect(code).toBe(1);
});

const whole = letters(1000);

test.for<[string, string, string, string, RegExp]>([
  ['as wanted', whole, 'klm', '', /\nas wanted\n$/],
  [
    'cut on the way there',
    whole.slice(1),
    'klm',
    '',
    /; :body, as the backend saw it: 999 bytes, not the letters that were sent \(wanted: equals 1000 letters\)/,
  ],
  ['cut on the way back', whole, 'kl', '', /; body: kl \(wanted: equals klm\)/],
  ['that goes on', whole, 'klm', 'n', /; body: klmn \(wanted: equals klm\)/],
])('sends a body, and compares it and the one of the answer: %s', async ([, data, body, more, said]) => {
  const bodies: string[] = [];
  const request = { host: 'shop.example.com', path: '/a', method: 'PUT', body: 1000 };
  const seesBody: Expected = { status: 200, backend: null, seen: { ':body': '1000 letters' } };
  const returns: Expected = { status: 200, backend: null, body: 'klm' };
  const answer =
    (text: string): RequestListener =>
    async (message, response) => {
      const { 'content-type': type, expect: waits = 'no' } = message.headers;
      bodies.push(`${type}, ${waits}, ${await textOf(message)}`);
      response.writeHead(200).end(text);
    };
  const there = await decided(answer(JSON.stringify({ data, headers: {} })), {
    ingress,
    request,
    expected: seesBody,
  });
  const back = await decided(answer(body + more), { ingress, request, expected: returns });
  expect(new Set(bodies)).toEqual(new Set([`text/plain, no, ${whole}`]));
  expect([there, back].some(({ stdout }) => said.test(stdout))).toBe(true);
  expect([there.code, back.code]).toEqual([data === whole ? 0 : 1, body + more === 'klm' ? 0 : 1]);
});

test('ends with 0 when it is refused as wanted', async () => {
  const refused: Expected = { refused: ['connection closed'], backend: null };
  const { code } = await decided((message) => message.socket.destroy(), {
    ingress,
    request: asked,
    expected: refused,
  });
  expect(code).toBe(0);
});

/** An answer of a backend that names itself; every `of`th of them of the other one. */
function echo(of: number): RequestListener {
  let count = 0;
  return (_, response) => {
    count += 1;
    const name = count % of === 0 ? 'other' : 'one';
    response.writeHead(200).end(JSON.stringify({ pod: `${name}-5d7-x2`, namespace: 'it' }));
  };
}
const from = (backend: string): Expected => ({ status: 200, backend });
const threeOfFour = [
  { weight: 3, answer: from('it/one') },
  { weight: 1, answer: from('it/other') },
  { weight: 0, answer: from('it/none') },
];

test.for<[string, number, RegExp, number]>([
  [
    'as they are to be',
    4,
    /got: {4}7\d\.\d % \((29|30|31) of 40\) 200 from it\/one; 2\d\.\d % .*\nas wanted\n$/,
    0,
  ],
  [
    'other ones',
    2,
    /got: {4}50\.0 % \(20 of 40\) 200 from it\/one; 50\.0 % .*\nnot as wanted; the run got: 404\n$/,
    1,
  ],
])('counts shares: %s', { timeout: 60_000 }, async ([, of, said, ended]) => {
  const {
    code,
    stdout,
    stderr = '',
  } = await decided(echo(of), { ingress, request: asked, branches: threeOfFour });
  expect(stderr).toBe('');
  expect(stdout).toContain('wanted: 75 % 200 from it/one; 25 % 200 from it/other; 0 % 200 from it/none\n');
  expect(stdout).toMatch(said);
  expect(code).toBe(ended);
});

test('says of each time how often it came otherwise', { timeout: 60_000 }, async () => {
  const asking = { ingress, request: asked, expected: from('it/one'), times: 12 };
  const { code, stdout } = await decided(echo(6), asking);
  expect(stdout).toMatch(/got: {4}2 of 12 times otherwise, at first: 200 from it\/other; answered by/);
  expect(code).toBe(1);
});

/** Runs a script against a backend whose answers name it and that logs as often as it is asked, and one that gets copies. */
async function logged(times: number, copies: number, expected: Expected) {
  const logs = mkdtempSync(join(tmpdir(), 'conformance-repro-'));
  const log = (name: string, line: string, often: number): void =>
    appendFileSync(join(logs, name), `${line}\n`.repeat(often));
  try {
    return await decided(
      ({ url = '' }, response) => {
        log('one', url, times);
        log('mirror', url, copies);
        response.writeHead(200).end(JSON.stringify({ pod: 'one-5d7-x2', namespace: 'it' }));
      },
      { ingress, request: asked, expected },
      (text) =>
        text
          .replaceAll('sleep 1', 'sleep 0.1')
          .replace('backends=()', 'backends=(it/one it/mirror)')
          // what the script asks of logs, it asks like this
          .replace(/^kube\(\).*$/m, `kube() { cat "${logs}/\${2#deployment/}" 2>/dev/null; }`),
    );
  } finally {
    rmSync(logs, { recursive: true });
  }
}

const one = { status: 200, backend: 'it/one' };

test.for<[string, number, number, Expected, RegExp]>([
  ['a copy for whom it is', 1, 1, { ...one, mirrored: ['it/mirror'] }, /as wanted/],
  [
    'no copy where one is due',
    1,
    0,
    { ...one, mirrored: ['it/mirror'] },
    /; copies to: none \(wanted: equals it\/mirror\)/,
  ],
  [
    'two copies where one is due',
    1,
    2,
    { ...one, mirrored: ['it/mirror'] },
    /; copies to: it\/mirror it\/mirror \(wanted/,
  ],
  ['a copy where none is due', 1, 1, { ...one, mirrored: [] }, /; copies to: it\/mirror \(wanted: equals\)/],
  ['three times', 3, 0, { ...one, times: 3 }, /as wanted/],
  [
    'once too often',
    4,
    0,
    { ...one, times: 3 },
    /; times that it\/one was asked: 4 \(wanted: matches \^\(3\)\$\)/,
  ],
  ['at least once', 2, 0, { ...one, times: 'at least once' }, /as wanted/],
])('counts in logs: %s', { timeout: 60_000 }, async ([, times, copies, expected, said]) => {
  const { code, stdout } = await logged(times, copies, expected);
  expect(stdout).toMatch(said);
  expect(stdout.includes('\nas wanted\n')).toBe(code === 0);
  expect(code).toBe(said.source === 'as wanted' ? 0 : 1);
});

/** Runs the script of a status with what kubectl prints. */
async function reported(printed: string, expected: Partial<Reported>) {
  const text = (await script({ view, reported: expected, wanted: 'so' }))
    .replace(/^own [^]*^(?=watch_status)/m, '')
    .replace(
      /^kube\(\).*$/m,
      `kube() { printf ${shellWord(printed.replaceAll('\t', '\\t').replaceAll('\n', '\\n'))}; }`,
    )
    .replaceAll('SECONDS + 30', 'SECONDS');
  return spawnSync('bash', ['-c', text], { encoding: 'utf8' });
}

const printed =
  'condition\tAccepted\tTrue Accepted\ncondition\tProgrammed\tFalse Invalid (of generation 1, the object is at 2)\noutdated\tProgrammed\nattachedRoutes\t2\nlisteners\tb\nlisteners\ta\n';

test.for<[Partial<Reported>, string]>([
  [{ conditions: { Accepted: 'True Accepted' }, attachedRoutes: 2, listeners: ['a', 'b'] }, ''],
  [{ conditions: { Accepted: 'True', Conflicted: null }, addresses: [] }, ''],
  [{ conditions: { Accepted: 'False' } }, '; Accepted: True Accepted (wanted: matches ^False( [^ ]+)?$)'],
  [{ conditions: { Accepted: null } }, '; Accepted: True Accepted (wanted: absent)'],
  [
    { conditions: { Programmed: 'False Invalid' } },
    '; Programmed: False Invalid (of generation 1, the object is at 2)',
  ],
  [{ outdated: [] }, '; outdated: Programmed (wanted: absent)'],
  [{ attachedRoutes: 1 }, '; attachedRoutes: 2 (wanted: equals 1)'],
  [{ supportedKinds: ['HTTPRoute'] }, '; supportedKinds: none (wanted: equals HTTPRoute)'],
])('tells of a status: %o', async ([expected, said]) => {
  const { status, stdout, stderr } = await reported(printed, expected);
  expect(stderr).toBe('');
  expect(stdout).toContain(said);
  expect(stdout).toContain(said === '' ? '\nas wanted\n' : '\nnot as wanted; the run got: 404\n');
  expect(status).toBe(said === '' ? 0 : 1);
});
