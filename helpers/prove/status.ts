import type { Case } from '../case.ts';
import type { Selection } from '../kube/objects.ts';
import type { Result } from '../matchers/result.ts';
import type { Setup } from '../setup/setup.ts';
import { sabotagedKube } from './api-saboteur.ts';
import { seenBy } from './aside.ts';
import { type Check, faultsFor, faultsOf, harmless, type StatusDoes, type StatusFault } from './catalogue.ts';
import type { Trial } from './trial.ts';

const faults = faultsOf<StatusDoes>('status');

/** Something that is read from the API server, and what is demanded of it. */
interface Told {
  of: Case;
  setup: Setup;
  /** For messages. */
  what: string;
  about: Selection | undefined;
  checks: Check[];
  /** Whether the status is looked at until it is right, and not only once. */
  watched: boolean;
  /** Whether the facts of a diagnosis are what is told. */
  facts?: boolean;
}

/**
 * The trials of something that is told by the API server.
 * @param judge the matcher's judgement, by a connection through the saboteur
 */
export function statusTrials(told: Told, judge: (of: Case, setup: Setup) => Promise<Result>): Trial[] {
  const { checks, what, watched } = told;
  const trial = (fault: StatusFault, check?: Check): Trial => ({
    fault,
    check,
    of: what,
    judge: () => judgeUnder(fault, check, told, judge),
  });
  const broken = checks.flatMap((check) => faultsFor(faults, check).map((fault) => trial(fault, check)));
  const nobodys = harmless(faults, checks).filter(({ does }) => watched || !does.late);
  return [...nobodys.map((fault) => trial(fault)), ...broken];
}

async function judgeUnder(
  { does, limits }: StatusFault,
  check: Check | undefined,
  { of, setup, about, facts }: Told,
  judge: (of: Case, setup: Setup) => Promise<Result>,
): Promise<Awaited<ReturnType<Trial['judge']>>> {
  const { kube, run } = setup.cluster;
  const sabotaged = await sabotagedKube(kube, does, about, run.timeouts.api);
  const aside = of.aside();
  try {
    const result = await judge(
      aside,
      seenBy(setup, { kube: sabotaged.kube, factsToo: facts, patient: !check, limits }),
    );
    return { result, failure: aside.notes.failure, touched: true };
  } finally {
    await sabotaged.close();
  }
}
