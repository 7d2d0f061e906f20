import { expect, test } from 'vitest';
import { masked, withoutSecrets } from './secrets.ts';

const marker = 'mArKeR-1f7.x';
const basic = Buffer.from(`jane:${marker}`).toString('base64');
const pem = `-----BEGIN RSA PRIVATE KEY-----\n${marker}\n-----END RSA PRIVATE KEY-----`;

test.for([
  `GET a.example/ (authorization: Bearer ${marker}, version: two) → 200 from httpbin`,
  `200 from httpbin (pod a), it saw authorization: Bearer ${marker}, host: a.example`,
  `Authorization: Digest username="jane", response="${marker}", uri="/"`,
  `Cookie: a=1; session=${marker}`,
  `set-cookie: session=${marker}; Path=/; HttpOnly`,
  `{"headers":{"Authorization":["Bearer ${marker}","${marker}"],"Host":["a"]}}`,
  `{"headers": {"Cookie": "session=${marker}"}}`,
  `{"body":"{\\"Authorization\\": \\"Bearer ${marker}\\"}"}`,
  `{"Authorization": "Digest response=\\"${marker}\\", x"}`,
  `'authorization', 'Bearer ${marker}'`,
  `curl --header 'Authorization: Bearer ${marker}' 'http://a/'`,
  `proxy-authorization = Basic ${basic}`,
  `it answered Basic ${basic}`,
  `GET /?access_token=${marker}&page=2`,
  `password: ${marker}`,
  `https://jane:${marker}@registry.example/`,
  `key ${pem} end`,
  `tls.key: ${Buffer.from(pem).toString('base64')}`,
  `eyJhbGciOiJub25lIn0.${Buffer.from(marker).toString('base64url')}.sig`,
])('masks %s', (text) => {
  const left = masked(text);
  expect(left).toContain('…');
  for (const one of [
    marker,
    basic,
    Buffer.from(marker).toString('base64url'),
    Buffer.from(pem).toString('base64'),
  ])
    expect(left).not.toContain(one);
});

test.for([
  'GET a.example/ (version: two) → 200 from httpbin',
  'the gateway allows authorization and cookie headers',
  'basic authentication is for users who bear names',
  'kubernetes.io/tls shop/web-tls, 2 keys',
  Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----').toString('base64'),
  'expected: no authorization, version: two',
])('leaves %s', (text) => {
  expect(masked(text)).toBe(text);
});

test('what stands beside a masked header stays', () => {
  expect(masked(`(authorization: Bearer ${marker}, version: two) → 404`)).toBe(
    '(authorization: …, version: two) → 404',
  );
});

test.for([
  [{ set: [{ name: 'Authorization', value: marker }] }, { set: [{ name: 'Authorization', value: '…' }] }],
  [
    { headers: { authorization: { exact: marker }, end: { exact: 'jane' } } },
    { headers: { authorization: { exact: '…' }, end: { exact: 'jane' } } },
  ],
  [
    { name: 'cookie', string_match: { exact: marker } },
    { name: 'cookie', string_match: { exact: '…' } },
  ],
  [
    { append_action: 'ADD', header: { key: 'Set-Cookie', value: marker } },
    { append_action: 'ADD', header: { key: 'Set-Cookie', value: '…' } },
  ],
  [{ env: [{ name: 'DB_PASSWORD', value: marker }] }, { env: [{ name: 'DB_PASSWORD', value: '…' }] }],
  [{ metadata: { name: 'cookie', namespace: 'shop' } }, { metadata: { name: 'cookie', namespace: 'shop' } }],
])('masks by the names of fields: %j', ([given, left]) => {
  expect(withoutSecrets(given as object)).toEqual(left);
});
