import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { causes } from './diagnosis.ts';

const docs = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8');

test.for(causes)('docs/troubleshooting.md explains %s', (cause) => {
  expect(docs).toContain(`\`${cause}\``);
});
