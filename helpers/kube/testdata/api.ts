import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { kubeconfigFor } from '../../../cluster/preflight/testdata/api-server.ts';
import { Kube } from '../client.ts';
import type { KubeObject } from '../objects.ts';

/** One answer to a request, over a real connection. */
export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

/** What a server of the Kubernetes API is made to do: replies for each list, watch, log or other request, in turn. */
export interface Script {
  lists?: Reply[];
  watches?: Reply[];
  logs?: Reply[];
  others?: Reply[];
  /** Milliseconds for which a server that is away is asked again. */
  patience?: number;
}

const discovery: Record<string, object> = {
  '/api/v1': {
    resources: [
      { name: 'services', kind: 'Service', namespaced: true },
      { name: 'pods', kind: 'Pod', namespaced: true },
      { name: 'secrets', kind: 'Secret', namespaced: true },
      { name: 'events', kind: 'Event', namespaced: true },
      { name: 'namespaces', kind: 'Namespace', namespaced: false },
    ],
  },
  '/apis/networking.k8s.io/v1': {
    resources: [{ name: 'ingressclasses', kind: 'IngressClass', namespaced: false }],
  },
  '/apis/gateway.networking.k8s.io/v1': {
    resources: [
      { name: 'gateways', kind: 'Gateway', namespaced: true },
      { name: 'gatewayclasses', kind: 'GatewayClass', namespaced: false },
    ],
  },
};

export interface ScriptedApi extends AsyncDisposable {
  kube: Kube;
  /** Method and path of every request but discovery. */
  asked: string[];
}

/**
 * A local server that plays a script. The last reply of each kind is repeated, so that a script names what happens
 * and not how often it is asked.
 */
export async function scriptedApi(script: Script): Promise<ScriptedApi> {
  const asked: string[] = [];
  const turns = new Map<Reply[], number>();
  const next = (replies: Reply[] = [refused(404)]): Reply => {
    const turn = turns.get(replies) ?? 0;
    turns.set(replies, turn + 1);
    return replies[Math.min(turn, replies.length - 1)] as Reply;
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const group = discovery[url.pathname];
    if (group) return json(group)(response, request);
    asked.push(`${request.method} ${request.url}`);
    if (url.pathname.endsWith('/log')) return next(script.logs)(response, request);
    if (url.searchParams.get('watch') === 'true') return next(script.watches)(response, request);
    if (request.method === 'GET' && url.pathname.endsWith('s')) return next(script.lists)(response, request);
    return next(script.others)(response, request);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const kube = new Kube(kubeconfigFor(`http://localhost:${port}`), 2_000, script.patience);
  return {
    kube,
    asked,
    [Symbol.asyncDispose]: async () => {
      await kube.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const json =
  (body: unknown, status = 200): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

/** A refusal in the server's form. */
export const refused = (code: number, reason = 'Refused', message = `no: ${code}`): Reply =>
  json({ kind: 'Status', code, reason, message }, code);

/** The connection breaks before an answer. */
export const cut: Reply = (response) => {
  response.destroy();
};

/** A list, without the items' kinds, as the API server sends lists. */
export const listOf = (...items: KubeObject[]): Reply =>
  json({
    items: items.map(({ kind: _kind, apiVersion: _version, ...item }) => item),
    metadata: { resourceVersion: '7' },
  });

/** Events that come one after another; then the watch stays open, or ends when `ends` is given. */
export const eventsOf =
  (events: { type: string; object: unknown }[], { ends = false } = {}): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    for (const event of events) response.write(`${JSON.stringify(event)}\n`);
    if (ends) response.end();
  };

/** Lines of a log that is followed. */
export const linesOfLog =
  (lines: string[], { ends = false } = {}): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.flushHeaders();
    for (const line of lines) response.write(`${line}\n`);
    if (ends) response.end();
  };

export const service = (name: string, fields: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  ...fields,
});
