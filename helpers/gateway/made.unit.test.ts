import { describe, expect, test } from 'vitest';
import type { Service } from '../reach/service.ts';
import { isMade, isMadeFor, placeOfMade, serviceFor } from './made.ts';
import type { GatewayObject } from './types.ts';

const gateway: GatewayObject = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { gatewayClassName: 'acme', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  status: { addresses: [{ value: '10.0.0.1' }] },
};

const service = (
  namespace: string,
  labels: Record<string, string>,
  { ip, port = 80 }: { ip?: string; port?: number } = {},
): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'edge', namespace, labels },
  spec: { ports: [{ port }] },
  status: { loadBalancer: { ingress: ip === undefined ? [] : [{ ip }] } },
});

const standard = 'gateway.networking.k8s.io/gateway-name';
/** As Envoy Gateway v1.9.1 labels what it makes, in its own namespace. */
const envoyGateway = (name: string, namespace: string) => ({
  'gateway.envoyproxy.io/owning-gateway-name': name,
  'gateway.envoyproxy.io/owning-gateway-namespace': namespace,
});

describe('what is made for a Gateway is known', () => {
  test("by Gateway API's label, in the Gateway's namespace", () => {
    const made = service('shop', { [standard]: 'web' });
    expect(isMadeFor(gateway, made)).toBe(true);
    expect(placeOfMade(gateway, made)).toEqual({ namespace: 'shop', labels: `${standard}=web` });
  });

  test("by two labels of the controller's own, in whatever namespace", () => {
    const made = service('envoy-gateway-system', { app: 'envoy', ...envoyGateway('web', 'shop') });
    expect(isMadeFor(gateway, made)).toBe(true);
    expect(placeOfMade(gateway, made)).toEqual({
      namespace: 'envoy-gateway-system',
      labels:
        'gateway.envoyproxy.io/owning-gateway-name=web,gateway.envoyproxy.io/owning-gateway-namespace=shop',
    });
  });

  test('by those of its labels that name it, beside others that do not', () => {
    const own = envoyGateway('web', 'shop');
    const labels =
      'gateway.envoyproxy.io/owning-gateway-name=web,gateway.envoyproxy.io/owning-gateway-namespace=shop';
    const beside = { 'acme.com/gateway-name': 'other', ...own };
    expect(placeOfMade(gateway, service('shop', beside))).toEqual({ namespace: 'shop', labels });
    const elsewhere = service('acme', { [standard]: 'web', ...own });
    expect(placeOfMade(gateway, elsewhere)?.namespace).toBe('acme');
    expect(placeOfMade(gateway, elsewhere)?.labels).toBe(labels);
  });

  test.for([
    ['another namespace has a Gateway of that name', service('other', { [standard]: 'web' })],
    ['another name', service('shop', { [standard]: 'other' })],
    ["a controller's labels of another namespace", service('acme', envoyGateway('web', 'other'))],
    ["a controller's labels of another name", service('acme', envoyGateway('other', 'shop'))],
    ["a controller's label without the namespace", service('acme', { 'acme.com/gateway-name': 'web' })],
  ] as const)('and not by: %s', ([, other]) => {
    expect(isMadeFor(gateway, other)).toBe(false);
    expect(placeOfMade(gateway, other)).toBeUndefined();
    expect(isMade(other)).toBe(true);
  });
});

describe('the Service in front of a Gateway', () => {
  const plain = service('acme', {}, { ip: '10.0.0.1' });
  const made = service('acme', envoyGateway('web', 'shop'));

  test('is the one that was made for it', () => {
    expect(serviceFor(gateway, [plain, made])).toBe(made);
  });

  test('else one that has its address and a port of its listeners', () => {
    const others = [
      service('acme', {}, { ip: '10.0.0.2' }),
      service('acme', {}, { ip: '10.0.0.1', port: 443 }),
    ];
    expect(serviceFor(gateway, [...others, plain])).toBe(plain);
    expect(serviceFor(gateway, others)).toBeUndefined();
    expect(isMade(plain)).toBe(false);
    plain.spec.ports.push({ port: 443 });
    expect(serviceFor(gateway, [plain]), 'with another port beside it').toBe(plain);
  });

  test('is none where the Gateway has no address, even if a Service has none either', () => {
    const { status: _, ...unaddressed } = gateway;
    const headless = service('acme', {});
    headless.spec.clusterIP = 'None';
    const { status: __, ...unbalanced } = service('acme', {});
    expect(serviceFor(unaddressed, [headless, unbalanced, plain])).toBeUndefined();
    expect(serviceFor({ ...unaddressed, status: {} }, [headless, plain])).toBeUndefined();
    expect(serviceFor(gateway, [unbalanced, { ...headless, status: {} }])).toBeUndefined();
  });
});
