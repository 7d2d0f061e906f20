import { expect, test } from 'vitest';
import { readGateway, readListener, readParent } from '../gateway/views.ts';
import type { StatusDoes } from './catalogue.ts';
import { rewritten } from './rewrite.ts';

const condition = { type: 'Accepted', status: 'True', reason: 'Accepted', observedGeneration: 2 } as const;
const gateway = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'web', namespace: 'shop', generation: 2, labels: { team: 'a' } },
  spec: { gatewayClassName: 'istio', listeners: [] },
  status: {
    conditions: [condition],
    addresses: [{ type: 'IPAddress', value: '10.0.0.1' }],
    listeners: [
      { name: 'http', attachedRoutes: 1, supportedKinds: [{ kind: 'HTTPRoute' }], conditions: [condition] },
    ],
  },
};
const route = {
  ...gateway,
  kind: 'HTTPRoute',
  spec: {},
  status: {
    parents: [{ parentRef: { name: 'web' }, controllerName: 'a.example/b', conditions: [condition] }],
  },
};
const read = (does: StatusDoes) => readGateway(rewritten(gateway, does) as typeof gateway);
const listener = (does: StatusDoes) => readListener(rewritten(gateway, does) as typeof gateway, 'http');

test('a status is told otherwise, and the object is left as it is', () => {
  const before = structuredClone(gateway);
  expect(read({ condition: 'Accepted', is: { status: 'opposite' } }).conditions.Accepted).toBe(
    'False Accepted',
  );
  expect(gateway).toEqual(before);
  expect(read({})).toEqual(readGateway(before));
});

test('conditions: another reason, an older generation, gone, one more', () => {
  expect(read({ condition: 'Accepted', is: { reason: 'Fault' } }).conditions.Accepted).toBe('True Fault');
  expect(read({ condition: 'Accepted', is: { observedGeneration: 'older' } }).outdated).toEqual(['Accepted']);
  expect(read({ dropCondition: 'Accepted' }).conditions).toEqual({});
  expect(Object.keys(read({ addCondition: 'Programmed' }).conditions)).toEqual(['Accepted', 'Programmed']);
  expect(listener({ condition: 'Accepted', is: { status: 'opposite' } })?.conditions.Accepted).toBe(
    'False Accepted',
  );
});

test('addresses, listeners, routes and kinds', () => {
  expect(read({ addAddress: '192.0.2.1' }).addresses).toEqual(['IPAddress 10.0.0.1', 'IPAddress 192.0.2.1']);
  expect(read({ dropAddresses: true }).addresses).toEqual([]);
  expect(read({ addListener: 'more' }).listeners).toEqual(['http', 'more']);
  expect(listener({ attachedRoutes: 1 })?.attachedRoutes).toBe(2);
  expect(listener({ addKind: 'GRPCRoute' })?.supportedKinds).toEqual(['HTTPRoute', 'GRPCRoute']);
  expect(listener({ dropKinds: true })?.supportedKinds).toEqual([]);
});

test('a status that speaks of another parent', () => {
  const ref = { apiVersion: gateway.apiVersion, kind: 'Gateway', name: 'web', namespace: 'shop' };
  expect(readParent(rewritten(route, { part: 'other' }) as typeof route, ref)).toBeUndefined();
  expect(readParent(rewritten(route, {}) as typeof route, ref)).toBeDefined();
});

test('labels, and entries of a list', () => {
  expect(rewritten(gateway, { dropLabel: 'team' }).metadata.labels).toEqual({});
  expect(rewritten(gateway, { dropEntry: '/status/conditions' })).toMatchObject({
    status: { conditions: [] },
  });
  expect(rewritten(gateway, { changeEntry: '/status/conditions' })).toMatchObject({
    status: { conditions: [{ type: 'Accepted', lastTransitionTime: '2001-01-01T00:00:00Z' }] },
  });
});
