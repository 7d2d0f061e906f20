import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeJunit } from './junit.ts';

const report = (suite: string, tests: number): string => `<?xml version="1.0" encoding="UTF-8" ?>
<testsuites name="vitest tests" tests="${tests}" failures="1" errors="0" skipped="0" time="1.5">
    <testsuite name="${suite}" tests="${tests}" failures="1">
${Array.from({ length: tests }, (_, at) => `        <testcase name="${at} &gt; &quot;a&quot;"><failure message="a&#10;b">&lt;got&gt;</failure></testcase>`).join('\n')}
    </testsuite>
</testsuites>
`;

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

test('the merged report has every test case, and the sums say so', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }), (sizes) => {
      const merged = mergeJunit(
        sizes.map((size, at) => ({ from: `s${at}`, text: report(`s${at}`, size), cases: size })),
      );
      const all = sizes.reduce((sum, size) => sum + size, 0);
      expect(count(merged, /<testcase /g)).toBe(all);
      expect(count(merged, /<testsuite /g)).toBe(sizes.length);
      expect(merged).toContain(
        `<testsuites name="vitest tests" tests="${all}" failures="${sizes.length}" errors="0" skipped="0" time="${1.5 * sizes.length}">`,
      );
    }),
  );
});

test('what a failure says is taken over as it is', () => {
  const merged = mergeJunit([
    { from: 's1', text: report('s1', 1), cases: 1 },
    { from: 's2', text: report('s2', 1), cases: 1 },
  ]);
  expect(count(merged, /<failure message="a&#10;b">&lt;got(>|&gt;)<\/failure>/g)).toBe(2);
});

test('a report that is cut short anywhere is refused, and so is an empty one', () => {
  const whole = report('s1', 2).trimEnd();
  for (let length = 0; length < whole.length; length++) {
    const cut = [
      { from: 's0', text: whole, cases: 2 },
      { from: 's1', text: whole.slice(0, length), cases: 2 },
    ];
    expect(() => mergeJunit(cut)).toThrow('read the JUnit report s1: ');
  }
  expect(() => mergeJunit([{ from: 's1', text: '<testsuite/>', cases: 0 }])).toThrow(
    'its outermost element is testsuite',
  );
});

test('a report of another number of cases is refused', () => {
  expect(() => mergeJunit([{ from: 's1', text: report('s1', 2), cases: 3 }])).toThrow(
    'read the JUnit report s1: it has 2 cases, and run.json has 3',
  );
});
