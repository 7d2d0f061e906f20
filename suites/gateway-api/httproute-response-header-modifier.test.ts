import { mirror, v1 } from '../../helpers/gateway-api.ts';

const { facts, test, accepted } = mirror(
  'HTTPRouteResponseHeaderModifier',
  ['HTTPRouteResponseHeaderModification'],
  'gateway-api/httproute-response-header-modifier',
);

type Headers = Record<string, string | string[] | null>;

/** Headers of the backend beside those of the filters, some with names that are nearly theirs: they stay as they are. */
const others = {
  'x-other': 'answered',
  'x-header': 'answered',
  'x-header-set-not': 'answered',
  'x-header-remove-not': 'answered',
};

/** What the backend answers with, the same name in other letters for a line of its own, and what is returned of it. */
const table: [title: string, path: string, answered: string[], returned: Headers][] = [
  ['what is set is there', '/set', [], { 'x-header-set': 'set' }],
  ['what is set overwrites', '/set', ['X-Header-Set:answered'], { 'x-header-set': 'set' }],
  [
    'what is set overwrites all lines',
    '/set',
    ['X-Header-Set:answered', 'x-header-set:twice'],
    { 'x-header-set': 'set' },
  ],
  ['what is added is there', '/add', [], { 'x-header-add': 'added' }],
  ['what is added comes last', '/add', ['X-Header-Add:answered'], { 'x-header-add': ['answered', 'added'] }],
  ['what is removed need not be there', '/remove', [], { 'x-header-remove': null }],
  ['what is removed is gone', '/remove', ['X-Header-Remove:answered'], { 'x-header-remove': null }],
  [
    'what is removed is gone with all lines',
    '/remove',
    ['X-Header-Remove:answered', 'x-header-remove:twice'],
    { 'x-header-remove': null },
  ],
  [
    'several are set, added and removed at once',
    '/several',
    [
      'X-Header-Set-2:answered',
      'X-Header-Add-2:answered',
      'X-Header-Add-3:answered',
      'X-Header-Remove-1:answered',
      'X-Header-Remove-2:answered',
    ],
    {
      'x-header-set-1': 'set-1',
      'x-header-set-2': 'set-2',
      'x-header-add-1': 'added-1',
      'x-header-add-2': ['answered', 'added-2'],
      'x-header-add-3': ['answered', 'added-3', 'added-4'],
      'x-header-remove-1': null,
      'x-header-remove-2': null,
    },
  ],
  [
    'capitals and small letters are the same',
    '/letters',
    ['x-header-set:answered', 'x-header-add:answered', 'x-header-remove:answered'],
    { 'x-header-set': 'set', 'x-header-add': ['answered', 'added'], 'x-header-remove': null },
  ],
  [
    'nothing is changed where there is no filter',
    '/sets',
    ['X-Header-Set:answered', 'X-Header-Add:answered', 'X-Header-Remove:answered'],
    { 'x-header-set': 'answered', 'x-header-add': 'answered', 'x-header-remove': 'answered' },
  ],
];

const host = 'response-header.modifier.example.com';
/** The header by which the echo backend is told what to answer with. */
const told = (answered: string[]): Record<string, string> => ({
  'X-Echo-Set-Header': [...answered, ...Object.entries(others).map((header) => header.join(':'))].join(','),
});
const untouched = { 'content-type': 'application/json', ...others };

accepted('response-header-modifier');
for (const [title, path, answered, returned] of table) {
  test(title, facts, async ({ ingress, expect }) => {
    await expect(ingress).toAnswer({
      request: { host, path, headers: told(answered) },
      answer: {
        status: 200,
        backend: v1,
        // the filter is none of the request
        seen: { 'x-header-set': null, 'x-header-add': null },
        headers: { ...untouched, ...returned },
      },
    });
  });
}

test(
  'the request is changed by its filter, and the answer by its own',
  facts,
  async ({ ingress, expect }) => {
    const sent = {
      'X-Header-Set': 'sent',
      'X-Header-Add': 'sent',
      'X-Header-Remove': 'sent',
      'X-Other': 'sent',
    };
    const answered = ['X-Header-Set:answered', 'X-Header-Add:answered', 'X-Header-Remove:answered'];
    await expect(ingress).toAnswer({
      request: { host, path: '/both-ways', headers: { ...sent, ...told(answered) } },
      answer: {
        status: 200,
        backend: v1,
        seen: {
          'x-header-set': 'set-in-request',
          'x-header-add': ['sent', 'added-in-request'],
          'x-header-remove': null,
          'x-other': 'sent',
        },
        headers: {
          ...untouched,
          'x-header-set': 'set',
          'x-header-add': ['answered', 'added'],
          'x-header-remove': null,
        },
      },
    });
  },
);
