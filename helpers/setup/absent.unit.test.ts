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

/** A cluster with CRDs of a release. */
const at = (version: string) => ({
  kind: 'managed' as const,
  versions: { kubernetes: '', implementation: '', gatewayApi: { version, channel: 'standard' as const } },
});

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
  const demanded = demandPresent({ kube: api.kube, target: at('v1.6.3') }, looksAtClients);
  await expect(demanded).rejects.toThrow(Absent);
  await expect(demanded).rejects.toThrow('has no room for GatewayFrontendClientCertificateValidation');
});

test('and applies where it has', async () => {
  await using api = await scriptedApi({ others: [crdWith({ tls: { properties: { frontend: {} } } })] });
  const demanded = demandPresent({ kube: api.kube, target: at('v1.6.3') }, looksAtClients);
  await expect(demanded).resolves.toBeUndefined();
});

test('any other Gateway applies unasked', async () => {
  await using api = await scriptedApi({});
  await demandPresent({ kube: api.kube, target: at('v1.6.3') }, gateway('listeners: []'));
  expect(api.asked).toEqual([]);
});

const since = (release: string) =>
  parseManifests(
    `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, annotations: {ingress-conformance/since-gateway-api: ${release}}}}`,
    'x.yaml',
  );

test('what came with a later Gateway API than the cluster has does not apply', async () => {
  await using api = await scriptedApi({});
  const demanded = demandPresent({ kube: api.kube, target: at('v1.6.3') }, since('v1.7.0'));
  await expect(demanded).rejects.toThrow(Absent);
  await expect(demanded).rejects.toThrow(
    'the Gateway API CRDs are v1.6.3: what it configures came with v1.7.0',
  );
});

test.each(['v1.7.0', 'v1.10.1', 'v0.0.0-20260901'])('and applies with CRDs of %s', async (installed) => {
  await using api = await scriptedApi({});
  const demanded = demandPresent({ kube: api.kube, target: at(installed) }, since('v1.7.0'));
  await expect(demanded).resolves.toBeUndefined();
});

test.each([
  ['Envoy Gateway v1.9.1', 'it stands on Istio, and what is tested is Envoy Gateway v1.9.1'],
  ['Istio 1.31.0', 'the cluster has no Istio'],
])('what stands on Istio does not apply to %s beside it, or without it', async (implementation, says) => {
  await using api = await scriptedApi({});
  const of = at('v1.6.3');
  const target = { ...of, versions: { ...of.versions, implementation } };
  const manifests = parseManifests(
    '{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: g}}',
    'x.yaml',
  );
  const demanded = demandPresent({ kube: api.kube, target }, manifests);
  await expect(demanded).rejects.toThrow(Absent);
  await expect(demanded).rejects.toThrow(says);
});
