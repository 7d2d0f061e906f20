import { DOMParser, type Document, type Element, XMLSerializer } from '@xmldom/xmldom';
import { Problem } from '../../cluster/problem.ts';

/** A JUnit report, and where it comes from. */
export interface JunitReport {
  /** File, for messages. */
  from: string;
  text: string;
  /** How many cases it has to have. */
  cases: number;
}

/**
 * Makes one JUnit report of several: it has their test suites, and their sums added up.
 * @throws Problem when one is no JUnit report, is cut short, or has another number of cases than it has to have
 */
export function mergeJunit(reports: JunitReport[]): string {
  const [whole, ...others] = reports.map((report) => parsed(report)) as [Document, ...Document[]];
  const root = whole.documentElement as Element;
  for (const { documentElement } of others) {
    const other = documentElement as Element;
    for (const name of ['tests', 'failures', 'errors', 'skipped', 'time']) {
      root.setAttribute(name, String(number(root, name) + number(other, name)));
    }
    for (const suite of other.childNodes) root.appendChild(whole.importNode(suite, true));
  }
  return `${new XMLSerializer().serializeToString(whole)}\n`;
}

function parsed({ from, text, cases }: JunitReport): Document {
  let said: string | undefined;
  try {
    const document = new DOMParser({
      onError: (_, message) => {
        said ??= message.split('\n', 1)[0];
      },
    }).parseFromString(text, 'text/xml');
    const root = document.documentElement;
    const tests = Number(root?.getAttribute('tests'));
    if (root?.nodeName !== 'testsuites') said ??= `its outermost element is ${root?.nodeName}`;
    else if (tests !== cases) said ??= `it has ${tests} cases, and run.json has ${cases}`;
    if (said === undefined) return document;
  } catch (error) {
    said = (error as Error).message;
  }
  throw new Problem({
    asked: `read the JUnit report ${from}`,
    got: said,
    cause: 'it is cut short, or empty: the run was killed, or the disk is full',
    next: 'run that shard anew',
  });
}

const number = (element: Element, name: string): number => Number(element.getAttribute(name) ?? 0);
