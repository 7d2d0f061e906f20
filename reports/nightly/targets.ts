import { readFileSync } from 'node:fs';
import { Problem } from '../../cluster/problem.ts';
import { implementationOf } from '../regression/targets.ts';
import type { Run } from '../run.ts';

/** What the nightly is run on. */
export interface NightlyTarget {
  /** `istio-1.31.0-experimental-v1.37.0`, as the workflows call its artefacts and its history. */
  name: string;
  istio: string;
  channel: string;
  kubernetes: string;
}

const lists = ['istio', 'channel', 'kubernetes'] as const;

/**
 * The targets of the nightly: every combination of the versions in its matrix, which the workflow reads as well.
 * @throws Problem when the file is not there, or is no such matrix
 */
export function nightlyTargets(file: string): NightlyTarget[] {
  const matrix = matrixIn(file);
  return matrix.istio.flatMap((istio) =>
    matrix.channel.flatMap((channel) =>
      matrix.kubernetes.map((kubernetes) => ({
        name: `istio-${istio}-${channel}-${kubernetes}`,
        istio,
        channel,
        kubernetes,
      })),
    ),
  );
}

/**
 * What a run that is said to be of the target was really on.
 * @returns clauses; none when it was on the target
 */
export function strayed({ istio, channel, kubernetes }: NightlyTarget, run: Pick<Run, 'target'>): string[] {
  const { versions } = run.target;
  const said: [string, string, string][] = [
    ['Istio', istio, implementationOf(run).version ?? versions.implementation],
    ['Gateway API channel', channel, versions.gatewayApi.channel],
    ['Kubernetes', kubernetes, versions.kubernetes],
  ];
  return said.flatMap(([what, wanted, was]) => (was === wanted ? [] : [`${what} was ${was}, not ${wanted}`]));
}

function matrixIn(file: string): Record<(typeof lists)[number], string[]> {
  try {
    const matrix = JSON.parse(readFileSync(file, 'utf8'));
    const wrong = lists.find((name) => !isList(matrix[name]));
    if (wrong === undefined) return matrix;
    throw new Error(`${wrong} is no list of versions`);
  } catch (error) {
    throw new Problem({
      asked: `read the nightly's matrix ${file}`,
      got: (error as Error).message,
      cause: `it has ${lists.join(', ')}, each a list of texts`,
      next: 'see docs/ci.md',
    });
  }
}

const isList = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
