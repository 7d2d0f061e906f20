import { describe, expect, test } from 'vitest';
import type { Condition } from '../kube/objects.ts';
import { conditionSummary, isTrue } from './conditions.ts';
import type { GatewayObject, PolicyObject, RouteObject } from './types.ts';
import { readAncestor, readGateway, readListener, readParent } from './views.ts';

const condition = (
  type: string,
  status: Condition['status'],
  reason: string,
  observedGeneration = 2,
): Condition => ({
  type,
  status,
  reason,
  observedGeneration,
  message: 'said the controller',
});

const gateway = (status: GatewayObject['status']): GatewayObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'g', namespace: 'infra', generation: 2 },
  spec: { gatewayClassName: 'istio', listeners: [] },
  ...(status ? { status } : {}),
});

const route = (parents: NonNullable<RouteObject['status']>['parents']): RouteObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'r', namespace: 'infra', generation: 2 },
  spec: {},
  ...(parents ? { status: { parents } } : {}),
});

const ref = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', name: 'g', namespace: 'infra' };
const accepted = [condition('Accepted', 'True', 'Accepted')];

test('a condition of an older generation says so, and is not true', () => {
  const stale = [condition('Programmed', 'True', 'Programmed', 1)];
  expect(readGateway(gateway({ conditions: stale })).conditions).toEqual({
    Programmed: 'True Programmed (of generation 1, the object is at 2)',
  });
  expect(isTrue(stale, 'Programmed', 2)).toBe(false);
  expect(isTrue(stale, 'Programmed', 1)).toBe(true);
});

test('only the condition that is asked for counts, and only if it is true', () => {
  const conditions = [...accepted, condition('Programmed', 'False', 'Invalid')];
  expect(isTrue(conditions, 'Accepted', 2)).toBe(true);
  expect(isTrue(conditions, 'Programmed', 2)).toBe(false);
  expect(isTrue(conditions, 'Ready', 2)).toBe(false);
  expect(isTrue(undefined, 'Accepted', 2)).toBe(false);
});

test('a condition without a reason is told by its status alone', () => {
  const conditions: Condition[] = [{ type: 'Accepted', status: 'True', observedGeneration: 2 }];
  expect(readGateway(gateway({ conditions })).conditions).toEqual({ Accepted: 'True' });
});

test('a status that tells nothing has nothing in it', () => {
  expect(readGateway(gateway({}))).toEqual({
    conditions: {},
    outdated: ['no condition yet'],
    addresses: [],
    listeners: [],
  });
  expect(conditionSummary(undefined, 2)).toBe('no condition yet');
  expect(readListener(gateway({}), 'a')).toBeUndefined();
});

test('a summary quotes the message of what is not true', () => {
  const conditions = [...accepted, condition('Programmed', 'False', 'AddressNotAssigned')];
  expect(conditionSummary(conditions, 2)).toBe(
    'Accepted: True Accepted; Programmed: False AddressNotAssigned "said the controller"',
  );
  expect(conditionSummary([], 2)).toBe('no condition yet');
});

test('what is not of the present generation is outdated, and so is a status that says nothing', () => {
  const conditions = [...accepted, condition('Programmed', 'True', 'Programmed', 1)];
  expect(readGateway(gateway({ conditions })).outdated).toEqual(['Programmed']);
  expect(readGateway(gateway({ conditions: accepted })).outdated).toEqual([]);
  expect(readGateway(gateway(undefined)).outdated).toEqual(['no condition yet']);
});

test('addresses are told with their type, which is IPAddress where none is given', () => {
  const addresses = [{ value: '10.0.0.1' }, { type: 'Hostname', value: 'edge.example' }];
  expect(readGateway(gateway({ addresses })).addresses).toEqual([
    'IPAddress 10.0.0.1',
    'Hostname edge.example',
  ]);
});

test('kinds of routes are told by their names, those of other groups with the group', () => {
  const supportedKinds = [
    { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' },
    { kind: 'GRPCRoute' },
    { group: 'x.example', kind: 'XRoute' },
  ];
  const listeners = [{ name: 'a', attachedRoutes: 0, supportedKinds, conditions: [] }];
  expect(readListener(gateway({ listeners }), 'a')?.supportedKinds).toEqual([
    'HTTPRoute',
    'GRPCRoute',
    'x.example/XRoute',
  ]);
  expect(readGateway(gateway({ listeners })).listeners).toEqual(['a']);
});

test('a listener is found by its name', () => {
  const listeners = [
    { name: 'a', attachedRoutes: 0, conditions: [] },
    { name: 'b', attachedRoutes: 3, conditions: accepted },
  ];
  expect(readListener(gateway({ listeners }), 'b')).toEqual({
    attachedRoutes: 3,
    conditions: { Accepted: 'True Accepted' },
    outdated: [],
    supportedKinds: [],
  });
  expect(readListener(gateway({ listeners }), 'c')).toBeUndefined();
  expect(readListener(gateway(undefined), 'a')).toBeUndefined();
});

describe('a route’s parent', () => {
  const controllerName = 'x.example/c';
  const of = (parentRef: { name: string; namespace?: string; sectionName?: string }) =>
    route([{ parentRef, controllerName, conditions: accepted }]);

  test.for([
    ['by its name, in the route’s own namespace', { name: 'g' }, undefined, true],
    ['by its name and namespace', { name: 'g', namespace: 'infra' }, undefined, true],
    [
      'whichever listener it names, where none is asked for',
      { name: 'g', sectionName: 'http' },
      undefined,
      true,
    ],
    ['by its listener', { name: 'g', sectionName: 'http' }, 'http', true],
    ['not by another listener', { name: 'g', sectionName: 'other' }, 'http', false],
    ['not in another namespace', { name: 'g', namespace: 'guest' }, undefined, false],
    ['not by another name', { name: 'h' }, undefined, false],
  ] as const)('is found %s', ([, parentRef, listener, found]) => {
    expect(readParent(of(parentRef), ref, listener) !== undefined).toBe(found);
  });

  test('is not there before the controller has written one', () => {
    expect(readParent(route(undefined), ref)).toBeUndefined();
    expect(readParent({ ...route(undefined), status: {} } as RouteObject, ref)).toBeUndefined();
  });
});

test.for([
  ['by name and namespace', { name: 'g', namespace: 'infra' }, true],
  ['by its name alone, wherever the policy is', { name: 'g' }, true],
  ['not in another namespace', { name: 'g', namespace: 'shop' }, false],
  ['not by another name', { name: 'h' }, false],
] as const)('a policy’s ancestor is found %s', ([, ancestorRef, found]) => {
  const policy: PolicyObject = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'BackendTLSPolicy',
    metadata: { name: 'p', namespace: 'shop', generation: 2 },
    status: { ancestors: [{ ancestorRef, controllerName: 'x.example/c', conditions: accepted }] },
  };
  expect(readAncestor(policy, ref)).toEqual(
    found ? { conditions: { Accepted: 'True Accepted' }, outdated: [] } : undefined,
  );
});

test('a policy has no ancestor before a controller has written one', () => {
  const policy = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'BackendTLSPolicy',
    metadata: { name: 'p' },
  };
  expect(readAncestor(policy as PolicyObject, ref)).toBeUndefined();
  expect(readAncestor({ ...policy, status: {} } as PolicyObject, ref)).toBeUndefined();
});
