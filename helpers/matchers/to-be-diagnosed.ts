import { diagnose } from '../diagnose/diagnose.ts';
import type { Diagnosis } from '../diagnose/diagnosis.ts';
import type { Row } from '../diagnose/facts.ts';
import type { Ingress } from '../edge/edge.ts';
import type { Part } from '../scene.ts';
import { type Request, send } from '../traffic/request.ts';
import { steadily } from '../traffic/steadily.ts';
import type { Result } from './result.ts';

/** A request whose answer has to be explained, and where it is asked. */
export interface Asking {
  request: Request;
  of: Ingress;
}

/** Statuses and conditions come after their objects, one by one: until they all did, a cause can seem to be another. */
const inARow = 2;

/** The diagnoses of a part of the fixtures, or of what a request came to there, are this one and no other; null: there is none. */
export async function toBeDiagnosed(
  { of, setup, name, namespaces }: Part,
  cause: string | null,
  asking?: Asking,
): Promise<Result> {
  const { run } = setup.cluster;
  await setup.apply();
  const { steady, lastWrong, tries, elapsedMs } = await steadily<Diagnosis[]>(
    async () => {
      const row = asking && (await rowOf(asking, run.timeouts, of.signal));
      const found = diagnose({ ...(await setup.facts()), scope: namespaces, part: name, row });
      const right = found.length === (cause === null ? 0 : 1) && found.every((one) => one.cause === cause);
      return right ? { right } : { right, wrong: found };
    },
    { times: inARow, timeout: run.timeouts.ready, signal: of.signal },
  );
  const expected = cause ?? 'no cause';
  const step = { asked: `diagnosis of ${name}`, wanted: expected, attempts: tries };
  if (steady) {
    const steps = [{ ...step, got: expected, right: true }];
    return { pass: true, message: () => `${name} is diagnosed: ${cause}`, steps };
  }
  const got = lastWrong?.map((one) => `${one.cause}: ${one.says}`).join('\n            ') || 'no cause';
  const repro = namespaces
    .map((at) => setup.cluster.kube.kubectl(`-n ${at} get gateways,httproutes,services,ingress -o wide`))
    .join('; ');
  of.fail({ expected, got, cause: 'the fault was mended, or another one came with it', repro });
  return {
    pass: false,
    steps: [{ ...step, got, right: false }],
    message: () =>
      `${step.asked}\n  expected: ${expected}\n  got:      ${got}, after ${(elapsedMs / 1_000).toFixed(1)} s\n  repro:    ${repro}`,
  };
}

async function rowOf(
  { request, of: { address, port } }: Asking,
  { connect, request: limit }: { connect: number; request: number },
  signal: AbortSignal,
): Promise<Row> {
  return {
    address,
    port,
    request,
    answer: await send(address, request, { connect, request: limit, signal }),
    seen: false,
  };
}
