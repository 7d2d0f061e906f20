import { inEachDialect, type Row } from '../../helpers/dialects.ts';
import { notFound, refused, uncertified } from '../../helpers/traffic/exchange.ts';

const beside = ['ingress-gateways/secure-gateways/certificates'];

const host = 'secure.example.com';
const tls = { serverName: host };
const path = '/status/200';
const served: Row = {
  request: { host, path, tls },
  answer: { status: 200, backend: 'httpbin', tls: { certificate: 'secure' } },
};

const rows: Row[] = [
  served,
  {
    request: { host: 'shop.example.com', path: '/headers', tls: { serverName: 'shop.example.com' } },
    answer: {
      status: 200,
      backend: 'httpbin',
      tls: { certificate: 'shop' },
      seen: { host: 'shop.example.com' },
    },
    why: 'another host at the same port, with an RSA certificate of its own',
  },
  {
    request: { host: 'chained.example.com', path, tls: { serverName: 'chained.example.com' } },
    answer: { status: 200, backend: 'httpbin', tls: { certificate: 'chained' } },
    why: 'with the certificate of the authority between it and the trusted one',
  },
  {
    request: { host: `${host}:443`, path, tls },
    answer: served.answer,
    why: 'a port is no part of the host',
  },
  {
    request: { host, path, tls: { ...tls, version: 'TLSv1.2' } },
    answer: { status: 200, backend: 'httpbin', tls: { certificate: 'secure', version: 'TLSv1.2' } },
  },
  {
    request: { host, path, tls: { ...tls, version: 'TLSv1.3' } },
    answer: { status: 200, backend: 'httpbin', tls: { certificate: 'secure', version: 'TLSv1.3' } },
  },
  { request: { host, path: '/headers', tls }, answer: notFound, why: 'the path of the other host' },
  { request: { host: 'unknown.example.com', path, tls }, answer: notFound, why: 'a host of nobody' },
  { request: { host, path, tls: { serverName: '', certificateFor: host } }, answer: uncertified },
  { request: { host, path, tls: { serverName: 'wrong.example.com' } }, answer: uncertified },
  { request: { host, path, tls: { serverName: `www.${host}` } }, answer: uncertified, why: 'a name below' },
  { request: { path, tls: { serverName: '' } }, answer: uncertified, why: 'by its address' },
  { request: { host, path }, answer: refused('connection closed'), why: 'http at the port for https' },
];

/** Hosts whose certificates a client does not take, and why. */
const distrusted: { name: string; why: string; except?: Row['except'] }[] = [
  {
    name: 'expired.example.com',
    why: 'CERT_HAS_EXPIRED',
    except: {
      'gateway-api': {
        answer: refused('CERT_HAS_EXPIRED', ...uncertified.refused),
        because: 'a controller may look at the dates of a certificate, and have its listener serve none',
      },
    },
  },
  { name: 'untrusted.example.com', why: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  {
    name: 'misnamed.example.com',
    why: 'ERR_TLS_CERT_ALTNAME_INVALID',
    except: {
      'gateway-api': {
        answer: refused('ERR_TLS_CERT_ALTNAME_INVALID', ...uncertified.refused),
        because: 'a gateway may choose among certificates by the names that they are for',
      },
    },
  },
];
for (const { name, why, except } of distrusted) {
  rows.push({
    request: { host: name, path, tls: { serverName: name } },
    answer: refused(why),
    why: 'the client looks at the certificate',
    ...(except && { except }),
  });
}

const one = { serverName: 'one.twins.example.com' };
const two = { serverName: 'two.twins.example.com' };
const atOne: Row = {
  request: { host: one.serverName, path, tls: one },
  answer: { status: 200, backend: 'httpbin', tls: { certificate: 'twins' } },
};
const atTwo: Row = {
  request: { host: two.serverName, path: '/headers', tls: two },
  answer: { status: 200, backend: 'httpbin', tls: { certificate: 'twins' } },
};

/**
 * Gateway API asks for no more than SHOULD: 421 where the host is of another listener. Istio gives 404, and browsers,
 * which ask for both hosts over one connection, show that.
 */
const misdirected = [atTwo.answer, notFound, { status: 421, backend: null }];

const anyHost: Row = {
  request: {
    host: 'any.example.com',
    path: '/anything',
    tls: { serverName: 'any.example.com', certificateFor: host },
  },
  answer: {
    status: 200,
    backend: 'httpbin',
    tls: { certificate: 'secure' },
    seen: { host: 'any.example.com' },
  },
};
const anyHosts: Row[] = [
  anyHost,
  {
    request: { host: 'any.example.com', path: '/anything', tls: { serverName: '', certificateFor: host } },
    answer: anyHost.answer,
  },
  {
    request: { path: '/anything', tls: { serverName: '', certificateFor: host } },
    answer: { status: 200, backend: 'httpbin', tls: { certificate: 'secure' } },
    why: 'by its address',
  },
  {
    request: { path: '/anything', tls: { serverName: '' } },
    answer: refused('ERR_TLS_CERT_ALTNAME_INVALID'),
    why: 'by its address, which the certificate is not for',
  },
  { request: { ...anyHost.request, path: '/status/200' }, answer: notFound },
  {
    request: { host: 'any.example.com', path: '/anything' },
    answer: refused('connection closed'),
    why: 'http at the port for https',
  },
];

inEachDialect(
  'ingress-gateways/secure-gateways',
  (part) => {
    const { test, facts } = part;

    for (const row of rows) {
      const { title, facts: ofRow, exchange } = part.in(row);
      test(title, ofRow, async ({ scene, expect }) => {
        await expect(await scene.edge().ingress('https')).toAnswer(exchange, { while: served });
      });
    }

    // Istio serves all Ingresses by the same gateways: one without a host would be for what other cases ask, too
    for (const row of part.dialect === 'ingress' ? [] : anyHosts) {
      const { title, facts: ofRow, exchange } = part.in(row);
      test(title, ofRow, async ({ scene, expect }) => {
        await expect(await scene.edge().ingress('https-any')).toAnswer(exchange, { while: anyHost });
      });
    }

    // a Service that a controller made has port names of the controller's own
    if (part.dialect !== 'gateway-api') {
      test('the node port named https', facts, async ({ scene, expect }) => {
        await expect(await scene.edge().nodePort('https')).toAnswer([
          served,
          { request: { host, path }, answer: refused('connection closed') },
        ]);
      });
    }

    test(
      'a Host that is not the one of the SNI, but of another listener',
      facts,
      async ({ scene, expect }) => {
        const ingress = await scene.edge().ingress('https');
        await expect(ingress).toAnswer([atOne, atTwo]);
        await expect(ingress).toAnswerEither({ ...atTwo.request, tls: one }, misdirected, { while: atOne });
      },
    );

    test(
      'one HTTP/2 connection, held open and used for two hosts of one certificate',
      facts,
      async ({ scene, hold, expect }) => {
        const ingress = await scene.edge().ingress('https');
        await expect(ingress).toAnswer([atOne, atTwo]);
        const held = await hold(ingress, one);
        await expect(held).toAnswer([
          atOne,
          { request: { host: 'unknown.example.com', path, tls: one }, answer: notFound },
        ]);
        await expect(held).toAnswerEither({ ...atTwo.request, tls: one }, misdirected, { while: atOne });
      },
    );
  },
  { beside },
);
