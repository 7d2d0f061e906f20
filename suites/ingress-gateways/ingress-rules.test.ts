import { shared } from '../../helpers/dialects.ts';
import { type Service, serviceKind } from '../../helpers/reach/service.ts';
import { about, testOn } from '../../helpers/test.ts';
import { type Exchange, exchangeTitle, notFound } from '../../helpers/traffic/exchange.ts';

const test = testOn(shared('ingress'), 'echo', 'ingress-gateways/ingress-rules');
const facts = about({ dialect: 'ingress', features: [] });

const host = 'rules.example.com';
const httpbin = (status: number): Exchange['answer'] => ({ status, backend: 'httpbin' });
const served: Exchange = { request: { host, path: '/status/200' }, answer: httpbin(200) };

const rows: Exchange[] = [
  served,
  {
    request: { host, path: '/anything/else' },
    answer: { status: 200, backend: 'echo' },
    why: 'the longest path wins',
  },
  {
    request: { host, path: '/anything/elsewhere' },
    answer: httpbin(200),
    why: 'a path ends where a part of it does',
  },
  { request: { host, path: '/statusx' }, answer: notFound },
  { request: { host, path: '/get' }, answer: httpbin(200), why: 'exact' },
  { request: { host, path: '/get/' }, answer: notFound, why: 'exact, with a slash' },
  { request: { host, path: '/getx' }, answer: notFound, why: 'exact' },
  {
    request: { host, path: '/headers' },
    answer: { ...httpbin(200), seen: { host } },
    why: 'by the second Ingress for the host, which names the port',
  },
  {
    request: { host: 'broken.example.com', path: '/status/200' },
    answer: httpbin(200),
    why: 'beside a path whose Service is not there',
  },
  {
    request: { host: 'broken.example.com', path: '/headers' },
    answer: { status: 503, backend: null },
    why: 'whose Service is not there',
  },
  {
    // not /headers: another suite has that for any host
    request: { host: 'other-class.example.com', path: '/anything' },
    answer: notFound,
    why: 'of a class that is not Istio’s',
  },
];

for (const row of rows) {
  test(exchangeTitle(row), facts, async ({ ingress, expect }) => {
    await expect(ingress).toAnswer(row, { while: served });
  });
}

test(
  "the status has the address of Istio's ingress gateway, and that of another class stays empty",
  facts,
  async ({ scene, cluster, expect, skip }) => {
    const gateway = { ...serviceKind, namespace: 'istio-system', name: 'istio-ingressgateway' };
    const service = await cluster.kube.get<Service>(gateway);
    skip(!service, 'there is no Service istio-system/istio-ingressgateway, whose address Istio would report');
    const addresses = (service?.status?.loadBalancer?.ingress ?? []).map(
      ({ ip, hostname }) => ip ?? hostname ?? '',
    );
    for (const name of ['prefixes', 'same-host', 'broken'])
      await expect(scene.ingress(name)).toReport({ addresses });
    await expect(scene.ingress('other-class')).toReport({ addresses: [] });
  },
);
