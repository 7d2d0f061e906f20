import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(
  'HTTPRouteNamedRule',
  ['HTTPRouteNamedRouteRule'],
  'gateway-api/httproute-named-rule',
);

const host = 'named-rule.example.com';
const named: Exchange = { request: { host, path: '/named' }, answer: { status: 200, backend: v1 } };

accepted('named-rule');
rows(
  [
    named,
    { request: { host, path: '/unnamed' }, answer: { status: 200, backend: v2 } },
    { request: { host, path: '/named-rule' }, answer: notFound, why: 'the name of a rule is no path' },
    { request: { host, path: '/' }, answer: notFound },
  ],
  named,
);
