import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { collectFacts } from '../diagnose/collect.ts';
import { gatherEvidence } from '../diagnose/evidence.ts';
import type { Facts } from '../diagnose/facts.ts';
import { Looks } from '../diagnose/looks.ts';
import type { Setup } from './setup.ts';

/** Milliseconds between two looks at the facts. */
const betweenLooks = 1_000;

/** Looks at what is to be evidence: cases of one setup fail together, or it is not the setup. */
const mostLooks = 5;
/** Seconds that logs go back before the fixtures were applied. */
const before = 10;

/** What a setup looked like at a moment. */
export interface Look {
  facts: Facts;
  /** Files that tell it, relative to the run's folder. */
  files: string[];
}

type Observed = Pick<Setup, 'cluster' | 'namespace' | 'namespaces' | 'elapsed'>;

/** What the namespaces of a setup look like: looks are shared by all who ask at a time. */
export class Observation {
  readonly #of: Observed;
  /** Whose objects are meant among those of others. */
  readonly #suite: string | undefined;
  readonly #looks = new Looks((number) => this.#gather(number), mostLooks);
  #facts: Promise<Facts> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** @param suite where others have objects in the same namespaces */
  constructor(of: Observed, suite: string | undefined) {
    this.#of = of;
    this.#suite = suite;
  }

  /** What they look like to a diagnosis, now; looks are some time apart: each costs dozens of lists. */
  facts(): Promise<Facts> {
    this.#facts ??= this.#look().finally(() => {
      this.#facts = undefined;
    });
    return this.#facts;
  }

  async #look(): Promise<Facts> {
    await pause(Math.max(0, this.#lookedAt + betweenLooks - performance.now()));
    const facts = await collectFacts(this.#of.cluster.kube, this.#of.namespaces);
    this.#lookedAt = performance.now();
    return { ...facts, suite: this.#suite };
  }

  /** The same, written down for people: evidence of a failure. */
  evidence(): Promise<Look> {
    return this.#looks.take();
  }

  async #gather(number: number): Promise<Look> {
    const { cluster, namespace, elapsed } = this.#of;
    const facts = await this.facts();
    const folder = join('evidence', 'namespaces', namespace, String(number));
    const bounds = {
      timeout: cluster.run.timeouts.evidence,
      since: Math.ceil(elapsed / 1_000) + before,
    };
    const files = await gatherEvidence(cluster, facts, join(cluster.run.out, folder), bounds);
    return { facts, files: files.map((file) => join(folder, file)) };
  }
}
