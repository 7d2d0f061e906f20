import { expect, test } from 'vitest';
import { succeeded } from '../ledger.ts';
import { complaints } from '../write.ts';
import {
  demandKnownCases,
  hasExpired,
  knownFailures,
  knownFor,
  markKnown,
  outdatedIn,
  parseKnownFailures,
} from './known-failures.ts';
import { sampleRun, versions } from './sample-runs.ts';

const entry = `- cases: [area/file/a]
  implementation: Istio
  versions: ">=1.30 <1.32"
  reason: it answers 404
  link: https://acme.example/1
  expires: 2027-03-31
`;
const parsed = parseKnownFailures(entry, 'x.yaml');
const [known] = parsed;
const without = (field: string) => entry.replace(new RegExp(`\n  ${field}: .*`), '');
const instead = (field: string, value: string) =>
  entry.replace(new RegExp(`  ${field}: .*`), `  ${field}: ${value}`);

test('the list of this repository is as it must be', () => {
  expect(() => knownFailures()).not.toThrow();
});

test('a list without an entry is empty', () => {
  expect(parseKnownFailures('# nothing\n', 'x.yaml')).toEqual([]);
});

test.for<[string, string, string]>([
  ['no YAML', '- cases: [', 'Flow sequence in block collection must be'],
  ['no list', 'cases: []', 'the file must be array,null'],
  ['an entry without a reason', without('reason'), "entry 1 must have required property 'reason'"],
  ['an entry without an expiry', without('expires'), "entry 1 must have required property 'expires'"],
  [
    'a field of another name',
    `${entry}  until: 2027-01-01\n`,
    'entry 1 must NOT have additional properties: until',
  ],
  [
    'an id that is a title',
    entry.replace('area/file/a', 'Answers any host'),
    'entry 1, cases, entry 1 must be the id of a case, as npm test -- --list prints it, not "Answers any host"',
  ],
  ['no case', entry.replace('area/file/a', ''), 'entry 1, cases must NOT have fewer than 1 items'],
  [
    'a link that leads nowhere',
    instead('link', 'see Slack'),
    'entry 1, link must be an address that begins with https://',
  ],
  ['a month', instead('expires', '2027-03'), 'entry 1, expires must be a day like 2027-03-31, not "2027-03"'],
  [
    'a day that is none',
    instead('expires', '2027-02-30'),
    'entry 1, expires must be a day of the calendar, not "2027-02-30"',
  ],
  [
    'a range that is none',
    instead('versions', '1.30 and up'),
    'entry 1, versions must be a range as npm writes them',
  ],
  [
    'a case twice for one version',
    entry + entry.replace('>=1.30 <1.32', '^1.31'),
    'entry 2 has area/file/a, which an entry above has for some of the same versions',
  ],
])('%s is refused with a sentence', ([, text, sentence]) => {
  expect(() => parseKnownFailures(text, 'x.yaml')).toThrow(sentence);
  expect(() => parseKnownFailures(text, 'x.yaml')).toThrow('next: mend x.yaml');
});

test('all that is wrong is said at once', () => {
  const text = instead('expires', 'soon') + without('reason');
  expect(() => parseKnownFailures(text, 'x.yaml')).toThrow(/entry 1, expires[^]*entry 2 must have/);
});

test('a case twice, for other versions or another implementation, is taken', () => {
  const others = entry.replace('>=1.30 <1.32', '>=1.32') + entry.replace('Istio', 'Acme');
  expect(parseKnownFailures(entry + others, 'x.yaml')).toHaveLength(3);
});

test('an entry about a case that there is not is refused, with the nearest', () => {
  expect(() => demandKnownCases(parsed, [{ id: 'area/file/a' }])).not.toThrow();
  expect(() => demandKnownCases(parsed, [{ id: 'area/file/b' }, { id: 'x/y' }])).toThrow(
    'entry 1 is about area/file/a: there is no such case; the nearest is area/file/b',
  );
});

test.for<[string, boolean]>([
  ['Istio 1.29.9', false],
  ['Istio 1.30.0', true],
  ['istio 1.31.4', true],
  // what is built on the way to a release is as that release
  ['Istio 1.31-dev', true],
  ['Istio 1.31.0-rc.1', true],
  ['Istio 1.32.0', false],
  ['Istio', false],
  ['Acme 1.31.0', false],
  ['acme.example/gateway', false],
])('on %s it is known: %s', ([implementation, is]) => {
  const run = sampleRun(1, {}, { target: { versions: { ...versions(''), implementation } } });
  expect(knownFor(parsed, run, 'area/file/a') !== undefined).toBe(is);
  expect(knownFor(parsed, run, 'area/file/b')).toBeUndefined();
});

test('any version of an implementation that does not tell its version is *', () => {
  const list = parseKnownFailures(instead('versions', '"*"'), 'x.yaml');
  const run = sampleRun(1, {}, { target: { versions: { ...versions(''), implementation: 'Istio' } } });
  expect(knownFor(list, run, 'area/file/a')).toBeDefined();
});

test('it counts to the end of its last day', () => {
  const expired = ['2027-03-31T23:59:59.999Z', '2027-04-01T00:00:00.000Z'].map((time) =>
    hasExpired({ expires: '2027-03-31' }, new Date(time)),
  );
  expect(expired).toEqual([false, true]);
});

test('a known failure has failed, is counted apart, and does not fail the run', () => {
  const run = sampleRun(1, { a: 'failed', b: 'passed' });
  expect(succeeded(run)).toBe(false);
  const marked = markKnown(run, parsed);
  expect(marked.sums).toEqual({ ...run.sums, failed: 1, known: 1 });
  expect(marked.cases.map((one) => one.known?.reason)).toEqual(['it answers 404', undefined]);
  expect(complaints(marked)).toEqual([]);
  expect(succeeded(marked)).toBe(true);
});

test('it excuses no other failure, nor one that is beside the cases', () => {
  expect(succeeded(markKnown(sampleRun(1, { a: 'failed', b: 'failed' }), parsed))).toBe(false);
  const stray = sampleRun(1, { a: 'failed' }, { errors: [{ message: 'x' }] });
  expect(succeeded(markKnown(stray, parsed))).toBe(false);
  expect(succeeded(markKnown(sampleRun(1, { a: 'not-run' }), parsed))).toBe(false);
});

test('an entry that has expired excuses nothing, and is told', () => {
  const run = sampleRun(1, { a: 'failed' }, { startedAt: '2027-04-01T00:00:00.000Z' });
  expect(markKnown(run, parsed)).toBe(run);
  expect(outdatedIn(run, parsed, new Date(run.startedAt))).toEqual({
    passing: [],
    expired: [{ id: 'area/file/a', known }],
  });
});

test('one whose case passes is told; one whose case is elsewhere is not', () => {
  const at = new Date('2026-12-01');
  expect(outdatedIn(sampleRun(1, { a: 'passed' }), parsed, at).passing).toEqual([
    { id: 'area/file/a', known },
  ]);
  expect(outdatedIn(sampleRun(1, { a: 'failed' }), parsed, at)).toEqual({ passing: [], expired: [] });
  expect(outdatedIn(sampleRun(1, { b: 'passed' }), parsed, at)).toEqual({ passing: [], expired: [] });
});
