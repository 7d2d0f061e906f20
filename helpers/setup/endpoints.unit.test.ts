import { expect, test } from 'vitest';
import type { Pod } from '../pods/types.ts';
import { endpointsOf } from './endpoints.ts';

const pod = (name: string, ...ips: string[]): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  spec: { nodeName: 'node', containers: [] },
  status: { podIPs: ips.map((ip) => ({ ip })) },
});
const pods = [pod('a', '10.0.0.1', 'fd00::1'), pod('b', '10.0.0.2')];
const endpoint = (name: string, address: string) => ({
  addresses: [address],
  conditions: { ready: true },
  nodeName: 'node',
  targetRef: { kind: 'Pod', name, namespace: 'shop' },
});

test('each pod is one with its addresses of the family', () => {
  expect(endpointsOf(pods, { ipv6: false, ready: true })).toEqual([
    endpoint('a', '10.0.0.1'),
    endpoint('b', '10.0.0.2'),
  ]);
  expect(endpointsOf(pods, { ipv6: true, ready: true })).toEqual([endpoint('a', 'fd00::1')]);
});

test('there is none where no pod has such an address', () => {
  expect(endpointsOf([pod('b', '10.0.0.2')], { ipv6: true, ready: true })).toEqual([]);
});
