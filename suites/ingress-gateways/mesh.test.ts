import { isIstioTarget } from '../../cluster/target.ts';
import { hosts, shared } from '../../helpers/dialects.ts';
import type { KubeObject, Ref } from '../../helpers/kube/objects.ts';
import { type Pod, podKind } from '../../helpers/pods/types.ts';
import type { Scene } from '../../helpers/scene.ts';
import { about, testOn } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const test = testOn(
  shared('gateway-api'),
  hosts,
  { file: 'httpbin', into: 'outside' },
  { file: 'httpbin', into: 'mesh' },
  'ingress-gateways/mesh',
).extend('inMesh', { auto: true }, ({ target, skip }) => {
  const { implementation } = target.versions;
  skip(!isIstioTarget(target), `a gateway of ${implementation} has no identity in Istio's mesh`);
});
const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

/** What a sidecar tells its workload of a peer that came with mutual TLS; plain text has no identity. */
const identity = 'x-forwarded-client-cert';
const ofTheGateway = /URI=spiffe:\/\/[^/]+\/ns\/[^/]+-gateway-api\/sa\//;

const throughGateway = (host: string, backend: string, peer: RegExp | null): Exchange => ({
  request: { host, path: '/headers' },
  answer: { status: 200, backend, seen: { host, [identity]: peer } },
});
const outside = throughGateway('outside.mesh.example.com', 'outside/httpbin', null);
const optedIn = throughGateway('opted-in.mesh.example.com', 'outside/httpbin-opted-in', ofTheGateway);
const mesh = throughGateway('httpbin.mesh.example.com', 'mesh/httpbin', ofTheGateway);
const strict = throughGateway('strict.mesh.example.com', 'mesh/httpbin-strict', ofTheGateway);

const reached = [
  { what: 'httpbin without a sidecar, in plain text', exchange: outside },
  { what: 'httpbin with a sidecar by its own label, with mutual TLS', exchange: optedIn },
  { what: 'httpbin with a sidecar by the label of its namespace, with mutual TLS', exchange: mesh },
  { what: 'httpbin that takes mutual TLS only', exchange: strict },
];

for (const { what, exchange } of reached) {
  test(`the Gateway reaches ${what}`, facts, async ({ ingress, expect }) => {
    const { host } = exchange.request;
    await expect(ingress).toAnswer([exchange, { request: { host, path: '/headersx' }, answer: notFound }]);
  });
}

/** Asked by a pod that has no identity; `-`, UC: what became of its request, see the fixture. */
const plainText: Exchange = {
  request: { host: 'plain-text.mesh.example.com', path: '/headers' },
  answer: {
    status: 200,
    backend: 'mesh/httpbin',
    seen: { [identity]: null },
    headers: { 'x-plain-text': /^- / },
  },
};
const plainTextToStrict: Exchange = {
  request: { host: 'plain-text-to-strict.mesh.example.com', path: '/headers' },
  answer: { status: 503, backend: null, headers: { 'x-plain-text': /^UC / } },
};

test(
  'plain text from outside of the mesh is refused where mutual TLS is demanded, and answered where it is not',
  facts,
  async ({ ingress, expect }) => {
    await expect(ingress).toAnswer([plainTextToStrict, plainText, strict]);
  },
);

const injected = ['httpbin', 'istio-proxy'];
const pods = [
  { that: 'has no label in a namespace without one', backend: 'outside/httpbin', runs: ['httpbin'] },
  {
    that: 'has opted in in a namespace without a label',
    backend: 'outside/httpbin-opted-in',
    runs: injected,
  },
  { that: 'has no label in a namespace with one', backend: 'mesh/httpbin', runs: injected },
  { that: 'has opted out in a namespace with a label', backend: 'mesh/plain-text', runs: ['envoy'] },
];

for (const { that, backend, runs } of pods) {
  test(`a pod that ${that} runs ${runs.join(' and ')}`, facts, async ({ scene, expect }) => {
    await expect(scene.reading(await podOf(scene, backend), running)).toTell(runs);
  });
}

async function podOf({ setup }: Scene, backend: string): Promise<Ref> {
  const found = (await setup.ready()).find((pod) => pod.backend === backend);
  if (!found) throw new Error(`there is no pod of ${backend}`);
  const { namespace, name } = found;
  return { ...podKind, namespace, name };
}

/** A sidecar is an init container that does not end, or, before Kubernetes 1.29, one more container. */
function running(pod: KubeObject): string[] {
  const { status } = pod as Pod;
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
    .filter(({ state, ready }) => state?.running && ready)
    .map(({ name }) => name)
    .toSorted();
}
