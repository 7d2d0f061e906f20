import { about, testOn } from '../../../helpers/test.ts';

const test = testOn('ingress-gateways/diagnosis/ingresses');
const facts = about({ dialect: 'ingress', features: [] });

const faults = [
  { fault: 'its class is not there', namespace: 'class-unknown', cause: 'ingress-class-unknown' },
  { fault: 'it has no class', namespace: 'class-none', cause: 'ingress-without-class' },
  { fault: 'no controller has its class', namespace: 'class-untaken', cause: 'ingress-class-not-served' },
  { fault: 'another one has its host and path', namespace: 'twice', cause: 'ingresses-overlap' },
];

for (const { fault, namespace, cause } of faults) {
  test(`an Ingress whose fault is that ${fault}: ${cause}`, facts, async ({ scene, expect }) => {
    await expect(scene.part(namespace)).toBeDiagnosed(cause);
  });
}
