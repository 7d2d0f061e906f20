import { about, testOn } from '../../../helpers/test.ts';

const test = testOn({ file: 'httpbin', into: 'well' }, 'ingress-gateways/diagnosis/routes');
const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

const faults: { fault: string; namespace: string; cause: string; host?: string; path?: string }[] = [
  { fault: 'its Gateway is in another namespace', namespace: 'parent-unknown', cause: 'parent-unknown' },
  { fault: 'its Gateway has no such listener', namespace: 'listener-unknown', cause: 'listener-unknown' },
  {
    fault: 'its listener takes no route from here',
    namespace: 'not-allowed',
    cause: 'route-not-allowed',
    host: 'closed.example.org',
  },
  {
    fault: 'its host is none of the listener',
    namespace: 'hostname',
    cause: 'hostname-mismatch',
    host: 'hostname.example.net',
  },
  { fault: 'its backend is not there', namespace: 'backend-missing', cause: 'backend-missing' },
  { fault: 'its backend has no such port', namespace: 'port-unknown', cause: 'backend-port-unknown' },
  { fault: 'its backend is not granted', namespace: 'not-granted', cause: 'backend-not-granted' },
  { fault: 'its backend has no pod', namespace: 'no-endpoints', cause: 'backend-without-endpoints' },
];

for (const { fault, namespace, cause, host = `${namespace}.example.com`, path = '/status/200' } of faults) {
  test(`a route whose fault is that ${fault}: ${cause}`, facts, async ({ scene, ingress: of, expect }) => {
    await expect(scene.part(namespace)).toBeDiagnosed(cause);
    await expect(scene.part(namespace)).toBeDiagnosed(cause, { request: { host, path }, of });
  });
}

test('a Gateway and a route that are well have no cause', facts, async ({ scene, expect }) => {
  await expect(scene.part('infra')).toBeDiagnosed(null);
  await expect(scene.part('well')).toBeDiagnosed(null);
});
