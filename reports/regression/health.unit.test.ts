import { expect, test } from 'vitest';
import type { Verdict } from '../run.ts';
import { healthOf } from './health.ts';

const letters: Record<string, Verdict> = { p: 'passed', f: 'failed', s: 'skipped', n: 'not-run' };

test.for<[string, number | undefined]>([
  ['pppp', 1],
  ['p', 1],
  ['f', 0],
  ['ffff', 0],
  // half of it passed, and it changed one time in three
  ['ppff', 0.5 * (1 - 1 / 3)],
  // three in four, two changes in three
  ['pfpp', 0.75 * (1 - 2 / 3)],
  // a change every time
  ['pfpf', 0],
  ['ppppppppppppppppppff', 0.9 * (1 - 1 / 19)],
  // what did not judge it counts for nothing
  ['psnp', 1],
  ['pnf', 0],
  // the newest twenty count that judged it
  [`ff${'pn'.repeat(20)}`, 1],
  ['sn', undefined],
  ['', undefined],
])('%s: the health is the pass rate times what is left of one by the flip rate', ([verdicts, value]) => {
  const health = healthOf(
    [...verdicts].map((letter) => letters[letter]),
    20,
  );
  expect(health?.value ?? 'none').toEqual(value ?? 'none');
});
