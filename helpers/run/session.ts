import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { JUnitReporter, type Reporter } from 'vitest/node';
import type { Browser, NoBrowser } from '../../cluster/browser/browser.ts';
import { Problem } from '../../cluster/problem.ts';
import type { Target } from '../../cluster/target.ts';
import { completeResults } from '../../reports/allure/complete.ts';
import { environmentOf } from '../../reports/allure/environment.ts';
import { AllureReporter } from '../../reports/allure/reporter.ts';
import type { CatalogueCase } from '../../reports/catalogue.ts';
import { now } from '../../reports/clock.ts';
import { writeJunit } from '../../reports/junit.ts';
import { Ledger, succeeded } from '../../reports/ledger.ts';
import { emptyOutputs, outputs } from '../../reports/outputs.ts';
import { isProved, proofLines, proofSums } from '../../reports/proof.ts';
import { openHistory, remember } from '../../reports/regression/history.ts';
import {
  type KnownFailure,
  knownOn,
  markCase,
  markKnown,
  outdatedIn,
} from '../../reports/regression/known-failures.ts';
import { RunReporter } from '../../reports/reporter.ts';
import type { CaseResult, Cost, Run, Shard } from '../../reports/run.ts';
import {
  caseLine,
  findingLines,
  knownSumLines,
  reachLine,
  sumLine,
  targetLines,
  timesLine,
} from '../../reports/terminal.ts';
import { writeRun } from '../../reports/write.ts';
import type { RunContext } from '../context.ts';
import { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import type { KubeObject } from '../kube/objects.ts';
import { chooseReach } from '../reach/choose.ts';
import type { Reach, ReachChoice } from '../reach/way.ts';
import type { Timeouts } from '../timeouts.ts';
import { Absences } from './absences.ts';
import { ClusterRun } from './run.ts';
import { type EndSignal, exitCodeOf, onEndSignals } from './signals.ts';
import type { Suites } from './suites.ts';

interface Plan {
  /** Folder (absolute) for what the run leaves behind. */
  out: string;
  /** File that every run is appended to. A shard's is not: what is compared are whole runs. */
  history: string;
  known: KnownFailure[];
  filters: string[];
  shard: Shard | undefined;
  timeouts: Timeouts;
  startedAt: Date;
  /** How the gateways are to be asked. */
  reach: ReachChoice;
  skips: RunContext['skips'];
  /** Whether every assertion is judged once more under faults. */
  proves: boolean;
  /** The command that runs one case again. */
  rerun: (id: string) => string;
}

/** One run of the suites: from a target that is ready to the exit code. */
export class Session {
  readonly #plan: Plan;
  readonly #ledger = new Ledger();
  /** Allure reads it when the cases begin, which is when the target is known. */
  readonly #environment: Record<string, string> = {};
  /** Ends what is still to come before the first case. */
  readonly #interrupted = new AbortController();
  #reach: Reach | undefined;
  #absences: Absences | undefined;
  /** Marks what is known to fail on the target, once that is known. */
  #marked = (result: CaseResult): CaseResult => result;
  #cluster: ClusterRun | undefined;
  #left: Promise<void> | undefined;
  #signal: EndSignal | undefined;
  #ended = false;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** For vitest, in this order: the others count what the first leaves them. */
  get reporters(): Reporter[] {
    const { out, filters, rerun } = this.#plan;
    return [
      new RunReporter({
        ledger: this.#ledger,
        filters,
        rerun,
        excuse: (result) =>
          // a failure that is known stays one: it says nothing new
          this.#marked(result).known
            ? undefined
            : this.#absences?.excuse(performance.now() - result.durationMs),
        told: (result) => console.log(caseLine(this.#marked(result))),
      }),
      new JUnitReporter({ outputFile: join(out, outputs.junitDraft), addFileAttribute: true }),
      new AllureReporter({
        resultsDir: join(out, outputs.allure),
        reportMatchers: false,
        environmentInfo: this.#environment,
        before: () => this.#leave(),
      }) as Reporter,
    ];
  }

  /**
   * Runs the selected cases against the target and prints how it goes. Settles when the reports are written and
   * what the run made is gone from the cluster. The first SIGINT or SIGTERM brings the same end about early; a
   * second one ends the process at once.
   * @param browser for cases that need one
   * @returns the exit code: 0 when every selected case was judged and none failed but what is known to
   * @throws Problem when the cluster refuses what a run needs before its first case
   */
  async run(suites: Suites, target: Target, browser?: Browser | NoBrowser): Promise<number> {
    const { out, filters, known, shard, skips, proves, startedAt, timeouts } = this.#plan;
    const { kubeconfig: _, controller, ...reported } = target;
    const readyAt = now();
    const kube = new Kube(target, timeouts.api, timeouts.away);
    const impatient = new Kube(target, timeouts.api);
    const cluster = new ClusterRun(kube);
    this.#cluster = cluster;
    const account = (): Run => {
      const run = this.#ledger.run({
        id: cluster.id,
        startedAt,
        readyAt,
        filters,
        ...(shard && { shard: { ...shard, selected: suites.catalogue(filters).length } }),
        target: reported,
        ...(this.#reach && { reach: this.#reach }),
        cost: costOf([kube, impatient]),
      });
      return markKnown(run, known);
    };
    this.#marked = (result) => markCase(result, known, { target: reported }, startedAt);

    this.#emptyOutputs();
    this.#openHistory();
    for (const each of suites.selected(filters)) this.#ledger.select(each);
    for (const [id, reason] of suites.broken) this.#ledger.explain(id, reason);
    for (const line of targetLines(account())) console.log(line);
    Object.assign(this.#environment, environmentOf({ id: cluster.id, target: reported }), {
      ...(browser && { browser: 'line' in browser ? browser.line : browser.none }),
    });
    const write = (run: Run) => this.#write(run, suites.catalogue());
    const release = this.#endOnSignals(suites, {
      write: () => write(account()),
      leave: () => {
        const run = account();
        if (write(run)) this.#remember(run);
      },
    });
    try {
      const reach = await this.#begin(cluster, { kube, target });
      if (reach) {
        this.#absences = new Absences(impatient, controller);
        await suites
          .run(filters, {
            target,
            run: {
              id: cluster.id,
              timeouts,
              reach,
              out,
              skips,
              proves,
              browser,
              known: knownOn(known, { target: reported }, startedAt),
            },
          })
          .catch((error: Error) => {
            // a full disk is nobody's mistake in the code
            const told = 'syscall' in error ? error.message : error.stack;
            this.#ledger.error({ message: told ?? String(error) });
          });
      }
      await this.#leave();
      this.#ended = true;
      const run = account();
      const written = write(run);
      // under faults a case takes another time than without
      const remembered = proves || (written !== undefined && this.#remember(run));
      const folder = relative(process.cwd(), out);
      const outdated = outdatedIn(run, known, startedAt);
      for (const line of findingLines(run, { folder, outdated, conformance: written?.conformance }))
        console.log(line);
      const clean = await this.#cleanUp(cluster, timeouts.gone);
      const proved = !proves || (await isProvedBy(run));
      console.log(timesLine(run, now(), process.resourceUsage()));
      for (const line of knownSumLines(run)) console.log(line);
      console.log(sumLine(run));
      if (this.#signal) return exitCodeOf(this.#signal);
      return remembered && clean && proved && written && succeeded(run) ? 0 : 1;
    } finally {
      release();
      rmSync(join(out, outputs.junitDraft), { force: true });
      this.#absences?.close();
      await Promise.all([impatient.close(), kube.close()]);
    }
  }

  #emptyOutputs(): void {
    const { out } = this.#plan;
    try {
      emptyOutputs(out);
    } catch (error) {
      throw new Problem({
        asked: `make room for the reports in ${relative(process.cwd(), out)}`,
        got: (error as Error).message,
        cause: 'the folder, or a file in it, belongs to another user or lies on a read-only or full disk',
        next: `ls -la ${relative(process.cwd(), out)}`,
      });
    }
  }

  #openHistory(): void {
    const { history, shard } = this.#plan;
    if (shard) return;
    try {
      openHistory(history);
    } catch (error) {
      throw new Problem({
        asked: `append the run to ${history}`,
        got: (error as Error).message,
        cause: 'it is no file, or belongs to another user, or lies on a read-only or full disk',
        next: 'name another file with --history or CONFORMANCE_HISTORY',
      });
    }
  }

  /** @returns the run's way to its gateways; undefined when the run was interrupted before it was known */
  async #begin(
    cluster: ClusterRun,
    { kube, target }: { kube: Kube; target: Target },
  ): Promise<Reach | undefined> {
    const { reach: choice, timeouts } = this.#plan;
    const { signal } = this.#interrupted;
    try {
      for (const { id, objects } of await cluster.begin()) {
        console.log(`Swept      what run ${id} left behind: ${counted(objects)}`);
      }
      const choosing = { kube, target, run: cluster.id, timeouts, signal };
      this.#reach = await chooseReach(choice, choosing, console.log);
      console.log(reachLine(this.#reach));
      this.#environment.reach = this.#reach.way;
      return this.#reach;
    } catch (error) {
      if (signal.aborted) return undefined;
      await this.#cleanUp(cluster, error instanceof ApiError ? timeouts.api : timeouts.gone);
      if (!(error instanceof ApiError)) throw error;
      throw new Problem({
        asked: 'begin the run',
        got: error.message,
        cause: error.transient
          ? 'the API server went away, or is overloaded'
          : 'a run needs a namespace and a lease of its own, and the API server refuses them',
        next: 'kubectl get namespaces, with the same context; then npm test again',
      });
    }
  }

  /**
   * Has the clean-up begin: Kubernetes takes some seconds before it empties a namespace, in which the reports are written.
   * What is in its way `#cleanUp` meets again.
   */
  #leave(): Promise<void> {
    this.#left ??= this.#cluster?.leave().catch(() => {}) ?? Promise.resolve();
    return this.#left;
  }

  /** @returns undefined when the reports were not written: it has said why, and the cluster is cleaned up all the same */
  #write(run: Run, catalogue: CatalogueCase[]): { conformance: ReturnType<typeof writeRun> } | undefined {
    try {
      const conformance = writeRun(run, this.#plan.out, catalogue);
      writeJunit(run, this.#plan.out);
      completeResults(run, this.#plan.out);
      return { conformance };
    } catch (error) {
      const folder = relative(process.cwd(), this.#plan.out);
      console.error(
        `The reports were not written to ${folder}: ${(error as Error).message}. Next: df -h ${folder}, and npm test again, or with --out FOLDER`,
      );
      return undefined;
    }
  }

  /** @returns whether the history has the run; if not, it has said why */
  #remember(run: Run): boolean {
    const { history, shard } = this.#plan;
    if (shard) return true;
    try {
      remember(run, history);
      return true;
    } catch (error) {
      console.error(`The run was not appended to ${history}: ${(error as Error).message}`);
      return false;
    }
  }

  /** @returns whether everything is gone; if not, it has said what is left */
  async #cleanUp(cluster: ClusterRun, timeout: number): Promise<boolean> {
    try {
      await cluster.end(timeout);
      return true;
    } catch (error) {
      console.error(`Not all is cleaned up: ${(error as Error).message}. The next run sweeps what is left.`);
      return false;
    }
  }

  #endOnSignals(suites: Suites, { write, leave }: { write: () => unknown; leave: () => void }): () => void {
    return onEndSignals(
      (signal) => {
        this.#signal = signal;
        this.#interrupted.abort();
        console.log(
          `${signal}: ${this.#ended ? '' : 'ending the cases and '}cleaning up; once more to leave at once`,
        );
        if (this.#ended) return;
        this.#ledger.interrupt(signal);
        write();
        void suites.cancel();
      },
      (signal) => {
        if (!this.#ended) leave();
        console.error(`${signal}: left at once; the next run sweeps what this one leaves on the cluster`);
        process.exit(exitCodeOf(signal));
      },
    );
  }
}

/** What this process has taken so far. @param kubes its own, beside those of suite files */
function costOf(kubes: Kube[]): Omit<Cost, 'files'> {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    cpuMs: Math.round((userCPUTime + systemCPUTime) / 1_000),
    memoryMb: Math.round(maxRSS / 1_024),
    apiCalls: kubes.reduce((sum, { calls }) => sum + calls, 0),
  };
}

/** Says what was proved, and whether that is all that there is to prove. */
async function isProvedBy(run: Run): Promise<boolean> {
  const { breaking } = await import('../prove/catalogue.ts');
  const sums = proofSums(run, breaking());
  const whole = run.filters.length === 0 && !run.shard;
  for (const line of proofLines(sums, whole)) console.log(line);
  return isProved(sums, whole);
}

/** `9 of kind Namespace, 1 of kind GatewayClass` */
function counted(objects: KubeObject[]): string {
  const kinds = Object.entries(Object.groupBy(objects, ({ kind }) => kind));
  return kinds.map(([kind, all = []]) => `${all.length} of kind ${kind}`).join(', ');
}
