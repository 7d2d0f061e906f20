import { expect, test } from 'vitest';
import type { ReachChoice } from '../../helpers/reach/way.ts';
import { connect } from './connect.ts';
import { checkRights } from './rights.ts';
import { kubeconfigFor, serveApi } from './testdata/api-server.ts';

interface Review {
  spec: { resourceAttributes: { verb: string; group: string; resource: string; subresource?: string } };
}

type Denied = (attributes: Review['spec']['resourceAttributes']) => boolean;

/** What checkRights says to a user whom the API server denies something. */
async function rightsWith(denied: Denied, username = 'jane', reach: ReachChoice = 'auto') {
  const answer = ({ spec }: Review) => ({ status: { allowed: !denied(spec.resourceAttributes) } });
  await using api = await serveApi({
    '/apis/authentication.k8s.io/v1/selfsubjectreviews': { status: { userInfo: { username } } },
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': answer,
  });
  const cluster = await connect(kubeconfigFor(api.url));
  try {
    return { notes: await checkRights(cluster, reach), asked: api.asked.length };
  } finally {
    await cluster.kube.close();
  }
}

const notAdministrator = ({ verb }: { verb: string }) => verb === '*';

test('an administrator is asked one question', async () => {
  const { notes, asked } = await rightsWith(() => false);
  expect(notes).toEqual([]);
  expect(asked).toBe('who, version, one review'.split(',').length);
});

test('a user with just the rights of a run may go on', async () => {
  expect((await rightsWith(notAdministrator)).notes).toEqual([]);
});

test('what is lacking is named by verb and resource, with the command that grants it', async () => {
  const kinds = ['namespaces', 'gateways', 'leases'];
  const user = rightsWith(
    ({ verb, resource }) => verb === '*' || (verb === 'create' && kinds.includes(resource)),
  );
  await expect(user).rejects.toMatchObject({
    got: 'jane may not create namespaces, gateways.gateway.networking.k8s.io, gateways.networking.istio.io, leases.coordination.k8s.io',
    next: expect.stringMatching(/--clusterrole=ingress-conformance --user=jane$/),
  });
});

test('a subresource is asked for apart from its resource', async () => {
  const user = rightsWith(({ verb, subresource }) => verb === '*' || subresource === 'log');
  await expect(user).rejects.toMatchObject({ got: 'jane may not get pods/log' });
});

test('a service account is granted rights as one', async () => {
  await expect(rightsWith(() => true, 'system:serviceaccount:ci:nightly')).rejects.toMatchObject({
    next: expect.stringMatching(/--serviceaccount=ci:nightly$/),
  });
});

test('what only evidence needs is a note', async () => {
  const { notes } = await rightsWith(({ verb, resource }) => verb === '*' || resource === 'events');
  expect(notes).toEqual([
    expect.stringContaining('jane may not get, list events: failures will be explained'),
  ]);
});

const mayNotForward: Denied = ({ verb, subresource }) => verb === '*' || subresource === 'portforward';

test('to forward a connection is asked for where the way needs it', async () => {
  for (const reach of ['in-cluster', 'port-forward'] as const) {
    await expect(rightsWith(mayNotForward, 'jane', reach)).rejects.toMatchObject({
      got: 'jane may not create, get pods/portforward',
      next: expect.stringMatching(/--clusterrole=ingress-conformance-forward --user=jane$/),
    });
  }
  for (const reach of ['auto', 'loadbalancer', 'nodeport'] as const) {
    expect((await rightsWith(mayNotForward, 'jane', reach)).notes).toEqual([]);
  }
});
