import { ports, shared } from '../../helpers/dialects.ts';
import { about, testOn } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const test = testOn(shared('gateway-api'), ports, 'ingress-gateways/ingress-host-and-port');
const facts = about({
  dialect: 'gateway-api',
  features: ['Gateway', 'HTTPRoute', 'GatewayPort8080'],
});

const answers = (host: string): Exchange => ({
  request: { method: 'HEAD', host, path: '/status/200' },
  answer: { status: 200, backend: 'httpbin' },
});
const refuses = (host: string): Exchange => ({
  request: { method: 'HEAD', host, path: '/status/200' },
  answer: notFound,
});

test('address of the status, port of the listener http', facts, async ({ gateway, expect }) => {
  const ingress = await gateway.stated('http');
  expect(ingress.leadsTo.port, 'the port of the listener of that name').toBe(80);
  await expect(ingress).toAnswer([answers('httpbin.example.com'), refuses('alt.example.com')]);
});

test('address of the status, port of the listener http-alt', facts, async ({ gateway, expect }) => {
  const ingress = await gateway.stated('http-alt');
  expect(ingress.leadsTo.port, 'the port of the listener of that name').toBe(8080);
  await expect(ingress).toAnswer([answers('alt.example.com:8080'), refuses('httpbin.example.com:8080')]);
});

test('address of the load balancer that its Service has', facts, async ({ gateway, expect }) => {
  const [status, service] = await Promise.all([gateway.stated(), gateway.loadBalancer()]);
  expect(service.leadsTo, 'the status has the address that the load balancer gave').toEqual(status.leadsTo);
  await expect(service).toAnswer([answers('httpbin.example.com'), refuses('alt.example.com')]);
});

test('address of a node that runs it, and node port', facts, async ({ gateway, expect }) => {
  const ingress = await gateway.nodePort();
  const { port } = ingress.leadsTo;
  await expect(ingress).toAnswer([
    answers('httpbin.example.com'),
    answers(`httpbin.example.com:${port}`),
    refuses(`alt.example.com:${port}`),
  ]);
});

test('cluster IP of its Service, from inside the cluster', facts, async ({ gateway, expect }) => {
  const [http, alt] = await Promise.all([gateway.clusterIP('http'), gateway.clusterIP('http-alt')]);
  await expect(http).toAnswer([answers('httpbin.example.com'), refuses('alt.example.com')]);
  await expect(alt).toAnswer([answers('alt.example.com'), refuses('httpbin.example.com')]);
});

test('one of its pods, by port-forward', facts, async ({ gateway, expect }) => {
  const [http, alt] = await Promise.all([gateway.portForward('http'), gateway.portForward('http-alt')]);
  await expect(http).toAnswer([answers('httpbin.example.com'), refuses('alt.example.com')]);
  await expect(alt).toAnswer([answers('alt.example.com'), refuses('httpbin.example.com')]);
});
