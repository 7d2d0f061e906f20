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
      '{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g}, spec: {gatewayClassName: istio, listeners: []}}',
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
      { name: `${where.namespace}-c`, labels },
    ]);
  });

  test('a GatewayClass of the fixture has a name of its own, and one of nobody stays', () => {
    const { objects } = placed(`
{apiVersion: g/v1, kind: GatewayClass, metadata: {name: c}}
---
{apiVersion: g/v1, kind: Gateway, metadata: {name: a}, spec: {gatewayClassName: c}}
---
{apiVersion: g/v1, kind: Gateway, metadata: {name: b}, spec: {gatewayClassName: no-such-class}}
`);
    expect(objects.slice(1).map(({ spec }) => spec)).toEqual([
      { gatewayClassName: `${where.namespace}-c` },
      { gatewayClassName: 'no-such-class' },
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

  test("gives the labels that an Istio Gateway selects a value of the case's own", () => {
    const { objects } = placed(`
{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: g}, spec: {selector: {istio: ingressgateway}}}
---
{apiVersion: v1, kind: Service, metadata: {name: s, labels: {istio: ingressgateway}}, spec: {selector: {istio: ingressgateway, app: x}}}
---
{apiVersion: v1, kind: Service, metadata: {name: t, labels: {istio: pilot}}, spec: {selector: {app: ingressgateway}}}
`);
    const own = 'ingressgateway-r1-ab12';
    expect(objects[0]?.spec).toEqual({ selector: { istio: own } });
    expect(objects[1]?.metadata.labels).toEqual({ istio: own });
    expect(objects[1]?.spec).toEqual({ selector: { istio: own, app: 'x' } });
    expect(objects[2]?.metadata.labels).toEqual({ istio: 'pilot' });
    expect(objects[2]?.spec).toEqual({ selector: { app: 'ingressgateway' } });
  });

  test('leaves the labels alone where no Istio Gateway selects: Ingresses are served by them as they are', () => {
    const { objects } = placed(
      '{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: {istio: ingressgateway}}}',
    );
    expect(objects[0]?.spec).toEqual({ selector: { istio: 'ingressgateway' } });
  });

  test('renames declared namespaces where the Istio API names them', () => {
    const { objects } = placed(`
{apiVersion: v1, kind: Namespace, metadata: {name: infra}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: infra}
spec:
  gateways: [infra/g, g, mesh]
  hosts: [infra.example.com, infra/a.example.com, elsewhere/b.example.com]
  http:
  - route:
    - destination: {host: infra.infra.svc.cluster.local}
    - destination: {host: infra.example.com}
`);
    const infra = `${where.namespace}-infra`;
    expect(objects[1]?.spec).toEqual({
      gateways: [`${infra}/g`, 'g', 'mesh'],
      hosts: ['infra.example.com', `${infra}/a.example.com`, 'elsewhere/b.example.com'],
      http: [
        {
          route: [
            { destination: { host: `infra.${infra}.svc.cluster.local` } },
            { destination: { host: 'infra.example.com' } },
          ],
        },
      ],
    });
  });

  test('gives an IngressClass a name of its own, which its Ingresses follow', () => {
    const { objects } = placed(`
{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: istio}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, spec: {ingressClassName: istio}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: j}, spec: {ingressClassName: nginx}}
`);
    const own = `${where.namespace}-istio`;
    expect(objects[0]?.metadata).toEqual({ name: own, labels });
    expect(objects.slice(1).map(({ spec }) => spec)).toEqual([
      { ingressClassName: own },
      { ingressClassName: 'nginx' },
    ]);
  });

  test('puts what is added later into the namespaces that were declared before', () => {
    const text = '{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: infra}}';
    const earlier = {
      namespaces: new Map([['infra', 'conformance-r1-shop-ab12-infra']]),
      selected: new Map<string, string>(),
    };
    const { manifests, given } = place(parseManifests(text, 'fixtures/x.yaml'), { ...where, earlier });
    expect(manifests[0]?.object.metadata.namespace).toBe('conformance-r1-shop-ab12-infra');
    expect(given).toEqual(earlier);
  });

  test('has Gateways select shared pods, and says of what suite the objects beside those of others are', () => {
    const pods =
      '{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: {istio: ingressgateway}}}';
    const shared = place(parseManifests(pods, 'fixtures/pods.yaml'), {
      ...where,
      namespace: 'conformance-r1-shared',
      selectedBy: ['istio=ingressgateway'],
    });
    const gateway =
      '{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: g, labels: {a: b}}, spec: {selector: {istio: ingressgateway}}}';
    const own = place(parseManifests(gateway, 'fixtures/x.yaml'), {
      ...where,
      earlier: shared.given,
      among: true,
    });
    const selector = { istio: 'ingressgateway-r1-shared' };
    expect(shared.manifests.map(({ object }) => object.spec)).toEqual([{ selector }]);
    expect(own.manifests.map(({ object }) => object.spec)).toEqual([{ selector }]);
    expect(own.manifests[0]?.object.metadata.labels).toEqual({ a: 'b', 'ingress-conformance/suite': 'shop' });
  });

  test('gives a GatewayClass a name of its own', () => {
    const { objects } = placed(
      '{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: c}, spec: {controllerName: x.example/c}}',
    );
    expect(objects[0]?.metadata).toEqual({ name: `${where.namespace}-c`, labels });
  });

  test('renames declared namespaces in the addresses of a Gateway', () => {
    const { objects } = placed(`
{apiVersion: v1, kind: Namespace, metadata: {name: infra}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g, namespace: infra}
spec:
  addresses:
  - {type: Hostname, value: infra.infra.svc.cluster.local}
  - {type: Hostname, value: infra.infra.example.com}
`);
    expect(objects[1]?.spec).toMatchObject({
      addresses: [
        { type: 'Hostname', value: `infra.${where.namespace}-infra.svc.cluster.local` },
        { type: 'Hostname', value: 'infra.infra.example.com' },
      ],
    });
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
