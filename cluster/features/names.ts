import data from './features.json' with { type: 'json' };

/** Minor releases of Gateway API whose features and official cases are known here. */
export type GatewayApiRelease = 'v1.6' | 'v1.7';

/** The kind that a feature belongs to. */
export type Area = keyof typeof data.areas;

const only: Record<GatewayApiRelease, string[]> = data.only;
const areas: Record<Area, string[]> = data.areas;
const renamed: [before: string, now: string][] = Object.entries(data.renamed);

/** Every name of Gateway API's feature list, of whichever release. */
export const featureNames: string[] = Object.values(areas).flat();

/** What every implementation that routes HTTP by Gateways has. */
export const coreFeatures = ['Gateway', 'HTTPRoute', 'ReferenceGrant'];

/** The names that a release of Gateway API gives to the features of these kinds; of all, but for meshes, without one. */
export function featuresOf(release: GatewayApiRelease, kinds?: Area[]): string[] {
  const all = Object.keys(areas) as Area[];
  const others = Object.entries(only).flatMap(([of, names]) => (of === release ? [] : names));
  return (kinds ?? all.filter((kind) => kind !== 'Mesh'))
    .flatMap((kind) => areas[kind])
    .filter((name) => !others.includes(name))
    .toSorted();
}

/**
 * Adds to each feature that was renamed its other name: a release has one of them, and cases may use either. A name that
 * no release has any more is not added.
 */
export function withOtherNames(names: string[]): string[] {
  const others = renamed
    .flatMap((pair) => (pair.some((name) => names.includes(name)) ? pair : []))
    .filter((name) => featureNames.includes(name));
  return [...new Set([...names, ...others])].toSorted();
}
