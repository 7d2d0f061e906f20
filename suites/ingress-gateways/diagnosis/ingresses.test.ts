import { about, testOn } from '../../../helpers/test.ts';

const test = testOn('ingress-gateways/diagnosis/ingresses');
const facts = about({ dialect: 'ingress', features: [] });

// each fault is in a namespace of its own
const faults = [
  { fault: 'a class that is not there', namespace: 'class-unknown', cause: 'ingress-class-unknown' },
  { fault: 'no class', namespace: 'class-none', cause: 'ingress-without-class' },
  { fault: 'a class of no controller', namespace: 'class-untaken', cause: 'ingress-class-not-served' },
  { fault: 'an Istio Gateway of its port and host', namespace: 'beside', cause: 'ingress-overlaps-gateway' },
  { fault: 'two Ingresses of one host and path', namespace: 'twice', cause: 'ingresses-overlap' },
];

for (const { fault, namespace, cause } of faults) {
  test(`${fault} → ${cause}`, facts, async ({ scene, expect }) => {
    await expect(scene.part(namespace)).toBeDiagnosed(cause);
  });
}
