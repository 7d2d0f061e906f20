import { collectFacts } from '../diagnose/collect.ts';
import type { Facts } from '../diagnose/facts.ts';
import type { Kube } from '../kube/client.ts';
import type { Setup } from '../setup/setup.ts';
import type { Timeouts } from '../timeouts.ts';

/** What is looked at once a setup: it is what the API server says without a saboteur. */
const looks = new WeakMap<Setup, Promise<Facts>>();

/** One right round decides, and one wrong round does: what is wrong under a fault stays so. */
const impatient: Partial<Timeouts> = {
  answer: 1,
  accepted: 1,
  ready: 1,
  gone: 1,
  shares: 1,
  log: 500,
  page: 5_000,
};

/**
 * A setup as it is, for who asks its cluster by another connection and with other deadlines. Private fields are of the
 * setup itself: what is called is called there.
 * @param options `factsToo`: whether the facts of a diagnosis are looked at by that connection as well; `patient`: with
 * the run's own deadlines
 */
export function seenBy(
  setup: Setup,
  {
    kube,
    factsToo,
    patient,
    limits,
  }: {
    kube?: Kube | undefined;
    factsToo?: boolean | undefined;
    patient?: boolean;
    limits?: Partial<Timeouts> | undefined;
  },
): Setup {
  const { cluster } = setup;
  const timeouts = { ...cluster.run.timeouts, ...(patient ? {} : impatient), ...limits };
  const own: Partial<Setup> = {
    cluster: { ...cluster, kube: kube ?? cluster.kube, run: { ...cluster.run, timeouts } },
    facts: () => (kube && factsToo ? collectFacts(kube, setup.namespaces) : factsOf(setup)),
  };
  return new Proxy(setup, {
    get(target, key) {
      if (key in own) return own[key as keyof Setup];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function factsOf(setup: Setup): Promise<Facts> {
  const look = looks.get(setup) ?? setup.facts();
  looks.set(setup, look);
  return look;
}
