import { mirrored, v1 } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';
import { type Exchange, exchangeTitle, redirected } from '../../helpers/traffic/exchange.ts';

const test = testOn({ shared: 'gateway-api/shared' }, 'gateway-api/httproute-redirect-status');

for (const [status, host] of [
  [303, 'see-other.redirect.example.com'],
  [307, 'temporary.redirect.example.com'],
  [308, 'permanent.redirect.example.com'],
] as const) {
  const facts = mirrored(
    `HTTPRoute${status}Redirect`,
    'Gateway',
    'HTTPRoute',
    `HTTPRoute${status}RedirectStatusCode`,
  );
  const row = (path: string, method?: string): Exchange => ({
    request: { host, path, method },
    answer: redirected(status, `http://${host}${path}`),
  });
  const served: Exchange = { request: { host, path: '/movedx' }, answer: { status: 200, backend: v1 } };

  test(
    `accepted, with references resolved: redirect-${status}`,
    facts,
    async ({ scene, gateway, expect }) => {
      await expect(scene.route(`redirect-${status}`).at(gateway)).toReport({
        conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      });
    },
  );

  for (const exchange of [
    row('/moved'),
    row('/moved', 'POST'),
    row('/moved', 'HEAD'),
    row('/moved/child?page=2'),
    served,
  ]) {
    test(exchangeTitle(exchange), facts, async ({ ingress, expect }) => {
      await expect(ingress).toAnswer(exchange, { while: served });
    });
  }
}
