import { explain } from '../diagnose/explain.ts';
import { noted } from '../diagnose/noted.ts';
import type { Reported, StatusView } from '../gateway/views.ts';
import { getWords, type KubeObject } from '../kube/objects.ts';
import { met, missing } from '../kube/wait.ts';
import type { Result } from './result.ts';
import { watched } from './watched.ts';

/** The status says this, for the object's present generation, or comes to say it in time. */
export async function toReport(view: StatusView, expected: Partial<Reported>): Promise<Result> {
  const { of, setup, ref, what, read } = view;
  const { kube, run } = setup.cluster;
  const timeout = of.patience(run.timeouts.accepted);
  const wanted = reportLine(expected, expected);
  await setup.apply();
  const outcome = await watched<KubeObject, string>(kube, ref, {
    until: `to report ${wanted}`,
    timeout,
    signal: of.signal,
    check: ([object]) => {
      const reported = object && read(object);
      if (!reported) return missing(`the status does not speak of ${what} yet`);
      const line = reportLine(reported, expected);
      return reports(reported, expected) ? met(line) : missing(line);
    },
  });
  const step = { asked: `status of ${what}`, wanted, attempts: outcome.looks };
  if ('met' in outcome) {
    const steps = [{ ...step, got: outcome.met, right: true }];
    return { pass: true, message: () => `${what} reports ${wanted}`, steps };
  }
  const { got } = outcome.late;
  const failure = {
    expected: `${what}: ${wanted}`,
    got,
    ...noted(
      explain(await setup.facts(), { subject: ref, listener: listenerOf(view) }),
      'the controller has judged the object otherwise, or has not judged its present generation',
    ),
    repro: kube.kubectl(`get ${getWords(ref)} -o yaml`),
  };
  of.wrong ??= { view, reported: expected, wanted };
  of.fail(failure);
  return {
    pass: false,
    message: () =>
      `${what}\n  expected: ${wanted}\n  got:      ${got}, after ${timeout / 1_000} s\n  cause:    ${failure.cause}\n  repro:    ${failure.repro}`,
    steps: [{ ...step, got, right: false }],
  };
}

/** Of the status of a listener, its name. */
const listenerOf = ({ part, ref }: StatusView): string | undefined =>
  ref.kind === 'Gateway' && typeof part === 'object' && 'listener' in part ? part.listener : undefined;

const facts = ['attachedRoutes', 'supportedKinds', 'outdated', 'addresses', 'listeners'] as const;

/** Facts beside the conditions that are asked for, as text: the order in a list is the controller's own. */
function factLines(reported: Partial<Reported>, asked: Partial<Reported>): string[] {
  return facts
    .filter((fact) => asked[fact] !== undefined)
    .map((fact) => `${fact}: ${[reported[fact] ?? []].flat().toSorted().join(' and ') || 'none'}`);
}

const reports = (reported: Reported, expected: Partial<Reported>): boolean =>
  factLines(reported, expected).join() === factLines(expected, expected).join() &&
  Object.entries(expected.conditions ?? {}).every(([type, line]) => isLine(line, reported.conditions[type]));

/** `False` alone is one of any reason, for the present generation. */
const isLine = (expected: string | null, got: string | null = null): boolean =>
  got === expected || got?.replace(/ \S+$/, '') === expected;

function reportLine(reported: Partial<Reported>, asked: Partial<Reported>): string {
  const lines = Object.entries(reported.conditions ?? {}).map(([type, line]) =>
    line === null ? `no ${type}` : `${type}: ${line}`,
  );
  return [...lines, ...factLines(reported, asked)].join(', ') || 'no condition';
}
