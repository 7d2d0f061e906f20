import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Attachment, TestResult } from 'allure-js-commons';
import { FileSystemWriter } from 'allure-js-commons/sdk/reporter';
import { caseId } from '../catalogue.ts';
import { outputs } from '../outputs.ts';
import type { CaseResult, Run } from '../run.ts';
import { withoutSecrets } from '../secrets.ts';
import { environmentOf } from './environment.ts';
import { resultOf, uuidOf } from './result.ts';

const resultEnding = '-result.json';

const globalsEnding = '-globals.json';
const isGlobals = (name: string): boolean => name.endsWith(globalsEnding);
const environmentFile = 'environment.properties';

const types: Record<string, string> = { '.yaml': 'application/yaml', '.png': 'image/png' };

/**
 * Makes the folder of Allure results tell what run.json does: every case of the run once, with its verdict, labels,
 * links, steps and evidence, also those that vitest gave no result to, and what went wrong beside the cases. What
 * allure-vitest wrote is built upon. Done twice it is as done once.
 * @param out the run's folder
 * @throws whatever the file system refuses with
 */
export function completeResults(run: Run, out: string): void {
  const folder = join(out, outputs.allure);
  mkdirSync(folder, { recursive: true });
  const written = readResults(folder);
  const ours = new Set(run.cases.map(({ id }) => uuidOf(run, id)));
  // what allure-vitest wrote knows more than what was made up when it had not written yet
  const [made = [], raw = []] = [true, false].map((own) =>
    written.filter(({ result: { uuid } }) => ours.has(uuid) === own),
  );
  const byCase = new Map([...made, ...raw].map(({ result }) => [caseOf(result), result]));
  const writer = new FileSystemWriter({ resultsDir: folder });
  if (!existsSync(join(folder, environmentFile))) writer.writeEnvironmentInfo(environmentOf(run));
  for (const one of run.cases) {
    const result = resultOf(one, run, byCase.get(one.id));
    result.attachments = [...result.attachments, ...attached(one, run, out, result.attachments)];
    writer.writeResult(withoutSecrets(result));
  }
  for (const { file } of raw) rmSync(file);
  for (const name of readdirSync(folder).filter(isGlobals)) rmSync(join(folder, name));
  const errors = errorsOf(run);
  if (errors.length > 0) writer.writeGlobals(`${run.id}${globalsEnding}`, { attachments: [], errors });
}

const errorsOf = ({ errors, endedAt }: Run) =>
  errors.map(({ message, file }) =>
    withoutSecrets({
      message: file === undefined ? message : `${file}: ${message}`,
      timestamp: Date.parse(endedAt),
    }),
  );

/** The results of a folder; a file that holds none counts for nothing. */
export function readResults(folder: string): { file: string; result: TestResult }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(resultEnding))
    .flatMap((name) => {
      const file = join(folder, name);
      try {
        return [{ file, result: JSON.parse(readFileSync(file, 'utf8')) as TestResult }];
      } catch {
        return [];
      }
    });
}

/** The id of the case that a result is of: ours says it, allure-vitest's is named by file and titles. */
function caseOf({ fullName = '', titlePath = [], name = '' }: TestResult): string {
  const at = titlePath.findIndex((part) => part.endsWith('.test.ts'));
  if (at === -1) return fullName;
  const suites = titlePath.indexOf('suites');
  return caseId(titlePath.slice(suites, at + 1).join('/'), [...titlePath.slice(at + 1), name]);
}

/** Copies the evidence beside the results; what a case attached by itself is there. */
function attached(one: CaseResult, run: Run, out: string, there: Attachment[]): Attachment[] {
  const folder = join(out, outputs.allure);
  return (one.evidence ?? []).flatMap((path, at) => {
    const isShot = path.startsWith(`${outputs.screenshots}/`);
    const source = `${uuidOf(run, one.id)}-${at}-attachment${extname(path)}`;
    const known = there.some((each) => each.source === source || (isShot && each.type === types['.png']));
    if (known || !existsSync(join(out, path))) return [];
    copyFileSync(join(out, path), join(folder, source));
    return [{ name: basename(path), source, type: types[extname(path)] ?? 'text/plain' }];
  });
}
