import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { Problem } from '../cluster/problem.ts';
import { Suites } from '../helpers/run/suites.ts';
import { cataloguePage, misdeclared } from '../reports/catalogue-page.ts';
import { demandKnownCases, knownFailures } from '../reports/regression/known-failures.ts';
import { runCommand } from './run-command.ts';

const page = 'docs/cases.md';
const root = fileURLToPath(new URL('..', import.meta.url));

const program = new Command('npm run catalogue --')
  .description(`Writes ${page} from the suites, without a cluster.`)
  .option('--check', `change nothing, and fail when ${page} is stale`, false)
  .action(async ({ check }: { check: boolean }) => {
    const made = await catalogue();
    if (!check) return writeFile(new URL(`../${page}`, import.meta.url), made);
    const stands = await readFile(new URL(`../${page}`, import.meta.url), 'utf8').catch(() => '');
    if (stands === made) return;
    throw new Problem({
      asked: `compare ${page} with the suites`,
      got: 'they differ',
      cause: 'a case was added, taken away, or given another title or other features',
      next: 'npm run catalogue, and commit the file',
    });
  });

async function catalogue(): Promise<string> {
  const suites = await Suites.open(root, []);
  try {
    const [broken] = suites.broken;
    const wrong = broken ? [broken.join(': ')] : misdeclared(suites.selected([]));
    if (wrong.length === 0) {
      demandKnownCases(knownFailures(), suites.selected([]));
      return cataloguePage(suites.selected([]));
    }
    throw new Problem({
      asked: 'list the cases',
      got: wrong.join('\n  '),
      cause: 'a suite file does not load, or declares what is not in reports/conformance/cases.json',
      next: 'mend what the suite file says of its cases',
    });
  } finally {
    await suites.close();
  }
}

await runCommand(program);
