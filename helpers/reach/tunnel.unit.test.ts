import { once } from 'node:events';
import { createServer } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import { NotOpened, Tunnel } from './tunnel.ts';

const to = { host: '192.0.2.1', port: 80 };

test.for([
  ['a way that leads nowhere is given up', true, 2],
  ['a way to a proxy that has its trouble with one address is kept', false, 1],
] as const)('%s', async ([, silent, ways], { onTestFinished }) => {
  let asked = 0;
  const proxy = createServer().on('stream', (stream) => {
    asked += 1;
    if (silent || asked > 1) stream.respond({ ':status': 200 });
  });
  onTestFinished(() => void proxy.close());
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  let entered = 0;
  const tunnel = new Tunnel(async (): Promise<Duplex> => {
    entered += 1;
    if (silent && entered === 1) return duplexPair()[0];
    return connect((proxy.address() as AddressInfo).port, '127.0.0.1');
  });
  onTestFinished(() => tunnel.close());

  await expect(tunnel.open(to, 100)).rejects.toThrow(NotOpened);
  await expect
    .poll(() => tunnel.open(to, 100).then((stream) => stream.destroy().destroyed), { timeout: 2_000 })
    .toBe(true);
  expect(entered).toBe(ways);
});
