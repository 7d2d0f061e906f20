import type { Made, Metadata } from '../gateway/handles.ts';
import { describe, getWords, type KubeObject } from '../kube/objects.ts';
import { met, missing } from '../kube/wait.ts';
import type { Result } from './result.ts';
import { watched } from './watched.ts';

/**
 * Every object of these kinds has these labels and annotations, or comes to have them; and there is an object at least,
 * of whatever kind.
 */
export async function toCarry(made: Made[], expected: Metadata): Promise<Result> {
  const counts = await Promise.all(made.map((each) => carried(each, expected)));
  const [lack] = counts.flatMap(({ lack: one }) => one ?? []);
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const step = {
    asked: made.map(({ selection }) => describe(selection)).join(' or '),
    wanted: words(expected),
    attempts: counts.reduce((sum, { looks }) => sum + looks, 0),
  };
  if (lack === undefined && all > 0) {
    const steps = [{ ...step, got: `that, ${all} objects`, right: true }];
    return { pass: true, message: () => `${all} objects carry ${words(expected)}`, steps };
  }
  const [first] = made;
  if (!first) throw new Error('objects of what kind?');
  const failure = lack ?? {
    expected: `${step.asked}, with ${step.wanted}`,
    got: 'there is none',
    cause:
      'the controller has made nothing for the Gateway, or does not label it with the name of the Gateway',
    repro: first.setup.cluster.kube.kubectl(
      `get all,serviceaccounts -n ${first.selection.namespace} --show-labels`,
    ),
  };
  first.of.fail(failure);
  const { got, cause, repro } = failure;
  return {
    pass: false,
    steps: [{ ...step, got, right: false }],
    message: () =>
      `expected: ${failure.expected}\n  got:      ${got}\n  cause:    ${cause}\n  repro:    ${repro}`,
  };
}

/** How many objects of the kind there are when all are right; or what is wrong with them. */
async function carried({ of, setup, selection }: Made, expected: Metadata) {
  const { kube, run } = setup.cluster;
  const outcome = await watched<KubeObject, number>(kube, selection, {
    until: `to have ${words(expected)}`,
    timeout: run.timeouts.accepted,
    signal: of.signal,
    check: (objects) => {
      const lacking = objects.map((object) => lackOf(object, expected)).filter(Boolean);
      return lacking.length === 0 ? met(objects.length) : missing(lacking.join('; '));
    },
  });
  const { looks } = outcome;
  if ('met' in outcome) return { count: outcome.met, looks };
  const lack = {
    expected: outcome.late.asked,
    got: outcome.late.got,
    cause: 'the controller does not hand on spec.infrastructure to what it makes for the Gateway',
    repro: kube.kubectl(`get ${getWords(selection)} -o yaml`),
  };
  return { count: 0, looks, lack };
}

/** `Service web has label team: none`; undefined when it has all. */
function lackOf({ kind, metadata }: KubeObject, expected: Metadata): string | undefined {
  const lacking = entries(expected).filter(({ field, key, value }) => metadata[field]?.[key] !== value);
  if (lacking.length === 0) return undefined;
  const words = lacking.map(
    ({ field, key }) => `${singular[field]} ${key}: ${metadata[field]?.[key] ?? 'none'}`,
  );
  return `${kind} ${metadata.name} has ${words.join(', ')}`;
}

const singular = { labels: 'label', annotations: 'annotation' } as const;

const entries = (metadata: Metadata) =>
  (['labels', 'annotations'] as const).flatMap((field) =>
    Object.entries(metadata[field] ?? {}).map(([key, value]) => ({ field, key, value })),
  );

const words = (metadata: Metadata): string =>
  entries(metadata)
    .map(({ field, key, value }) => `${singular[field]} ${key}: ${value}`)
    .join(', ');
