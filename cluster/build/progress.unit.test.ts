import { expect, test } from 'vitest';
import { progressText } from './progress.ts';

test.each([
  [12, 1_000, '12 of 4657 packages'],
  [1_000, 60_000, '1000 of 4657 packages, about 4 min left'],
  [4_500, 480_000, '4500 of 4657 packages, less than a minute left'],
])('after %i packages in %i ms a build says: %s', (done, elapsed, text) => {
  expect(progressText(done, 4_657, elapsed)).toBe(text);
});
