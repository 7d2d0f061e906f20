import { expect, test } from 'vitest';
import { parseManifests } from '../kube/manifests.ts';
import { json, scriptedApi } from '../kube/testdata/api.ts';
import { Absent, demandPresent } from './absent.ts';

const gateway = (tls: string) =>
  parseManifests(
    `{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g}, spec: {${tls}}}`,
    'x.yaml',
  );
const looksAtClients = gateway('tls: {frontend: {default: {}}}');

/** The CRD of Gateway, whose spec has these fields. */
const crdWith = (properties: object) => {
  const openAPIV3Schema = { properties: { spec: { properties } } };
  return json({
    metadata: { name: 'gateways.gateway.networking.k8s.io' },
    spec: { versions: [{ name: 'v1', served: true, schema: { openAPIV3Schema } }] },
  });
};

test("a Gateway that looks at clients' certificates does not apply where the CRD has no field for it", async () => {
  await using api = await scriptedApi({ others: [crdWith({ listeners: {} })] });
  const demanded = demandPresent({ kube: api.kube, target: { kind: 'managed' } }, looksAtClients);
  await expect(demanded).rejects.toThrow(Absent);
  await expect(demanded).rejects.toThrow('has no room for GatewayFrontendClientCertificateValidation');
});

test('and applies where it has', async () => {
  await using api = await scriptedApi({ others: [crdWith({ tls: { properties: { frontend: {} } } })] });
  const demanded = demandPresent({ kube: api.kube, target: { kind: 'managed' } }, looksAtClients);
  await expect(demanded).resolves.toBeUndefined();
});

test('any other Gateway applies unasked', async () => {
  await using api = await scriptedApi({});
  await demandPresent({ kube: api.kube, target: { kind: 'managed' } }, gateway('listeners: []'));
  expect(api.asked).toEqual([]);
});
