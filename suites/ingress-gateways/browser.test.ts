import type { Visit } from '../../helpers/browser/visit.ts';
import { shared } from '../../helpers/dialects.ts';
import type { Ingress } from '../../helpers/edge/edge.ts';
import { about, testOn } from '../../helpers/test.ts';

const test = testOn(shared('gateway-api'), 'ingress-gateways/browser');
const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'], needs: ['browser'] });

/** What a browser sends with a page that somebody asks for, whatever the connection. */
const always = [
  'host',
  'user-agent',
  'accept',
  'accept-encoding',
  'accept-language',
  'upgrade-insecure-requests',
];
/** What it sends besides, where nobody can listen. */
const overTls = [
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
];

const secure = (at: Ingress): Visit => ({
  at,
  url: 'https://secure.example.com/headers',
  trusting: true,
  shows: { status: 200, backend: 'httpbin', sent: [...always, ...overTls] },
});

test(
  'the bare address shows the headers that the browser sent',
  facts,
  async ({ browser, ingress, expect }) => {
    await expect(browser).toShow({
      at: ingress,
      url: '/headers',
      shows: { status: 200, backend: 'httpbin', sent: always },
    });
  },
);

test(
  'a listener with a host name shows 404 at the bare address, and the page at the name',
  facts,
  async ({ browser, gateway, expect }) => {
    const at = await gateway.ingress('named');
    await expect(browser).toShow([
      { at, url: '/headers', shows: { status: 404, backend: null } },
      {
        at,
        url: 'http://httpbin.example.com/headers',
        shows: { status: 200, backend: 'httpbin', sent: always },
      },
    ]);
  },
);

test(
  'HTTPS with the authority trusted shows the page, and a certificate error at a host that it is not for',
  facts,
  async ({ browser, gateway, expect }) => {
    const served = secure(await gateway.ingress('https'));
    await expect(browser).toShow([
      served,
      {
        ...served,
        url: 'https://other.example.com/headers',
        shows: { error: 'net::ERR_CERT_COMMON_NAME_INVALID' },
      },
    ]);
  },
);

test(
  'HTTPS without the authority trusted shows a certificate error, and nothing of the backend',
  facts,
  async ({ browser, gateway, expect }) => {
    const served = secure(await gateway.ingress('https'));
    await expect(browser).toShow([
      { ...served, trusting: false, shows: { error: 'net::ERR_CERT_AUTHORITY_INVALID' } },
      served,
    ]);
  },
);
