import { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createVitest,
  type Reporter,
  type TestModule,
  type TestSpecification,
  type Vitest,
} from 'vitest/node';
import { Problem } from '../../cluster/problem.ts';
import type { Target } from '../../cluster/target.ts';
import { type CatalogueCase, casesOf, isSelected, wholeFile } from '../../reports/catalogue.ts';
import type { Shard } from '../../reports/run.ts';
import { reasonOf } from '../../reports/verdict.ts';
import type { RunContext } from '../context.ts';
import type { Timeouts } from '../timeouts.ts';

/** Milliseconds that running cases get to notice an interrupt before their workers are ended. */
const cancelGrace = 2_000;

interface SuiteFile {
  specification: TestSpecification;
  /** Cases by the id of their vitest task. */
  cases: Map<string, CatalogueCase>;
  /** Why the file did not load. */
  broken?: string;
}

/** What of the selected cases is run: those of the files that vitest deals to the shard. */
interface Part {
  filters: string[];
  shard: Shard | undefined;
}

/** The project's suites, opened in vitest: first loaded to know their cases, then run. */
export class Suites {
  readonly #vitest: Vitest;
  readonly #all: SuiteFile[];
  /** Those of the shard. */
  readonly #files: SuiteFile[];
  #cancelled = false;

  private constructor(vitest: Vitest, all: SuiteFile[], files: SuiteFile[]) {
    this.#vitest = vitest;
    this.#all = all;
    this.#files = files;
  }

  /**
   * Loads all suite files, in one worker and without a cluster. Settles when every case is known.
   * @param root folder that holds `vitest.config.ts` and `suites/`
   * @param reporters hear of the run in this order
   * @param part the shard of the files that the filters select; left out: all files
   * @throws Problem when two cases of a file have the same id, or one has too long an id
   */
  static async open(root: string, reporters: Reporter[], part?: Part): Promise<Suites> {
    const vitest = await createVitest(
      { root, project: 'suites', watch: false, reporters },
      {},
      { stdout: nowhere() },
    );
    try {
      const all = await load(vitest);
      return new Suites(vitest, all, await dealt(vitest, all, part));
    } catch (error) {
      await vitest.close();
      throw error;
    }
  }

