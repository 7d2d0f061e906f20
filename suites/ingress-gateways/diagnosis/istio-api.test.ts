import { about, testOn } from '../../../helpers/test.ts';

const test = testOn({ file: 'httpbin', into: 'well' }, 'ingress-gateways/diagnosis/istio-api');
const facts = about({ dialect: 'istio-api', features: [] });

// each fault is a part of its own
const gatewayFaults = [
  { fault: 'a selector that selects no pod', part: 'selector', cause: 'selector-mismatch' },
  { fault: 'a gateway whose pods cannot start', part: 'not-ready', cause: 'gateway-cannot-start' },
  { fault: 'a port that no Service has', part: 'port-hidden', cause: 'port-not-exposed' },
  { fault: 'a certificate elsewhere', part: 'secret-elsewhere', cause: 'certificate-elsewhere' },
  { fault: 'two Gateways of one port and host', part: 'overlap', cause: 'gateways-overlap' },
  { fault: 'a revision that is not there', part: 'revision', cause: 'revision-mismatch' },
];

for (const { fault, part, cause } of gatewayFaults) {
  test(`${fault} → ${cause}`, facts, async ({ scene, expect }) => {
    await expect(scene.part(part)).toBeDiagnosed(cause);
  });
}

// these show in the answer to a request
const virtualServiceFaults = [
  {
    fault: 'a Gateway of another namespace, unqualified',
    part: 'unqualified',
    cause: 'virtual-service-gateway-unknown',
    host: 'unqualified.example.com',
  },
  {
    fault: 'a host of no server',
    part: 'host',
    cause: 'virtual-service-host-mismatch',
    host: 'hosts.example.com',
  },
  {
    fault: 'a backend without a pod',
    part: 'no-endpoints',
    cause: 'backend-without-endpoints',
    host: 'no-endpoints.example.com',
  },
];

for (const { fault, part, cause, host } of virtualServiceFaults) {
  test(`${fault} → ${cause}`, facts, async ({ scene, expect }) => {
    await expect(scene.part(part)).toBeDiagnosed(cause);
    const of = await scene.edge('well').ingress();
    await expect(scene.part(part)).toBeDiagnosed(cause, { request: { host, path: '/status/200' }, of });
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
