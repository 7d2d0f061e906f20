import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Reply, scriptedApi } from '../../kube/testdata/api.ts';
import { defaultTimeouts } from '../../timeouts.ts';
import type { Asked } from '../rounds.ts';
import { type BackendPod, Witness } from '../witness.ts';

const timeouts = { ...defaultTimeouts, answer: 900, shares: 3_000, log: 300, connect: 800, request: 900 };

/** A gateway in front of two backends, `httpbin` and `other`, whose logs the API server serves. */
interface Edge {
  /** Hands the request to a backend: it is logged there. */
  hand: (to: 'httpbin' | 'other', request: IncomingMessage) => void;
}

export type Gateway = (request: IncomingMessage, response: ServerResponse, edge: Edge, count: number) => void;

/**
 * A gateway to be asked, until the test is over, and its backends.
 * @param options `log`: in place of their logs; `echoes`: those that name themselves
 */
export async function askedOf(
  gateway: Gateway,
  { log, echoes = [] }: { log?: Reply; echoes?: string[] } = {},
): Promise<Asked> {
  const logs = new Map<string, { lines: string[]; readers: Set<ServerResponse> }>(
    ['httpbin', 'other'].map((name) => [name, { lines: [], readers: new Set() }]),
  );
  const serveLog: Reply = (response, request) => {
    const [, name = ''] = /pods\/(\w+)-1\/log/.exec(request.url ?? '') ?? [];
    const { lines, readers } = logs.get(name) ?? { lines: [], readers: new Set() };
    response.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders();
    for (const line of lines) response.write(line);
    readers.add(response);
  };
  const api = await scriptedApi({ logs: [log ?? serveLog] });
  const hand: Edge['hand'] = (to, { headers, method, url }) => {
    const line = `msg="200 ${method} ${url}" user_agent=${headers['user-agent']} client_ip=10.0.0.1\n`;
    logs.get(to)?.lines.push(line);
    for (const reader of logs.get(to)?.readers ?? []) reader.write(line);
  };
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    gateway(request, response, { hand }, count);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const witness = new Witness(api.kube);
  onTestFinished(async () => {
    witness.close();
    server.closeAllConnections();
    server.close();
    await api[Symbol.asyncDispose]();
  });
  const pods: BackendPod[] = ['httpbin', 'other'].map((backend) => ({
    backend,
    namespace: 'shop',
    name: `${backend}-1`,
    container: 'c',
    namesItself: echoes.includes(backend),
  }));
  const { port } = server.address() as AddressInfo;
  const address = { host: '127.0.0.1', port };
  return { address, pods, podsNow: async () => pods, witness, timeouts };
}
