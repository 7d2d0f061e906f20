import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { applyAll } from './apply.ts';
import { parseManifests } from './manifests.ts';
import type { KubeObject } from './objects.ts';
import {
  cut,
  eventsOf,
  json,
  linesOfLog,
  listOf,
  type Reply,
  refused,
  scriptedApi,
  service,
} from './testdata/api.ts';
import { met, missing, waitFor } from './wait.ts';

const ref = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'a' };

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

const changed = ([object]: KubeObject[]) => (object?.spec ? met(true) : missing('nothing yet'));

/** A server that wants to be asked again in a second. */
const overloaded: Reply = (response, request) => {
  response.setHeader('retry-after', '1');
  refused(429)(response, request);
};

const webhookIs = (why: string) =>
  refused(
    500,
    'InternalError',
    `failed calling webhook "validation.istio.io": failed to call webhook: Post "https://istiod:443/validate": ${why}`,
  );

describe('Kube', () => {
  test('applies by server-side apply, with our field manager, and drops no field', async () => {
    const sent: { body: string; type: string | undefined }[] = [];
    const reply: Reply = (response, request) => {
      bodyOf(request).then((body) => {
        sent.push({ body, type: request.headers['content-type'] });
        json(service('a'))(response, request);
      });
    };
    await using api = await scriptedApi({ others: [reply] });
    const object = service('a', { spec: { noSuchField: { port: '80' } } });
    await api.kube.apply(object);
    expect(api.asked).toEqual([
      'PATCH /api/v1/namespaces/shop/services/a?fieldManager=ingress-conformance&force=true',
    ]);
    expect(sent).toEqual([{ body: JSON.stringify(object), type: 'application/apply-patch+yaml' }]);
  });

  test('appends to a list in a status, and leaves the rest of it alone', async () => {
    let sent: unknown;
    const reply: Reply = (response, request) => {
      bodyOf(request).then((body) => {
        sent = { body: JSON.parse(body), type: request.headers['content-type'] };
        json(service('a'))(response, request);
      });
    };
    await using api = await scriptedApi({ others: [reply] });
    await api.kube.appendToStatus(ref, '/status/conditions', { type: 'Seen' });
    expect(api.asked).toEqual([
      'PATCH /api/v1/namespaces/shop/services/a/status?fieldManager=ingress-conformance',
    ]);
    expect(sent).toEqual({
      body: [{ op: 'add', path: '/status/conditions/-', value: { type: 'Seen' } }],
      type: 'application/json-patch+json',
    });
  });

  test('gives list items their kind', async () => {
    await using api = await scriptedApi({ lists: [listOf(service('a'))] });
    await expect(api.kube.list({ ...ref, name: undefined })).resolves.toMatchObject({
      items: [{ apiVersion: 'v1', kind: 'Service' }],
      resourceVersion: '7',
    });
  });

  test('has undefined for what is not there, and for a kind that the server does not know', async () => {
    await using api = await scriptedApi({ others: [refused(404)] });
    await expect(api.kube.get(ref)).resolves.toBeUndefined();
    await expect(api.kube.get({ ...ref, kind: 'Unknown' })).resolves.toBeUndefined();
    await expect(api.kube.get({ ...ref, apiVersion: 'no.example/v1' })).resolves.toBeUndefined();
  });

  test('counts all that the server is asked: the kind, lists, watches, logs, and what is sent again', async () => {
    await using api = await scriptedApi({
      lists: [overloaded, listOf(service('a'))],
      watches: [eventsOf([{ type: 'MODIFIED', object: service('a', { spec: {} }) }])],
      logs: [linesOfLog(['one'], { ends: true })],
    });
    await waitFor(
      api.kube,
      { ...ref, name: undefined },
      { until: 'to change', timeout: 5_000, check: changed },
    );
    const { signal } = new AbortController();
    const log = api.kube.followLog({ namespace: 'shop', name: 'a', container: 'a' }, signal);
    for await (const line of log) expect(line).toBe('one');
    // the kind was looked up beside them
    expect(api.asked).toHaveLength(4);
    expect(api.kube.calls).toBe(5);
  });

  test('quotes the server when it refuses', async () => {
    await using api = await scriptedApi({ others: [refused(403, 'Forbidden', 'jane may not')] });
    await expect(api.kube.get(ref)).rejects.toMatchObject({
      message: 'get Service shop/a: 403 Forbidden: jane may not',
      code: 403,
      transient: false,
    });
  });

  test('asks once more when the connection broke, but creates nothing twice', async () => {
    await using api = await scriptedApi({ others: [cut, json(service('a'))] });
    await expect(api.kube.get(ref)).resolves.toMatchObject({ kind: 'Service' });
    await using other = await scriptedApi({ others: [cut, json(service('a'))], lists: [listOf()] });
    await expect(other.kube.create(service('a'))).rejects.toMatchObject({ code: 0, transient: true });
    expect(other.asked).toHaveLength(1);
  });

  test('asks an overloaded server again when it says, also what must not be done twice', async () => {
    await using api = await scriptedApi({ others: [overloaded, json(service('a'))], lists: [listOf()] });
    await expect(api.kube.create(service('a'))).resolves.toMatchObject({ kind: 'Service' });
    expect(api.asked).toHaveLength(2);

    await using other = await scriptedApi({ others: [overloaded] });
    await expect(other.kube.get(ref)).rejects.toMatchObject({ code: 429 });
    expect(other.asked).toHaveLength(2);
  });

  test('asks again while a webhook that the server has to ask is away, also what must not be done twice', async () => {
    const away = [webhookIs('dial tcp: connect: connection refused'), webhookIs('no endpoints available')];
    await using api = await scriptedApi({
      others: [...away, json(service('a'))],
      lists: [listOf()],
      patience: 5_000,
    });
    await expect(api.kube.create(service('a'))).resolves.toMatchObject({ kind: 'Service' });
    expect(api.asked).toHaveLength(3);

    // nobody's absence is what is wrong with it
    const strange = webhookIs('x509: certificate signed by unknown authority');
    await using other = await scriptedApi({ others: [strange], lists: [listOf()], patience: 5_000 });
    await expect(other.kube.create(service('a'))).rejects.toMatchObject({ code: 500 });
    expect(other.asked).toHaveLength(1);
  });

  test('asks a server that is away again while there is patience, and makes nothing twice', async () => {
    // a server that has just started forbids what it will allow
    const replies = [cut, cut, refused(503), refused(403), json(service('a'))];
    await using api = await scriptedApi({ others: replies, patience: 5_000 });
    await expect(api.kube.get(ref)).resolves.toMatchObject({ kind: 'Service' });
    expect(api.asked).toHaveLength(5);
    expect(api.kube.excuse(0)).toBeGreaterThan(0);
    expect(api.kube.excuse(performance.now())).toBe(0);

    await using other = await scriptedApi({ others: [cut], patience: 5_000 });
    await expect(other.kube.create(service('a'))).rejects.toMatchObject({ away: true });
    expect(other.asked).toHaveLength(1);

    await using gone = await scriptedApi({ others: [refused(503)], patience: 300 });
    await expect(gone.kube.get(ref)).rejects.toMatchObject({ code: 503, away: true });
    expect(gone.kube.excuse(0)).toBe(600);
  });

  test('gives up on a server that does not answer', async () => {
    await using api = await scriptedApi({ others: [() => {}] });
    await expect(api.kube.get(ref)).rejects.toMatchObject({
      code: 0,
      reason: 'TimeoutError',
      transient: true,
    });
    expect(api.asked).toHaveLength(1);
  });

  test('follows a log line by line until it ends', async () => {
    await using api = await scriptedApi({ logs: [linesOfLog(['one', 'two ü', 'three'], { ends: true })] });
    const lines: string[] = [];
    const pod = { namespace: 'shop', name: 'p', container: 'c' };
    for await (const line of api.kube.followLog(pod, new AbortController().signal)) lines.push(line);
    expect(lines).toEqual(['one', 'two ü', 'three']);
  });

  test('ends a followed log when told to', async () => {
    await using api = await scriptedApi({ logs: [linesOfLog(['one'])] });
    const over = new AbortController();
    const lines: string[] = [];
    for await (const line of api.kube.followLog(
      { namespace: 'shop', name: 'p', container: 'c' },
      over.signal,
    )) {
      lines.push(line);
      over.abort();
    }
    expect(lines).toEqual(['one']);
  });
});

