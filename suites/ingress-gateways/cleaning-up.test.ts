import { isDeepStrictEqual } from 'node:util';
import { gatewayKind, httpRouteKind } from '../../helpers/gateway/types.ts';
import type { Kube } from '../../helpers/kube/client.ts';
import { describe, type Kind, type KubeObject, refOf } from '../../helpers/kube/objects.ts';
import { RUN_LABEL } from '../../helpers/labels.ts';
import { deploymentKind, podKind } from '../../helpers/pods/types.ts';
import { serviceKind } from '../../helpers/reach/service.ts';
import { runNamespace } from '../../helpers/run/id.ts';
import { leaseKind } from '../../helpers/run/lease.ts';
import { clusterScopedKinds, namespaceKind } from '../../helpers/run/remove.ts';
import { ClusterRun } from '../../helpers/run/run.ts';
import { Scene } from '../../helpers/scene.ts';
import { Setup } from '../../helpers/setup/setup.ts';
import { about, test } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

const host = 'httpbin.example.com';
const from = (path: string): Exchange => ({
  request: { host, path },
  answer: { status: 200, backend: 'httpbin' },
});
const status = from('/status/200');
const headers = from('/headers');

const serviceAccountKind: Kind = { apiVersion: 'v1', kind: 'ServiceAccount' };
const gatewayClassKind: Kind = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass' };
const ingressClassKind: Kind = { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass' };
/** Nobody but who made them writes to objects of these kinds. */
const leftAlone = [namespaceKind, gatewayClassKind, ingressClassKind, serviceAccountKind, leaseKind];
const kinds = [...leftAlone, gatewayKind, httpRouteKind, serviceKind, deploymentKind, podKind];

test(
  'the end of a run takes all that the run made, and nothing that only looks like it',
  facts,
  async ({ cluster, ofCase, apart, onTestFinished, expect }) => {
    const { kube, run } = cluster;
    const foreign = await apart('httpbin', 'ingress-gateways/cleaning-up/foreign');
    await disguise(foreign);

    const inner = new ClusterRun(kube);
    onTestFinished(() => inner.end(run.timeouts.gone));
    await inner.begin();
    const of = { ...cluster, run: { ...run, id: inner.id } };
    const setup = await Setup.of(of, ['httpbin', 'ingress-gateways/cleaning-up/run'], ofCase.signal);
    ofCase.setups.push(setup);
    const scene = new Scene(ofCase, setup);
    await setup.apply();
    await attach(foreign, scene);
    const [ingress, foreignIngress] = await Promise.all([scene.edge().ingress(), foreign.edge().ingress()]);
    await expect(ingress).toAnswer([status, { ...headers, answer: notFound }]);
    await expect(foreignIngress).toAnswer([headers, { ...status, answer: notFound }]);
    await expect(scene.gateway().listener('http')).toReport({ attachedRoutes: 2 });

    const isOfRun = ({ metadata: { name, namespace = name, labels } }: KubeObject): boolean =>
      namespace.startsWith(runNamespace(inner.id)) || labels?.[RUN_LABEL] === inner.id;
    const made = await allOf(kube, isOfRun);
    expect(kinds, 'no kind that a run may make is forgotten here').toEqual(
      expect.arrayContaining(clusterScopedKinds),
    );
    expect(new Set(made.map(({ kind }) => kind)), 'the run has made objects of every kind').toEqual(
      new Set(kinds.map(({ kind }) => kind)),
    );
    const isForeign = ({ metadata: { name, namespace = name } }: KubeObject): boolean =>
      namespace.startsWith(foreign.setup.namespace);
    const before = await allOf(kube, isForeign);

    await inner.end(run.timeouts.gone);

    expect((await allOf(kube, isOfRun)).map(nameOf), 'what is left of the run').toEqual([]);
    expect(await changes(kube, before), 'what is not of the run, and was changed').toEqual([]);
    await expect(foreignIngress).toAnswer([headers, { ...status, answer: notFound }]);
  },
);

test(
  'the clean-up of the task takes what it names, and takes it well when there is nothing left',
  facts,
  async ({ cluster: { kube }, apart, expect }) => {
    const scene = await apart('httpbin', 'ingress-gateways/cleaning-up/task');
    const { setup } = scene;
    const gateway = scene.gateway();
    const ingress = await gateway.ingress();
    await expect(ingress).toAnswer([status, { ...headers, answer: notFound }]);
    const own = await gateway.own();
    const named = [
      scene.route('httpbin').ref,
      gateway.ref,
      ...[serviceAccountKind, serviceKind, deploymentKind].map((kind) => setup.find(kind, 'httpbin')),
    ];
    const isBeside = ({ metadata: { name, namespace } }: KubeObject): boolean =>
      namespace === setup.namespace && name === 'httpbin-2';
    const beside = await allOf(kube, isBeside);
    expect(beside.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'HTTPRoute', 'Service']);

    for (const ref of named) await scene.delete({ ref });

    await expect(ingress).toStopAnswering(status);
    const kindsMade = own ? [serviceKind, deploymentKind, podKind, serviceAccountKind].map(own) : [];
    for (const ofKind of kindsMade) await expect(ofKind).toBeGone();
    expect(await Promise.all(named.map((ref) => kube.get(ref)))).toEqual(named.map(() => undefined));
    expect(await changes(kube, beside), 'what the clean-up does not name, and was changed').toEqual([]);

    for (const ref of named) await scene.delete({ ref });
  },
);

