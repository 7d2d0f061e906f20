import { hosts, shared } from '../../../helpers/dialects.ts';
import { about, testOn } from '../../../helpers/test.ts';

const test = testOn(shared('gateway-api'), hosts, 'ingress-gateways/diagnosis/routes');
const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

// each fault is a part of its own, and shows in the answer to a request
const faults: { fault: string; part: string; cause: string; host?: string }[] = [
  { fault: 'a Gateway of another namespace', part: 'parent-unknown', cause: 'parent-unknown' },
  { fault: 'a listener that is not there', part: 'listener-unknown', cause: 'listener-unknown' },
  {
    fault: 'a listener that takes no such route',
    part: 'not-allowed',
    cause: 'route-not-allowed',
    host: 'closed.example.org',
  },
  {
    fault: 'a host of no listener',
    part: 'hostname',
    cause: 'hostname-mismatch',
    host: 'hostname.example.net',
  },
  { fault: 'a backend that is not there', part: 'backend-missing', cause: 'backend-missing' },
  { fault: 'a port that its backend lacks', part: 'port-unknown', cause: 'backend-port-unknown' },
  { fault: 'a filter that is not there', part: 'filter-unknown', cause: 'route-refused' },
  { fault: 'a backend not granted', part: 'not-granted', cause: 'backend-not-granted' },
  { fault: 'a backend without a pod', part: 'no-endpoints', cause: 'backend-without-endpoints' },
];

for (const { fault, part, cause, host = `${part}.routes.example.com` } of faults) {
  test(`${fault} → ${cause}`, facts, async ({ scene, ingress: of, expect }) => {
    await expect(scene.part(part)).toBeDiagnosed(cause);
    await expect(scene.part(part)).toBeDiagnosed(cause, { request: { host, path: '/status/200' }, of });
  });
}

test('a Gateway and a route that are well → no cause', facts, async ({ scene, expect }) => {
  await expect(scene.part('well')).toBeDiagnosed(null);
});
