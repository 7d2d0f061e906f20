import { about, testOn } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const test = testOn('httpbin', 'ingress-gateways/ingress-host-and-port');
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
  const ingress = await gateway.ingress('http');
  expect(ingress.address.port, 'the port of the listener of that name').toBe(80);
  await expect(ingress).toAnswer([answers('httpbin.example.com'), refuses('alt.example.com')]);
});

test('address of the status, port of the listener http-alt', facts, async ({ gateway, expect }) => {
  const ingress = await gateway.ingress('http-alt');
  expect(ingress.address.port, 'the port of the listener of that name').toBe(8080);
  await expect(ingress).toAnswer([answers('alt.example.com:8080'), refuses('httpbin.example.com:8080')]);
});

test('address of the load balancer that its Service has', facts, async ({ gateway, expect }) => {
  const [status, service] = await Promise.all([gateway.ingress(), gateway.loadBalancer()]);
  expect(service.address, 'the status has the address that the load balancer gave').toEqual(status.address);
  await expect(service).toAnswer([answers('httpbin.example.com'), refuses('alt.example.com')]);
});

test('address of a node that runs it, and node port', facts, async ({ gateway, expect }) => {
  const ingress = await gateway.nodePort();
  const { port } = ingress.address;
  await expect(ingress).toAnswer([
    answers('httpbin.example.com'),
    answers(`httpbin.example.com:${port}`),
    refuses(`alt.example.com:${port}`),
  ]);
});
