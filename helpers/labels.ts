/** Field manager of every server-side apply: `kubectl get --show-managed-fields` tells our fields from others'. */
export const FIELD_MANAGER = 'ingress-conformance';

/** Carried by everything a run makes; its value is the run's id. Clean-up selects by it and by nothing else. */
export const RUN_LABEL = 'ingress-conformance/run';

/**
 * Carried by a case's namespaces, and by its objects in a namespace that suites share: the suite, for people who look at
 * a cluster while a run is on, and for a diagnosis, which is not about other suites' objects.
 */
export const SUITE_LABEL = 'ingress-conformance/suite';

/** Carried by objects of fixtures of which a diagnosis is wanted apart from those beside them: the name of that part. */
export const PART_LABEL = 'ingress-conformance/part';

/** Selector of everything that the run with this id made. */
export const ofRun = (id: string): string => `${RUN_LABEL}=${id}`;
