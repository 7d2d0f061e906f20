import { about, testOn } from '../../../helpers/test.ts';

const test = testOn('ingress-gateways/diagnosis/ingresses');
const facts = about({ dialect: 'ingress', features: [] });

// each fault is a part of its own
const faults = [
  { fault: 'a class that is not there', part: 'class-unknown', cause: 'ingress-class-unknown' },
  { fault: 'no class', part: 'class-none', cause: 'ingress-without-class' },
  { fault: 'a class of no controller', part: 'class-untaken', cause: 'ingress-class-not-served' },
  { fault: 'an Istio Gateway of its port and host', part: 'beside', cause: 'ingress-overlaps-gateway' },
  { fault: 'two Ingresses of one host and path', part: 'twice', cause: 'ingresses-overlap' },
];

for (const { fault, part, cause } of faults) {
  test(`${fault} → ${cause}`, facts, async ({ scene, expect }) => {
    await expect(scene.part(part)).toBeDiagnosed(cause);
  });
}
