import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';

const { facts, test, accepted } = mirror(
  'HTTPRouteRequestHeaderModifierBackendWeights',
  ['HTTPRouteBackendRequestHeaderModification'],
  'gateway-api/httproute-request-header-modifier-backend-weights',
);

accepted('request-header-modifier-backend-weights');
test(
  'each backend sees the header that is set for it, and half of the requests',
  facts,
  async ({ ingress, expect }) => {
    const request = { host: 'backend-weights.example.com', path: '/', headers: { backend: 'client' } };
    await expect(ingress).toSplit(request, [
      { weight: 10, answer: { status: 200, backend: v1, seen: { backend: 'echo-v1' } } },
      { weight: 10, answer: { status: 200, backend: v2, seen: { backend: 'echo-v2' } } },
    ]);
  },
);
