import { about, testOn } from '../../../helpers/test.ts';

const test = testOn('ingress-gateways/diagnosis/gateways');
const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

const faults = [
  { fault: 'its GatewayClass is not there', namespace: 'class-unknown', cause: 'gateway-class-unknown' },
  {
    fault: 'no controller has its GatewayClass',
    namespace: 'class-untaken',
    cause: 'gateway-class-not-accepted',
  },
  { fault: 'it asks for another revision', namespace: 'revision-own', cause: 'revision-mismatch' },
  {
    fault: 'its namespace asks for another revision',
    namespace: 'revision-around',
    cause: 'revision-mismatch',
  },
  { fault: 'its load balancer has no such pool', namespace: 'pool-unknown', cause: 'load-balancer-refuses' },
  {
    fault: 'no load balancer is of its class',
    namespace: 'balancer-unknown',
    cause: 'load-balancer-class-unknown',
  },
  { fault: 'its certificate is not there', namespace: 'secret-missing', cause: 'certificate-missing' },
  {
    fault: 'its certificate is in another namespace',
    namespace: 'secret-elsewhere',
    cause: 'certificate-elsewhere',
  },
  {
    fault: 'its certificate is not granted',
    namespace: 'secret-not-granted',
    cause: 'certificate-not-granted',
  },
];

for (const { fault, namespace, cause } of faults) {
  test(`a Gateway whose fault is that ${fault}: ${cause}`, facts, async ({ scene, expect }) => {
    await expect(scene.part(namespace)).toBeDiagnosed(cause);
  });
}
