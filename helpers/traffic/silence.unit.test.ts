import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { listOf, scriptedApi } from '../kube/testdata/api.ts';
import type { Service } from '../reach/service.ts';
import { Certificates } from '../tls/certificates.ts';
import type { Exchange } from './exchange.ts';
import { fallsSilent } from './silence.ts';

const exchange: Exchange = { request: { path: '/' }, answer: { status: 200, backend: null } };

const service = (namespace: string, labels: Record<string, string>): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'edge', namespace, labels },
  spec: { ports: [{ port: 80 }] },
  status: { loadBalancer: { ingress: [{ ip: '127.0.0.1' }] } },
});
const ofGateway = (name: string) =>
  service('gateways', { 'acme.com/gateway-name': name, 'acme.com/gateway-namespace': 'shop' });
const isOwn = ({ metadata }: Service) => metadata.labels?.['acme.com/gateway-name'] === 'web';

/** How it goes where something answers with that status, at an address that these Services have. */
async function asked(status: number, ...holders: Service[]): Promise<boolean> {
  await using api = await scriptedApi({ lists: [listOf(...holders)] });
  const server = createServer((_, response) => response.writeHead(status).end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  try {
    const road = { address, leadsTo: address, way: 'loadbalancer' } as const;
    const limits = { timeout: 500, connect: 200, limit: 200, isOwn, certificates: new Certificates() };
    return (await fallsSilent(api.kube, road, exchange, limits)).steady;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('an address that still answers has stopped for a Gateway', () => {
  test.for([
    ["when another Gateway's Service has it", 200, [ofGateway('other')], true],
    ['not when its own Service has it, in whatever namespace', 404, [ofGateway('web')], false],
    ['not when nobody is known to have it', 404, [], false],
    ['when a Service of several has it, and answers otherwise', 404, [service('acme', {})], true],
    ['not when that one answers as before', 200, [service('acme', {})], false],
  ] as const)('%s', async ([, status, holders, silent]) => {
    await expect(asked(status, ...holders)).resolves.toBe(silent);
  });
});
