import { isIstioTarget } from '../../../cluster/target.ts';
import { about, testOn } from '../../../helpers/test.ts';

const test = testOn('ingress-gateways/diagnosis/gateways');
const facts = about({ dialect: 'gateway-api', features: ['Gateway'] });

// each fault is a part of its own; docs/troubleshooting.md lists the causes
const faults = [
  { fault: 'a GatewayClass that is not there', part: 'class-unknown', cause: 'gateway-class-unknown' },
  {
    fault: 'a GatewayClass of no controller',
    part: 'class-untaken',
    cause: 'gateway-class-not-accepted',
  },
  { fault: 'an address pool that is not there', part: 'pool-unknown', cause: 'load-balancer-refuses' },
  {
    fault: 'a load balancer that is not there',
    part: 'balancer-unknown',
    cause: 'load-balancer-class-unknown',
  },
  { fault: 'a certificate that is not there', part: 'secret-missing', cause: 'certificate-missing' },
  { fault: 'a certificate elsewhere', part: 'secret-elsewhere', cause: 'certificate-elsewhere' },
  { fault: 'a certificate not granted', part: 'secret-not-granted', cause: 'certificate-not-granted' },
  { fault: 'no certificate in the Secret', part: 'secret-garbled', cause: 'certificate-invalid' },
  { fault: 'two protocols at a port', part: 'protocols', cause: 'listeners-conflict' },
  { fault: 'an address of no type', part: 'address-unsupported', cause: 'gateway-refused' },
];

/** Istio alone has revisions: what asks for one is well with any other. */
const ofRevisions: typeof faults = [
  { fault: 'a revision that is not there', part: 'revision-own', cause: 'revision-mismatch' },
  { fault: 'a namespace of such a revision', part: 'revision-around', cause: 'revision-mismatch' },
];
for (const { fault, part, cause } of ofRevisions) {
  test(`${fault} → ${cause}`, facts, async ({ scene, target, skip, expect }) => {
    skip(!isIstioTarget(target), `${target.versions.implementation} has no revisions`);
    await expect(scene.part(part)).toBeDiagnosed(cause);
  });
}

for (const { fault, part, cause } of faults) {
  test(`${fault} → ${cause}`, facts, async ({ scene, expect }) => {
    await expect(scene.part(part)).toBeDiagnosed(cause);
  });
}
