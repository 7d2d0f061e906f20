import { describe, expect, test } from 'vitest';
import { Problem } from '../../cluster/problem.ts';
import { inDependencyOrder } from './apply.ts';
import { parseManifests, readManifests } from './manifests.ts';

const gateway = `# two objects, the second one with a comment before it
apiVersion: v1
kind: Service
metadata:
  name: httpbin
---
# the gateway
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: httpbin-gateway
spec:
  listeners:
  - name: http
    port: 80
---
`;

describe('parseManifests', () => {
  test('reads every object with its line', () => {
    const manifests = parseManifests(gateway, 'fixtures/x.yaml');
    expect(manifests.map(({ object, line }) => [object.kind, object.metadata.name, line])).toEqual([
      ['Service', 'httpbin', 2],
      ['Gateway', 'httpbin-gateway', 8],
    ]);
  });

  test('knows the line of a field, and of the nearest parent of one that is not there', () => {
    const [, manifest] = parseManifests(gateway, 'fixtures/x.yaml');
    expect(manifest?.lineOf(['spec', 'listeners', 0, 'port'])).toBe(15);
    expect(manifest?.lineOf(['spec', 'listeners', 0, 'hostname'])).toBe(14);
    expect(manifest?.lineOf(['status'])).toBe(8);
  });

  test.for([
    ['a list that is not closed', 'kind: Gateway\nspec: {listeners: [a\n', 3],
    ['a wrong indentation', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n   labels: {}\n', 4],
    ['a tab', 'apiVersion: v1\nmetadata:\n\tname: a\n', 3],
    ['a key twice', 'apiVersion: v1\nkind: Service\nkind: Gateway\n', 3],
    ['no kind', '---\napiVersion: v1\nmetadata:\n  name: a\n', 2],
    ['no name', 'apiVersion: v1\nkind: Service\nmetadata: {}\n', 1],
  ] as const)('names file and line for %s', ([, text, line]) => {
    const parse = () => parseManifests(text, 'fixtures/x.yaml');
    expect(parse).toThrow(Problem);
    expect(parse).toThrow(`fixtures/x.yaml:${line}:`);
  });

  test('a fixture that is not there is a Problem that names it', async () => {
    const path = new URL('../../fixtures/no-such.yaml', import.meta.url).pathname;
    await expect(readManifests(path)).rejects.toThrow('read the fixture fixtures/no-such.yaml');
  });
});

describe('inDependencyOrder', () => {
  test('puts what others stand on first, and keeps the order of the file within a group', () => {
    const kinds = [
      'HTTPRoute',
      'Gateway',
      'Service',
      'Deployment',
      'Namespace',
      'ServiceAccount',
      'VirtualService',
    ];
    const text = kinds.map((kind) => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: x}`).join('\n---\n');
    const groups = inDependencyOrder(parseManifests(text, 'x.yaml'));
    expect(groups.map((group) => group.map(({ object }) => object.kind))).toEqual([
      ['Namespace'],
      ['Service', 'ServiceAccount'],
      ['Gateway', 'Deployment'],
      ['HTTPRoute', 'VirtualService'],
    ]);
  });
});
