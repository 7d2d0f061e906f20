import { about, testOn } from '../../../helpers/test.ts';
import type { Request } from '../../../helpers/traffic/request.ts';

const test = testOn({ file: 'httpbin', into: 'well' }, 'ingress-gateways/diagnosis/istio-api');
const facts = about({ dialect: 'istio-api', features: [] });

const gatewayFaults: { fault: string; namespace: string; cause: string }[] = [
  { fault: 'its selector selects no pod', namespace: 'selector', cause: 'selector-mismatch' },
  { fault: 'none of its pods is ready', namespace: 'not-ready', cause: 'gateway-not-ready' },
  { fault: 'no Service has its port', namespace: 'port-hidden', cause: 'port-not-exposed' },
  {
    fault: 'its certificate is not where its pods are',
    namespace: 'secret-elsewhere',
    cause: 'certificate-elsewhere',
  },
  { fault: 'another one has its port and host', namespace: 'overlap', cause: 'gateways-overlap' },
  { fault: 'it asks for another revision', namespace: 'revision', cause: 'revision-mismatch' },
  {
    fault: 'an Ingress has its port and host',
    namespace: 'ingress-beside',
    cause: 'ingress-overlaps-gateway',
  },
];

for (const { fault, namespace, cause } of gatewayFaults) {
  test(`an Istio Gateway whose fault is that ${fault}: ${cause}`, facts, async ({ scene, expect }) => {
    await expect(scene.part(namespace)).toBeDiagnosed(cause);
  });
}

const virtualServiceFaults = [
  {
    fault: 'it names a Gateway of another namespace as its own',
    namespace: 'unqualified',
    cause: 'virtual-service-gateway-unknown',
    host: 'unqualified.example.com',
  },
  {
    fault: 'its host is none of the Gateway',
    namespace: 'host',
    cause: 'virtual-service-host-mismatch',
    host: 'hosts.example.com',
  },
  {
    fault: 'its backend has no pod',
    namespace: 'no-endpoints',
    cause: 'backend-without-endpoints',
    host: 'no-endpoints.example.com',
  },
];

for (const { fault, namespace, cause, host } of virtualServiceFaults) {
  test(`a VirtualService whose fault is that ${fault}: ${cause}`, facts, async ({ scene, expect }) => {
    await expect(scene.part(namespace)).toBeDiagnosed(cause);
    const of = await scene.edge('well').ingress();
    await expect(scene.part(namespace)).toBeDiagnosed(cause, { request: { host, path: '/status/200' }, of });
  });
}

const handshakes: { serverName: string; cause: string }[] = [
  { serverName: '', cause: 'sni-missing' },
  { serverName: 'other.example.com', cause: 'sni-mismatch' },
];

for (const { serverName, cause } of handshakes) {
  const request: Request = { host: 'sni.example.com', path: '/status/200', tls: { serverName } };
  test(
    `a handshake with ${serverName ? `the SNI ${serverName}` : 'no SNI'}: ${cause}`,
    facts,
    async ({ scene, expect }) => {
      const of = await scene.edge('sni').ingress('https');
      await expect(scene.part('sni')).toBeDiagnosed(cause, { request, of });
    },
  );
}

test(
  'an Istio Gateway and a VirtualService that are well have no cause',
  facts,
  async ({ scene, expect }) => {
    await expect(scene.part('well')).toBeDiagnosed(null);
  },
);
