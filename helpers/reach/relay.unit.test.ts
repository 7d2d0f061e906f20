import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { pins } from '../../cluster/pins.ts';
import type { Manifest } from '../kube/manifests.ts';
import { RUN_LABEL } from '../labels.ts';
import { ofRunsOwn, proxyPort } from './relay.ts';

interface Relay {
  spec: { template: { spec: { containers: { image: string; args: string[] }[] } } };
}

test('the relay is the Envoy that the managed cluster holds, and proxies at the pod’s loopback only', async () => {
  const [{ object }] = (await ofRunsOwn('relay', '0123456789')) as [Manifest];
  const [container] = (object as unknown as Relay).spec.template.spec.containers;
  expect(container?.image).toBe(`docker.io/envoyproxy/envoy:v${pins.envoy.version}`);
  const { static_resources: resources } = parse(container?.args.at(-1) ?? '');
  const [relay] = resources.listeners;
  expect(relay.address.socket_address).toEqual({ address: '127.0.0.1', port_value: proxyPort });
});

test('what the run makes for itself is in its own namespace, with its label', async () => {
  const [relay, probe] = await Promise.all([
    ofRunsOwn('relay', '0123456789'),
    ofRunsOwn('probe', '0123456789'),
  ]);
  for (const { object } of [...relay, ...probe]) {
    expect(object.metadata).toMatchObject({
      namespace: 'conformance-0123456789',
      labels: { [RUN_LABEL]: '0123456789' },
    });
  }
});
