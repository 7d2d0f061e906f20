import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPolicy } from './policy.ts';

const text =
  'runs: 20\nslower: { deviations: 5, floorMs: 500, runs: 5, pace: 2 }\nthresholds: { newly-failing: 0 }\n';

function read(policy: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-policy-'));
  try {
    writeFileSync(join(folder, 'policy.yaml'), policy);
    return readPolicy(join(folder, 'policy.yaml'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the policy of this repository is as it must be, and lets nothing newly fail', () => {
  expect(readPolicy().thresholds['newly-failing']).toBe(0);
});

test('a policy is read as it is written', () => {
  expect(read(text)).toEqual({
    runs: 20,
    slower: { deviations: 5, floorMs: 500, runs: 5, pace: 2 },
    thresholds: { 'newly-failing': 0 },
  });
});

test.for([
  [
    'a kind that there is not',
    text.replace('newly-failing', 'newly-broken'),
    'thresholds must NOT have additional properties: newly-broken',
  ],
  [
    'a threshold below none',
    text.replace('failing: 0', 'failing: -1'),
    'thresholds, newly-failing must be >= 0',
  ],
  ['a spread of one run', text.replace('500, runs: 5', '500, runs: 1'), 'slower, runs must be >= 2'],
  ['no rule for slower', text.replace(/slower.*\n/, ''), "the file must have required property 'slower'"],
] as const)('%s is refused with a sentence', ([, policy, sentence]) => {
  expect(() => read(policy)).toThrow(sentence);
});
