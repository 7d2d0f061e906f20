import { about, testOn } from '../../../helpers/test.ts';

const test = testOn({ file: 'httpbin', into: 'well' }, 'ingress-gateways/diagnosis/istio-api');
const facts = about({ dialect: 'istio-api', features: [] });

// each fault is in a namespace of its own
const gatewayFaults = [
  { fault: 'a selector that selects no pod', namespace: 'selector', cause: 'selector-mismatch' },
  { fault: 'a gateway whose pods cannot start', namespace: 'not-ready', cause: 'gateway-cannot-start' },
  { fault: 'a port that no Service has', namespace: 'port-hidden', cause: 'port-not-exposed' },
  { fault: 'a certificate elsewhere', namespace: 'secret-elsewhere', cause: 'certificate-elsewhere' },
  { fault: 'two Gateways of one port and host', namespace: 'overlap', cause: 'gateways-overlap' },
  { fault: 'a revision that is not there', namespace: 'revision', cause: 'revision-mismatch' },
];

for (const { fault, namespace, cause } of gatewayFaults) {
  test(`${fault} → ${cause}`, facts, async ({ scene, expect }) => {
    await expect(scene.part(namespace)).toBeDiagnosed(cause);
  });
}

// these show in the answer to a request
const virtualServiceFaults = [
  {
    fault: 'a Gateway of another namespace, unqualified',
    namespace: 'unqualified',
    cause: 'virtual-service-gateway-unknown',
    host: 'unqualified.example.com',
  },
  {
    fault: 'a host of no server',
    namespace: 'host',
    cause: 'virtual-service-host-mismatch',
    host: 'hosts.example.com',
  },
  {
    fault: 'a backend without a pod',
    namespace: 'no-endpoints',
    cause: 'backend-without-endpoints',
    host: 'no-endpoints.example.com',
  },
];

for (const { fault, namespace, cause, host } of virtualServiceFaults) {
  test(`${fault} → ${cause}`, facts, async ({ scene, expect }) => {
    await expect(scene.part(namespace)).toBeDiagnosed(cause);
    const of = await scene.edge('well').ingress();
    await expect(scene.part(namespace)).toBeDiagnosed(cause, { request: { host, path: '/status/200' }, of });
  });
}

const handshakes = [
  { fault: 'a handshake without SNI', serverName: '', cause: 'sni-missing' },
  { fault: 'a handshake with another SNI', serverName: 'other.example.com', cause: 'sni-mismatch' },
];

for (const { fault, serverName, cause } of handshakes) {
  test(`${fault} → ${cause}`, facts, async ({ scene, expect }) => {
    const of = await scene.edge('sni').ingress('https');
    const request = { host: 'sni.example.com', path: '/status/200', tls: { serverName } };
    await expect(scene.part('sni')).toBeDiagnosed(cause, { request, of });
  });
}

test('a Gateway and a VirtualService that are well → no cause', facts, async ({ scene, expect }) => {
  await expect(scene.part('well')).toBeDiagnosed(null);
});
