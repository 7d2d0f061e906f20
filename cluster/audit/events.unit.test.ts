import { expect, test } from 'vitest';
import { rolesOfARun } from '../preflight/rights.ts';
import { rightsIn, rightsOf, withoutRequest } from './events.ts';

test('tells what was used from what was refused, and leaves out what is open to all or asked by istioctl', () => {
  const gateways = { resource: 'gateways', apiGroup: 'gateway.networking.k8s.io' };
  const { used, refused } = rightsOf([
    { verb: 'get' },
    { verb: 'list', objectRef: { resource: 'pods' }, responseStatus: { code: 200 } },
    { verb: 'list', objectRef: { resource: 'pods' }, responseStatus: { code: 200 } },
    { verb: 'patch', objectRef: { ...gateways, subresource: 'status' }, responseStatus: { code: 404 } },
    { verb: 'delete', objectRef: gateways, responseStatus: { code: 403 } },
    {
      verb: 'watch',
      objectRef: { resource: 'nodes' },
      responseStatus: { code: 403 },
      userAgent: 'istioctl/1',
    },
  ]);
  expect([...used]).toEqual(['list pods', 'patch gateways/status.gateway.networking.k8s.io']);
  expect([...refused]).toEqual(['delete gateways.gateway.networking.k8s.io']);
});

test('reads what a ClusterRole grants, subresources too', () => {
  const [needed, , forward] = rolesOfARun();
  expect(needed && rightsIn(needed)).toEqual(
    expect.arrayContaining(['delete namespaces', 'get pods/log', 'list gateways.gateway.networking.k8s.io']),
  );
  expect(forward && rightsIn(forward)).toEqual(['create pods/portforward', 'get pods/portforward']);
});

test('counts what is applied as created, and what a Role grants as used', () => {
  const role = {
    metadata: { name: 'certificates' },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['watch'] }],
  };
  expect([...withoutRequest(new Set(['patch services', 'list pods']), [role])]).toEqual([
    'patch services',
    'list pods',
    'create services',
    'watch secrets',
  ]);
});
