import { about, testOn } from '../../../helpers/test.ts';

const test = testOn({ file: 'httpbin', into: 'well' }, 'ingress-gateways/diagnosis/routes');
const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

// each fault is in a namespace of its own, and shows in the answer to a request
const faults: { fault: string; namespace: string; cause: string; host?: string }[] = [
  { fault: 'a Gateway of another namespace', namespace: 'parent-unknown', cause: 'parent-unknown' },
  { fault: 'a listener that is not there', namespace: 'listener-unknown', cause: 'listener-unknown' },
  {
    fault: 'a listener that takes no such route',
    namespace: 'not-allowed',
    cause: 'route-not-allowed',
    host: 'closed.example.org',
  },
  {
    fault: 'a host of no listener',
    namespace: 'hostname',
    cause: 'hostname-mismatch',
    host: 'hostname.example.net',
  },
  { fault: 'a backend that is not there', namespace: 'backend-missing', cause: 'backend-missing' },
  { fault: 'a port that its backend lacks', namespace: 'port-unknown', cause: 'backend-port-unknown' },
  { fault: 'a backend not granted', namespace: 'not-granted', cause: 'backend-not-granted' },
  { fault: 'a backend without a pod', namespace: 'no-endpoints', cause: 'backend-without-endpoints' },
];

for (const { fault, namespace, cause, host = `${namespace}.example.com` } of faults) {
  test(`${fault} → ${cause}`, facts, async ({ scene, ingress: of, expect }) => {
    await expect(scene.part(namespace)).toBeDiagnosed(cause);
    await expect(scene.part(namespace)).toBeDiagnosed(cause, { request: { host, path: '/status/200' }, of });
  });
}

test('a Gateway and a route that are well → no cause', facts, async ({ scene, expect }) => {
  await expect(scene.part('infra')).toBeDiagnosed(null);
  await expect(scene.part('well')).toBeDiagnosed(null);
});
