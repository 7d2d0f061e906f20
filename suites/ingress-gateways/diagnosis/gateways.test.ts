import { about, testOn } from '../../../helpers/test.ts';

const test = testOn('ingress-gateways/diagnosis/gateways');
const facts = about({ dialect: 'gateway-api', features: ['Gateway'] });

// each fault is in a namespace of its own; docs/troubleshooting.md lists the causes
const faults = [
  { fault: 'a GatewayClass that is not there', namespace: 'class-unknown', cause: 'gateway-class-unknown' },
  {
    fault: 'a GatewayClass of no controller',
    namespace: 'class-untaken',
    cause: 'gateway-class-not-accepted',
  },
  { fault: 'a revision that is not there', namespace: 'revision-own', cause: 'revision-mismatch' },
  { fault: 'a namespace of such a revision', namespace: 'revision-around', cause: 'revision-mismatch' },
  { fault: 'an address pool that is not there', namespace: 'pool-unknown', cause: 'load-balancer-refuses' },
  {
    fault: 'a load balancer that is not there',
    namespace: 'balancer-unknown',
    cause: 'load-balancer-class-unknown',
  },
  { fault: 'a certificate that is not there', namespace: 'secret-missing', cause: 'certificate-missing' },
  { fault: 'a certificate elsewhere', namespace: 'secret-elsewhere', cause: 'certificate-elsewhere' },
  { fault: 'a certificate not granted', namespace: 'secret-not-granted', cause: 'certificate-not-granted' },
];

for (const { fault, namespace, cause } of faults) {
  test(`${fault} → ${cause}`, facts, async ({ scene, expect }) => {
    await expect(scene.part(namespace)).toBeDiagnosed(cause);
  });
}