  /**
   * The selected cases of the shard, sorted by id. A file that does not load gives the cases that its text shows, or
   * one for them all.
   */
  selected(filters: string[]): CatalogueCase[] {
    return casesIn(this.#files, filters);
  }

  /** Likewise, of all shards. */
  catalogue(filters: string[] = []): CatalogueCase[] {
    return casesIn(this.#all, filters);
  }

  /** Why cases will not run although nothing was tried yet: by id, for those whose file does not load, of all shards. */
  get broken(): Map<string, string> {
    return new Map(
      this.#all.flatMap(({ broken, cases }) =>
        broken === undefined ? [] : [...cases.values()].map(({ id }): [string, string] => [id, broken]),
      ),
    );
  }

  /**
   * Runs the selected cases and settles when the last has ended, or the run was cancelled; verdicts go to the
   * reporters. The process's exit code is left as it was.
   * @param context what the cases can `inject`
   */
  async run(filters: string[], context: { target: Target; run: RunContext }): Promise<void> {
    const exitCode = process.exitCode;
    const deadline = testTimeout(context.run.timeouts);
    for (const { config } of this.#vitest.projects)
      Object.assign(config, { testTimeout: deadline, hookTimeout: deadline });
    this.#vitest.provide('target', context.target);
    this.#vitest.provide('run', context.run);
    await this.#vitest.standalone();
    if (!this.#cancelled) await this.#vitest.runTestSpecifications(this.#select(filters));
    process.exitCode = exitCode;
  }

  /** Aborts the run; settles when no case runs any more. Cases that do not heed it are ended by force. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    const heeded = this.#vitest.cancelCurrentRun('keyboard-input').then(() => true);
    if (await Promise.race([heeded, pause(cancelGrace, false, { ref: false })])) return;
    await this.#vitest.cancelCurrentRun('keyboard-input');
  }

  async close(): Promise<void> {
    await this.#vitest.close();
  }

  #select(filters: string[]): TestSpecification[] {
    return this.#files.flatMap(({ specification, cases, broken }) => {
      const ids = [...cases].filter(([, known]) => isSelected(known, filters)).map(([taskId]) => taskId);
      // of a broken file the task ids are not known
      if (broken === undefined && ids.length < cases.size) specification.testIds = ids;
      return ids.length === 0 ? [] : [specification];
    });
  }
}

const casesIn = (files: SuiteFile[], filters: string[]): CatalogueCase[] =>
  files
    .flatMap(({ cases }) => [...cases.values()])
    .filter((known) => isSelected(known, filters))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** The files of the shard: by vitest's own sequencer, which goes by their paths alone, so that all processes agree. */
async function dealt(vitest: Vitest, all: SuiteFile[], part: Part | undefined): Promise<SuiteFile[]> {
  if (!part?.shard) return all;
  const selected = all.filter((file) => casesIn([file], part.filters).length > 0);
  const { config } = vitest;
  const Sequencer = config.sequence.sequencer;
  config.shard = part.shard;
  const dealing = await new Sequencer(vitest).shard(selected.map(({ specification }) => specification));
  // what is dealt is not to be dealt again
  delete config.shard;
  return selected.filter(({ specification }) => dealing.includes(specification));
}

async function load(vitest: Vitest): Promise<SuiteFile[]> {
  const exitCode = process.exitCode;
  const specifications = await vitest.globTestSpecifications();
  const projects = new Set(specifications.map(({ project }) => project));
  const workers = new Map([...projects].map((project) => [project, project.config.maxWorkers]));
  // one worker imports what all files share once
  for (const project of projects) project.config.maxWorkers = 1;
  const { testModules } = await vitest.collectTests(specifications);
  for (const [project, maxWorkers] of workers) project.config.maxWorkers = maxWorkers;
  process.exitCode = exitCode;

  const modules = new Map(testModules.map((module) => [module.moduleId, module]));
  return Promise.all(
    specifications.map(async (specification) => {
      const module = modules.get(specification.moduleId);
      if (!module) throw new Error(`vitest did not collect ${specification.moduleId}`);
      const file = await fileOf(vitest, specification, module);
      // what is known of a file that does not load is its text, in which titles may be variables
      if (file.broken === undefined) demandGoodIds(file);
      return file;
    }),
  );
}

async function fileOf(
  vitest: Vitest,
  specification: TestSpecification,
  module: TestModule,
): Promise<SuiteFile> {
  const errors = module.errors();
  if (errors.length === 0) {
    const cases = casesOf(module);
    if (cases.size > 0) return { specification, cases };
    return {
      specification,
      cases: new Map([[module.id, wholeFile(module)]]),
      broken: 'its file holds no case',
    };
  }
  const broken = `its file did not load: ${reasonOf(errors)}`;
  const [parsed] = await vitest.parseSpecifications([specification]);
  const cases = parsed ? casesOf(parsed) : new Map<string, CatalogueCase>();
  if (cases.size === 0) cases.set(module.id, wholeFile(module));
  return { specification, cases, broken };
}

/** The evidence of a case is in a folder that has the last part of its id for a name, and a picture's ending after it. */
const longestTitle = 240;

function demandGoodIds({ cases }: SuiteFile): void {
  const seen = new Map<string, CatalogueCase>();
  for (const known of cases.values()) {
    const { length } = known.id.replace(/^.*\//, '');
    if (length > longestTitle) {
      throw new Problem({
        asked: `load ${known.file}`,
        got: `the title of a case gives an id of ${length} characters: "${known.title}"`,
        cause: `evidence is kept in a folder of that name, which may have ${longestTitle}`,
        next: `say it in fewer words, in ${known.file}`,
      });
    }
    const other = seen.get(known.id);
    if (other) {
      throw new Problem({
        asked: `load ${known.file}`,
        got: `two cases have the id ${known.id}: "${other.title}" and "${known.title}"`,
        cause: 'ids are made of the letters and digits of the titles, upper and lower case alike',
        next: `say in words what sets the two titles apart, in ${known.file}`,
      });
    }
    seen.set(known.id, known);
  }
}

/** The helpers have deadlines of their own, and say what they waited for: vitest's must never come first. */
function testTimeout(timeouts: Timeouts): number {
  return 2 * Object.values(timeouts).reduce((sum, each) => sum + each, 0);
}

/** Vitest's own messages: the reporters say all there is to say. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
