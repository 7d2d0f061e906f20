import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOMImplementation, DOMParser, type Document, type Element, XMLSerializer } from '@xmldom/xmldom';
import { caseId } from './catalogue.ts';
import { outputs } from './outputs.ts';
import type { CaseResult, Run } from './run.ts';
import { writeWhole } from './write.ts';

/** What says of a test case that it did not pass. */
const outcomes = ['failure', 'error', 'skipped'];

/** What a verdict is in JUnit; one that passed has nothing. */
const outcomeOf = {
  passed: undefined,
  failed: 'failure',
  skipped: 'skipped',
  // CI systems are green over what is skipped, and a case without a verdict is no good news
  'not-run': 'error',
} as const;

/** Between the titles of groups and cases. */
const separator = ' > ';

/**
 * Writes junit.xml: every case of the run once, with its verdict, also those that vitest gave no result to; so that
 * tests = passed + failures + errors + skipped, and tests are the cases that were selected. What vitest's own reporter
 * wrote is built upon. What went wrong beside the cases is no case: it is in a suite without any.
 * @param out the run's folder
 * @throws whatever the file system refuses with
 */
export function writeJunit(run: Run, out: string): void {
  const written = writtenCases(join(out, outputs.junitDraft));
  const document = new DOMImplementation().createDocument(null, 'testsuites');
  const root = document.documentElement as Element;
  const byFile = Map.groupBy(run.cases, ({ file }) => file);
  for (const [file, cases] of [...byFile].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const suite = added(root, 'testsuite');
    set(suite, { name: file, timestamp: run.firstCaseAt ?? run.readyAt, ...sumsOf(cases) });
    for (const one of cases) {
      const there = written.get(one.id);
      const element = there
        ? (document.importNode(there, true) as Element)
        : document.createElement('testcase');
      suite.appendChild(element);
      judge(element, one);
    }
  }
  if (run.errors.length > 0) {
    const suite = added(root, 'testsuite');
    set(suite, { name: 'beside the cases', timestamp: run.endedAt, ...sumsOf([]) });
    const said = run.errors.map(({ file, message }) =>
      file === undefined ? message : `${file}: ${message}`,
    );
    added(suite, 'system-err').textContent = valid(said.join('\n'));
  }
  set(root, { name: `run ${run.id}`, ...sumsOf(run.cases) });
  const text = new XMLSerializer().serializeToString(document);
  writeWhole(join(out, outputs.junit), `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`);
}

/** By the ids of the cases; none where vitest has not come to write them. */
function writtenCases(file: string): Map<string, Element> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text === '') return new Map();
  const document = new DOMParser().parseFromString(text, 'text/xml');
  return new Map(
    [...document.getElementsByTagName('testcase')].map((element) => {
      const titles = (element.getAttribute('name') ?? '').split(separator);
      return [caseId(element.getAttribute('file') ?? '', titles), element];
    }),
  );
}

function judge(element: Element, { title, file, verdict, reason = '', durationMs }: CaseResult): void {
  const outcome = outcomeOf[verdict];
  const name = title.replaceAll(' › ', separator);
  set(element, {
    classname: file,
    file,
    name: element.getAttribute('name') || name,
    time: durationMs / 1_000,
  });
  const said = [...element.childNodes].filter(({ nodeName }) => outcomes.includes(nodeName));
  // what an assertion said of a case that was not judged is in its reason
  const kept = outcome === 'failure' ? said.filter(({ nodeName }) => nodeName === outcome) : [];
  for (const node of said) if (!kept.includes(node)) element.removeChild(node);
  if (outcome === undefined || kept.length > 0) return;
  const told = added(element, outcome);
  set(told, { message: reason, ...(outcome === 'error' && { type: verdict }) });
}

function added(parent: Element, name: string): Element {
  const element = (parent.ownerDocument as Document).createElement(name);
  parent.appendChild(element);
  return element;
}

function sumsOf(cases: CaseResult[]): Record<string, number> {
  const count = (verdict: CaseResult['verdict']): number =>
    cases.filter((one) => one.verdict === verdict).length;
  return {
    tests: cases.length,
    failures: count('failed'),
    errors: count('not-run'),
    skipped: count('skipped'),
    time: cases.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1_000,
  };
}

function set(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, valid(String(value)));
}

/** Without what XML 1.0 has no room for. */
const valid = (text: string): string =>
  text.toWellFormed().replaceAll(/[^\t\n\r\P{Cc}]|[\ufffd-\uffff]/gu, '');
