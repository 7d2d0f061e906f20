import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { scriptedApi } from '../kube/testdata/api.ts';
import { direct } from '../reach/road.ts';
import type { Service } from '../reach/service.ts';
import { byRoad, curl } from './repro.ts';
import type { Request } from './request.ts';

const address = { host: '10.0.0.1', port: 80 };

test.for([
  [{ path: '/a' }, '--include http://10.0.0.1/a'],
  [{ method: 'HEAD', host: 'a.example', path: '/a' }, "--head --header 'Host: a.example' http://10.0.0.1/a"],
  [{ host: '', path: '/a' }, "--include --header 'Host;' http://10.0.0.1/a"],
  [{ path: '/a', protocol: 'h2c' }, '--http2-prior-knowledge --include http://10.0.0.1/a'],
  [{ method: 'PUT', path: '/a' }, '--include --request PUT http://10.0.0.1/a'],
  [
    { path: "/it's?[1]", headers: { 'x-a': '$HOME' } },
    String.raw`--include --header 'x-a: $HOME' 'http://10.0.0.1/it'\''s?[1]'`,
  ],
  [
    { path: '/a', headers: { 'x-a': ['1', '2'] } },
    "--include --header 'x-a: 1' --header 'x-a: 2' http://10.0.0.1/a",
  ],
  [
    { host: 'a.example', path: '/a', tls: { serverName: 'b.example' } },
    "--include --header 'Host: a.example' --verbose --insecure --connect-to ::10.0.0.1:80 https://b.example:80/a",
  ],
  [
    { path: '/a', tls: { serverName: 'b.example', version: 'TLSv1.2' } },
    "--include --header 'Host: 10.0.0.1:80' --verbose --insecure --tlsv1.2 --tls-max 1.2 --connect-to ::10.0.0.1:80 https://b.example:80/a",
  ],
  [{ path: '/a', tls: { serverName: '' } }, '--include --verbose --insecure https://10.0.0.1:80/a'],
] as [Request, string][])('%o', ([request, command]) => {
  expect(curl(address, request)).toBe(`curl -sS --max-time 5 --path-as-is --globoff ${command}`);
});

test('a body is sent as the run sends it', () => {
  const request = { method: 'POST', path: '/a', headers: { 'transfer-encoding': 'chunked' }, body: 27 };
  const command = curl(address, request);
  expect(command).toMatch(
    / \| curl .*--request POST --header 'content-type: text\/plain' --header 'transfer-encoding: chunked' --data-binary @- --header Expect: http:/,
  );
  const [letters = ''] = command.split(' | ');
  const { stdout } = spawnSync('sh', ['-c', letters], { encoding: 'utf8' });
  expect(stdout).toBe('abcdefghijklmnopqrstuvwxyza');
});

test('a bridge, which ends with the run, is replaced by a port-forward to the same Service and port', async () => {
  await using api = await scriptedApi({});
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'g', namespace: 'shop' },
  } as Service;
  const straight = direct(address);
  const bridge = { ...straight, address: { host: '127.0.0.1', port: 40_001 }, byHand: { service, port: 80 } };
  expect(byRoad(api.kube, straight, 'curl x')).toBe('curl x');
  expect(byRoad(api.kube, bridge, 'curl x')).toMatch(
    /^kubectl .*-n shop port-forward service\/g 40001:80 >\/dev\/null & sleep 2; curl x; kill \$!$/,
  );
});
