import { inEachDialect, type Row } from '../../helpers/dialects.ts';
import { refusedClient } from '../../helpers/traffic/client-certificates.ts';
import { notFound, refused } from '../../helpers/traffic/exchange.ts';
import type { Request } from '../../helpers/traffic/request.ts';

const clientValidation = 'GatewayFrontendClientCertificateValidation';

const host = 'mutual.example.com';
const asks = (how: Partial<NonNullable<Request['tls']>>): Request => ({
  host,
  path: '/status/200',
  tls: { serverName: host, ...how },
});
const answer = { status: 200, backend: 'httpbin', tls: { certificate: 'mutual' } };

const served: Row = { request: asks({ clientCertificate: 'trusted' }), answer };

const rows: Row[] = [
  { request: asks({ clientCertificate: 'trusted', version: 'TLSv1.2' }), answer },
  { request: asks({ clientCertificate: 'trusted', version: 'TLSv1.3' }), answer },
  { request: asks({ clientCertificate: 'trusted-rsa' }), answer },
  { request: asks({ clientCertificate: 'chained' }), answer },
  { request: { ...served.request, path: '/headers' }, answer: notFound },
  // in TLS 1.2 there is no alert for it
  { request: asks({ version: 'TLSv1.2' }), answer: refused('handshake failure', 'bad certificate') },
  { request: asks({ version: 'TLSv1.3' }), answer: refused('certificate required') },
  { request: { host, path: '/status/200' }, answer: refused('connection closed'), why: 'http' },
];
for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  rows.push(
    { request: asks({ clientCertificate: 'untrusted', version }), answer: refusedClient.untrusted },
    { request: asks({ clientCertificate: 'expired', version }), answer: refusedClient.expired },
  );
}

const open = 'open.example.com';
const asksOpen: Row[] = [
  {
    request: { host: open, path: '/status/200', tls: { serverName: open } },
    answer,
    why: 'at the port that asks nobody for a certificate',
  },
  {
    request: { host: open, path: '/status/200', tls: { serverName: open, clientCertificate: 'untrusted' } },
    answer,
    why: 'at the port that asks nobody for a certificate',
  },
];

// an Ingress of Istio's knows no certificates of clients
inEachDialect(
  'ingress-gateways/mutual-tls',
  (part) => {
    for (const row of [served, ...rows]) {
      const { title, facts, exchange } = part.in(row);
      part.test(title, facts, async ({ scene, expect }) => {
        await expect(await scene.edge().ingress('https')).toAnswer(exchange, { while: served });
      });
    }

    for (const row of asksOpen) {
      const { title, facts, exchange } = part.in(row);
      part.test(title, facts, async ({ scene, expect }) => {
        await expect(await scene.edge().ingress('https-open')).toAnswer(exchange);
      });
    }
  },
  {
    only: ['gateway-api', 'istio-api'],
    beside: ['ingress-gateways/mutual-tls/certificates', 'ingress-gateways/mutual-tls/authority'],
    needs: [clientValidation],
  },
);
