import { expect, test } from 'vitest';
import { parseManifests } from '../kube/manifests.ts';
import { json, scriptedApi } from '../kube/testdata/api.ts';
import { forController } from './controller.ts';

const ofClass = (controllerName: string): string =>
  `{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: c}, spec: {controllerName: ${controllerName}, description: d}}`;
const gateway = '{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g}}';
const target = { metadata: { name: 'other' }, spec: { controllerName: 'other.example/controller' } };

test("a GatewayClass for Istio's controller asks for the target's", async () => {
  await using api = await scriptedApi({ others: [json(target)] });
  const manifests = parseManifests(
    [ofClass('istio.io/gateway-controller'), gateway].join('\n---\n'),
    'x.yaml',
  );
  const given = await forController(manifests, api.kube, 'other');
  expect(given.map(({ object }) => object.spec)).toEqual([
    { controllerName: 'other.example/controller', description: 'd' },
    undefined,
  ]);
});

test('one for another controller stays, and the target is not asked for', async () => {
  await using api = await scriptedApi({ others: [json(target)] });
  const manifests = parseManifests([ofClass('x.example/nobody'), gateway].join('\n---\n'), 'x.yaml');
  expect(await forController(manifests, api.kube, 'other')).toEqual(manifests);
  expect(api.asked).toEqual([]);
});