/** Takes the run's label off what is to look like another's, and has it go with the case's own namespace all the same. */
async function disguise({ setup }: Scene): Promise<void> {
  const { kube } = setup.cluster;
  const owner = { ...namespaceKind, name: setup.namespace };
  const uid = (await kube.get({ ...owner }))?.metadata.uid;
  const all = await allOf(
    kube,
    ({ metadata: { name, namespace } }) => namespace === undefined && name.startsWith(`${setup.namespace}-`),
  );
  await Promise.all(
    all.map((object) => {
      const label = object.metadata.name.endsWith('-mislabelled') ? 'httpbin' : null;
      const ownerReferences = [{ ...owner, uid }];
      return kube.patch(refOf(object), { metadata: { labels: { [RUN_LABEL]: label }, ownerReferences } });
    }),
  );
}

async function attach(foreign: Scene, { setup }: Scene): Promise<void> {
  const visitor = foreign.route('visitor').ref;
  const { name, namespace } = setup.find(gatewayKind);
  await setup.cluster.kube.patch(visitor, { spec: { parentRefs: [{ name, namespace }] } });
}

async function allOf(kube: Kube, wanted: (object: KubeObject) => boolean): Promise<KubeObject[]> {
  const lists = await Promise.all(kinds.map((kind) => kube.list(kind)));
  return lists.flatMap(({ items }) => items.filter(wanted));
}

const nameOf = (object: KubeObject): string => describe(refOf(object));

/** What became of the objects since: a line for each that was replaced or written to, or is gone or going. */
async function changes(kube: Kube, before: KubeObject[]): Promise<string[]> {
  const lines = await Promise.all(
    before
      .filter((object) => !isReplica(object))
      .map(async (object) => {
        const became = changed(object, await kube.get(refOf(object)));
        return became === undefined ? [] : `${nameOf(object)} ${became}`;
      }),
  );
  return lines.flat();
}

/** A pod that is gone is made anew by its ReplicaSet, and nothing tells who took it. */
const isReplica = ({ kind, metadata: { ownerReferences = [] } }: KubeObject): boolean =>
  kind === podKind.kind && ownerReferences.length > 0;

function changed({ kind, metadata: was }: KubeObject, now: KubeObject | undefined): string | undefined {
  if (!now) return 'is gone';
  const { uid, deletionTimestamp, generation, labels, resourceVersion } = now.metadata;
  if (uid !== was.uid) return 'was made anew';
  if (deletionTimestamp !== undefined) return 'is being deleted';
  // where controllers write as well, only what they leave alone can be told
  const written = leftAlone.some((each) => each.kind === kind)
    ? resourceVersion !== was.resourceVersion
    : generation !== was.generation || !isDeepStrictEqual(labels, was.labels);
  return written ? 'was written to' : undefined;
}
