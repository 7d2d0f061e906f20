import { describe, expect, test } from 'vitest';
import { Problem } from '../../cluster/problem.ts';
import { parseManifests } from '../kube/manifests.ts';
import type { KubeObject } from '../kube/objects.ts';
import { place } from './place.ts';

const where = { namespace: 'conformance-r1-shop-ab12', run: 'r1', suite: 'shop', gatewayClass: 'other' };
const labels = { 'ingress-conformance/run': 'r1', 'ingress-conformance/suite': 'shop' };

const placed = (text: string): { objects: KubeObject[]; usesOwn: boolean } => {
  const { manifests, usesOwn } = place(parseManifests(text, 'fixtures/x.yaml'), where);
  return { objects: manifests.map(({ object }) => object), usesOwn };
};

const intoKubeSystem = () =>
  placed('\n{apiVersion: v1, kind: Service, metadata: {name: a, namespace: kube-system}}');

describe('place', () => {
  test("puts an object without a namespace into the case's own", () => {
    const { objects, usesOwn } = placed('{apiVersion: v1, kind: Service, metadata: {name: a}}');
    expect(objects).toEqual([
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: where.namespace } },
    ]);
    expect(usesOwn).toBe(true);
  });

  test("asks for the target's GatewayClass", () => {
    const { objects } = placed(
      '{apiVersion: g/v1, kind: Gateway, metadata: {name: g}, spec: {gatewayClassName: istio, listeners: []}}',
    );
    expect(objects[0]?.spec).toEqual({ gatewayClassName: 'other', listeners: [] });
  });

  test('labels what is in no namespace as of the run, and keeps its own labels', () => {
    const { objects } = placed(`
{apiVersion: v1, kind: Namespace, metadata: {name: guest, labels: {ingress: welcome}}}
---
{apiVersion: g/v1, kind: GatewayClass, metadata: {name: c}}
`);
    expect(objects.map(({ metadata }) => metadata)).toEqual([
      { name: `${where.namespace}-guest`, labels: { ingress: 'welcome', ...labels } },
      { name: 'c', labels },
    ]);
  });

  test('renames declared namespaces wherever they are named', () => {
    const { objects, usesOwn } = placed(`
{apiVersion: v1, kind: Namespace, metadata: {name: infra}}
---
apiVersion: g/v1
kind: HTTPRoute
metadata: {name: infra, namespace: infra}
spec:
  parentRefs:
  - {name: infra, namespace: infra, sectionName: infra}
  rules:
  - backendRefs:
    - {name: a, namespace: infra}
    - {name: b, namespace: elsewhere}
  selector:
    matchLabels: {kubernetes.io/metadata.name: infra, app: infra}
    matchExpressions:
    - {key: kubernetes.io/metadata.name, operator: In, values: [infra, x]}
    - {key: app, operator: In, values: [infra]}
`);
    const infra = `${where.namespace}-infra`;
    expect(objects[1]?.metadata).toEqual({ name: 'infra', namespace: infra });
    expect(objects[1]?.spec).toEqual({
      parentRefs: [{ name: 'infra', namespace: infra, sectionName: 'infra' }],
      rules: [
        {
          backendRefs: [
            { name: 'a', namespace: infra },
            { name: 'b', namespace: 'elsewhere' },
          ],
        },
      ],
      selector: {
        matchLabels: { 'kubernetes.io/metadata.name': infra, app: 'infra' },
        matchExpressions: [
          { key: 'kubernetes.io/metadata.name', operator: 'In', values: [infra, 'x'] },
          { key: 'app', operator: 'In', values: ['infra'] },
        ],
      },
    });
    expect(usesOwn).toBe(false);
  });

  test('refuses to write into a namespace that is not of the case', () => {
    expect(intoKubeSystem).toThrow(Problem);
    expect(intoKubeSystem).toThrow(
      /place Service a \(fixtures\/x\.yaml:2\): it names the namespace "kube-system"/,
    );
  });

  test('refuses a name that Kubernetes would refuse', () => {
    const long = 'a'.repeat(40);
    expect(() => placed(`{apiVersion: v1, kind: Namespace, metadata: {name: ${long}}}`)).toThrow(
      'too long a name',
    );
  });
});
