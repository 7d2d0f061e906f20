import type { Ingress } from '../edge/edge.ts';
import type { Expected } from '../traffic/exchange.ts';
import { byRoad, curl } from '../traffic/repro.ts';
import type { Request } from '../traffic/request.ts';
import type { Asked } from '../traffic/rounds.ts';
import type { Branch } from '../traffic/split.ts';

/** An ingress as tables of exchanges are asked of it, when the backends are ready. @throws BackendStuck; WaitTimeout */
export async function askedOf({ of, setup, address, over, road, detour }: Ingress): Promise<Asked> {
  const { timeouts } = setup.cluster.run;
  return {
    address,
    over,
    detour,
    turn: road.turn,
    pods: await setup.ready(),
    podsNow: () => setup.backends(),
    witness: setup.witness,
    certificates: setup.certificates,
    timeouts: { ...timeouts, answer: of.patience(timeouts.answer) },
    signal: of.signal,
  };
}

/**
 * A command that shows how a request is answered; where no other program can ask it so, the one that runs the case. The
 * case keeps what was asked, for a script that needs nothing of the run.
 * @param wrong what had to come, or why no script can show that it did not
 */
export function reproOf(ingress: Ingress, request: Request, wrong: Wrong): string {
  const { of, setup, road, over } = ingress;
  const shown = over && !over.tls ? { unsayable: 'it goes over a connection that is kept' } : wrong;
  of.wrong ??= 'unsayable' in shown ? shown : { ingress, request, ...shown };
  // nobody has the keys of clients but the run
  if (over || request.tls?.clientCertificate) return of.again;
  return byRoad(setup.cluster.kube, road, curl(road.address, request));
}

type Wrong = { expected: Expected; times?: number } | { branches: Branch[] } | { unsayable: string };