describe('applyAll', () => {
  const manifests = parseManifests(
    `apiVersion: v1
kind: Service
metadata:
  name: a
  namespace: shop
spec:
  prots: []
  ports:
  - name: http
    port: 0
`,
    'fixtures/x.yaml',
  );

  test.for([
    [
      'a field that the kind does not have',
      refused(
        500,
        '',
        'failed to create typed patch object (shop/a; /v1, Kind=Service): .spec.prots: field not declared in schema',
      ),
      /apply Service shop\/a \(fixtures\/x\.yaml:7\): .*\.spec\.prots: field not declared.*knows no field spec\.prots/s,
    ],
    [
      'a field in an item of a list',
      refused(
        500,
        '',
        'failed to create typed patch object (…): .spec.ports[port=80].nodePrt: field not declared in schema',
      ),
      /\(fixtures\/x\.yaml:8\)/s,
    ],
    [
      'a field in an item that is told by its name',
      refused(
        500,
        '',
        'failed to create typed patch object (…): .spec.ports[name="http"].port: field not declared in schema',
      ),
      /\(fixtures\/x\.yaml:10\).*knows no field spec\.ports\[name="http"\]\.port/s,
    ],
    [
      'a value that is not allowed',
      refused(422, 'Invalid', 'Service "a" is invalid: spec.ports[0].port: Invalid value: 0'),
      /\(fixtures\/x\.yaml:10\).*finds spec\.ports\[0\]\.port invalid/s,
    ],
    [
      'an object that the user may not write',
      refused(403, 'Forbidden', 'User "jane" cannot patch resource "services"'),
      /\(fixtures\/x\.yaml:1\): User "jane".*may not create or patch Service.*kubectl .*--context test auth can-i patch services/s,
    ],
  ] as const)('quotes object, file and line for %s', async ([, reply, message]) => {
    await using api = await scriptedApi({ others: [reply] });
    await expect(applyAll(api.kube, manifests)).rejects.toThrow(message);
  });

  test('says what the kind is when the cluster does not know it', async () => {
    await using api = await scriptedApi({});
    const unknown = parseManifests('apiVersion: v1\nkind: Gateway\nmetadata: {name: g}\n', 'fixtures/x.yaml');
    await expect(applyAll(api.kube, unknown)).rejects.toThrow(
      /apply Gateway g \(fixtures\/x\.yaml:1\): the API server has no kind Gateway in v1/,
    );
  });
});
