import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

type Sent = Record<string, string | string[]>;
type Seen = Record<string, string | string[] | null>;

/** Headers beside those of the filters, some with names that are nearly theirs: they stay as they are. */
const others = {
  'x-other': 'sent',
  'x-header': 'sent',
  'x-header-set-not': 'sent',
  'x-header-remove-not': 'sent',
};

/** What a client sends, and what the backend sees of it. The same rules are in both routes. */
const table: [title: string, path: string, sent: Sent, seen: Seen][] = [
  ['what is set is there', '/set', {}, { 'x-header-set': 'set' }],
  ['what is set overwrites', '/set', { 'X-Header-Set': 'sent' }, { 'x-header-set': 'set' }],
  [
    'what is set overwrites all lines',
    '/set',
    { 'X-Header-Set': ['sent', 'twice'] },
    { 'x-header-set': 'set' },
  ],
  ['what is added is there', '/add', {}, { 'x-header-add': 'added' }],
  ['what is added comes last', '/add', { 'X-Header-Add': 'sent' }, { 'x-header-add': ['sent', 'added'] }],
  [
    'what is added comes after all lines',
    '/add',
    { 'X-Header-Add': ['sent', 'twice'] },
    { 'x-header-add': ['sent', 'twice', 'added'] },
  ],
  ['what is removed need not be there', '/remove', {}, { 'x-header-remove': null }],
  ['what is removed is gone', '/remove', { 'X-Header-Remove': 'sent' }, { 'x-header-remove': null }],
  [
    'what is removed is gone with all lines',
    '/remove',
    { 'X-Header-Remove': ['sent', 'twice'] },
    { 'x-header-remove': null },
  ],
  [
    'several are set, added and removed at once',
    '/several',
    {
      'X-Header-Set-2': 'sent',
      'X-Header-Add-2': 'sent',
      'X-Header-Add-3': 'sent',
      'X-Header-Remove-2': 'sent',
    },
    {
      'x-header-set-1': 'set-1',
      'x-header-set-2': 'set-2',
      'x-header-add-1': 'added-1',
      'x-header-add-2': ['sent', 'added-2'],
      'x-header-add-3': ['sent', 'added-3', 'added-4'],
      'x-header-remove-1': null,
      'x-header-remove-2': null,
    },
  ],
  [
    'capitals and small letters are the same',
    '/letters',
    { 'x-header-set': 'sent', 'x-header-add': 'sent', 'x-header-remove': 'sent' },
    { 'x-header-set': 'set', 'x-header-add': ['sent', 'added'], 'x-header-remove': null },
  ],
  [
    'nothing is changed where there is no filter',
    '/sets',
    { 'X-Header-Set': 'sent', 'X-Header-Add': 'sent', 'X-Header-Remove': 'sent' },
    { 'x-header-set': 'sent', 'x-header-add': 'sent', 'x-header-remove': 'sent' },
  ],
];

const row = (host: string, path: string, sent: Sent, seen: Seen): Exchange => ({
  request: { host, path, headers: { ...sent, ...others } },
  answer: {
    status: 200,
    backend: v1,
    seen: { ':path': path, host, ...others, ...seen },
    // the filter is none of the answer
    headers: { 'x-header-set': null, 'x-header-add': null },
  },
});

const ofRule = mirror('HTTPRouteRequestHeaderModifier', [], 'gateway-api/httproute-request-header-modifier');
const ofBackend = mirror(
  'HTTPRouteBackendRequestHeaderModifier',
  ['HTTPRouteBackendRequestHeaderModification'],
  'gateway-api/httproute-backend-request-header-modifier',
);

for (const { level, host, route, facts, test, accepted } of [
  { level: 'rule', host: 'request-header.modifier.example.com', route: 'request-header-modifier', ...ofRule },
  {
    level: 'backend',
    host: 'backend-request-header.modifier.example.com',
    route: 'backend-request-header-modifier',
    ...ofBackend,
  },
]) {
  accepted(route);
  for (const [title, path, sent, seen] of table) {
    test(`at a ${level}: ${title}`, facts, async ({ ingress, expect }) => {
      await expect(ingress).toAnswer(row(host, path, sent, seen));
    });
  }
}

ofBackend.test(
  'at a backend: what is sent to another backend is not changed',
  ofBackend.facts,
  async ({ ingress, expect }) => {
    const request = {
      host: 'backend-request-header.modifier.example.com',
      path: '/one-of-two',
      headers: { 'X-Header-Set': 'sent', 'X-Header-Add': 'sent', 'X-Header-Remove': 'sent' },
    };
    const changed = { 'x-header-set': 'set', 'x-header-add': ['sent', 'added'], 'x-header-remove': null };
    const sent = { 'x-header-set': 'sent', 'x-header-add': 'sent', 'x-header-remove': 'sent' };
    await expect(ingress).toSplit(request, [
      { weight: 1, answer: { status: 200, backend: v1, seen: changed } },
      { weight: 1, answer: { status: 200, backend: v2, seen: sent } },
    ]);
  },
);
