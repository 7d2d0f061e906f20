import { mirror, v1 } from '../../helpers/gateway-api.ts';
import type { Scene } from '../../helpers/scene.ts';
import { type Exchange, redirected } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows, beyond } = mirror(
  'HTTPRouteRedirectPortAndScheme',
  ['HTTPRoutePortRedirect', 'GatewayPort8080'],
  'gateway-api/httproute-redirect-port-and-scheme',
);

const host = 'port-and-scheme.redirect.example.com';
const own = 'redirect-port-and-scheme';

/** Where a listener redirects to by the rule of a path: scheme, host and port, after it a further Host to ask with. */
type Origin = [path: string, origin: string, asked?: string];

const listeners: {
  port: number;
  gateway: string;
  listener: string;
  origins: Origin[];
  /** The port of the listener counts, whatever Host says; the official case always has it there. */
  more?: Origin[];
}[] = [
  {
    port: 80,
    gateway: 'shared',
    listener: 'http',
    origins: [
      ['/same', 'http://other.example.org'],
      ['/port-80', 'http://other.example.org'],
      ['/port-8080', 'http://other.example.org:8080'],
      ['/https', 'https://other.example.org'],
      ['/https-443', 'https://other.example.org'],
      ['/https-8443', 'https://other.example.org:8443'],
    ],
  },
  {
    port: 8080,
    gateway: own,
    listener: 'http-8080',
    origins: [
      ['/same', 'http://other.example.org:8080', `${host}:8080`],
      ['/port-80', 'http://other.example.org'],
      ['/https', 'https://other.example.org'],
      ['/own-host', `http://${host}:8080`, `${host}:8080`],
    ],
    more: [
      ['/same', 'http://other.example.org:8080'],
      ['/own-host', `http://${host}:8080`],
    ],
  },
  {
    port: 443,
    gateway: own,
    listener: 'https',
    origins: [
      ['/same', 'https://other.example.org'],
      ['/port-443', 'https://other.example.org'],
      ['/port-8443', 'https://other.example.org:8443'],
      ['/http', 'http://other.example.org'],
      ['/http-80', 'http://other.example.org'],
      ['/http-8080', 'http://other.example.org:8080'],
      ['/own-host', `https://${host}`],
      ['/own-host', `https://${host}`, `${host}:443`],
    ],
  },
];

for (const { port, gateway, listener, origins, more = [] } of listeners) {
  test(
    `the route at port ${port} is accepted, with references resolved`,
    facts,
    async ({ scene, expect }) => {
      const route = scene.route(`redirect-from-${port}`);
      await expect(route.at(scene.gateway(gateway), gateway === own ? listener : undefined)).toReport({
        conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      });
    },
  );

  const tls = port === 443 ? { serverName: host } : undefined;
  const why = `at port ${port}`;
  const served: Exchange = {
    request: { host, path: '/unmoved', tls },
    answer: { status: 200, backend: v1 },
    why,
  };
  const moved = (to: Origin[]): Exchange[] =>
    to.map(([path, origin, asked = host]) => ({
      request: { host: asked, path, tls },
      answer: redirected(path === '/own-host' ? 301 : 302, `${origin}${path}`),
      why,
    }));
  const at = (scene: Scene) => scene.gateway(gateway).ingress(listener);
  rows([...moved(origins), served], served, at);
  beyond(moved(more), served, at);
}
