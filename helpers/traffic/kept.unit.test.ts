import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { KeptConnection } from './kept.ts';

const limits = { connect: 1_000, request: 2_000 };

/** Serves what `answer` says, and counts its connections. */
async function served(answer: (req: IncomingMessage, res: ServerResponse) => void) {
  let connections = 0;
  const server = createServer(answer).on('connection', () => {
    connections += 1;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const kept = new KeptConnection({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  onTestFinished(() => {
    kept.close();
    server.close();
  });
  return { kept, connections: () => connections };
}

const ask = (kept: KeptConnection, host: string) => kept.send({ host, path: `/${host}` }, limits);

test('requests for several hosts go over one connection, also when they are sent at once', async () => {
  const { kept, connections } = await served((req, res) => res.end(`${req.headers.host}${req.url}`));
  const answers = await Promise.all(['a.test', 'b.test', 'c.test'].map((host) => ask(kept, host)));
  expect(answers).toMatchObject([
    { body: 'a.test/a.test' },
    { body: 'b.test/b.test' },
    { body: 'c.test/c.test' },
  ]);
  expect(await ask(kept, 'd.test')).toMatchObject({ body: 'd.test/d.test' });
  expect(connections()).toBe(1);
  expect(await (await kept.like({ host: '127.0.0.1', port: 1 })).send({ path: '/' }, limits)).toMatchObject({
    phase: 'connect',
  });
});

test('a connection that the other side ends after an answer is opened anew', async () => {
  const { kept, connections } = await served((_req, res) => res.setHeader('connection', 'close').end());
  expect(await ask(kept, 'a.test')).toMatchObject({ status: 200 });
  expect(await ask(kept, 'b.test')).toMatchObject({ status: 200 });
  expect(connections()).toBe(2);
});
