import { expect, test } from 'vitest';
import { parseManifests } from '../../helpers/kube/manifests.ts';
import { imagesOf } from './images.ts';

const manifests = parseManifests(
  `
apiVersion: v1
kind: Namespace
metadata: { name: infra }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: two }
spec:
  template:
    spec:
      containers:
      - { name: echo, image: 'registry.example/echo:v2' }
      - { name: dns, image: 'registry.example/dns:v1' }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: one }
spec:
  template:
    spec:
      containers:
      - { name: echo, image: 'registry.example/echo:v2' }
`,
  'base.yaml',
);

test('the images of all containers, each once; what has no pods has none', () => {
  expect(imagesOf(manifests)).toEqual(['registry.example/dns:v1', 'registry.example/echo:v2']);
});
