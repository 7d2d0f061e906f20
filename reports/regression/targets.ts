import { isDeepStrictEqual } from 'node:util';
import type { Run } from '../run.ts';

/** What makes two runs ones of the same or of different targets. */
export type Place = Pick<Run, 'target' | 'reach' | 'filters' | 'shards'>;

/** A version in the old run and in the new one. */
export interface VersionPair {
  of: string;
  old: string;
  new: string;
}

/** `Istio 1.31-dev` → name and version; an implementation that does not tell its version has none. */
export function implementationOf({ target }: Pick<Run, 'target'>): { name: string; version?: string } {
  const said = target.versions.implementation;
  const [, name, version] = /^(.+?) v?(\d\S*)$/.exec(said) ?? [];
  return name === undefined || version === undefined ? { name: said } : { name, version };
}

/** The versions that head a comparison. */
export function versionPairs(old: Place, now: Place): VersionPair[] {
  const [before, after] = [implementationOf(old), implementationOf(now)];
  const same = before.name === after.name;
  const crds = ({ target }: Place) =>
    `${target.versions.gatewayApi.version} ${target.versions.gatewayApi.channel}`;
  return [
    {
      of: same ? before.name : 'Implementation',
      old: (same ? before.version : undefined) ?? old.target.versions.implementation,
      new: (same ? after.version : undefined) ?? now.target.versions.implementation,
    },
    { of: 'Gateway API', old: crds(old), new: crds(now) },
    { of: 'Kubernetes', old: old.target.versions.kubernetes, new: now.target.versions.kubernetes },
  ];
}

/** Whether the same implementation was tested on the same cluster, in whatever versions. */
export const sameLine = (a: Place, b: Place): boolean =>
  implementationOf(a).name === implementationOf(b).name &&
  a.target.kind === b.target.kind &&
  a.target.context === b.target.context &&
  a.target.gatewayClass === b.target.gatewayClass;

/** Whether nothing that is known of the two targets differs: another verdict is then not the target's doing. */
export const sameTarget = (a: Place, b: Place): boolean =>
  sameLine(a, b) && a.reach?.way === b.reach?.way && isDeepStrictEqual(a.target.versions, b.target.versions);

/**
 * Why times of the two runs cannot be compared: what runs beside a case, and the way to its gateway, are part of them.
 * @returns clauses; none when they can
 */
export function timingObstacles(old: Place, now: Place): string[] {
  return [
    ...differ('another implementation', implementationOf(old).name, implementationOf(now).name),
    ...differ('another GatewayClass', old.target.gatewayClass, now.target.gatewayClass),
    ...differ('another cluster', clusterOf(old), clusterOf(now)),
    ...differ('images from elsewhere', old.target.imageSource, now.target.imageSource),
    ...differ('another way to the gateways', old.reach?.way ?? 'not known', now.reach?.way ?? 'not known'),
    ...differ('another selection', selectionOf(old), selectionOf(now)),
    ...differ('another number of shards', shardsOf(old), shardsOf(now)),
  ];
}

/** Whether what the CRDs have room for may differ. */
export const sameCRDs = (a: Place, b: Place): boolean =>
  isDeepStrictEqual(a.target.versions.gatewayApi, b.target.versions.gatewayApi);

const differ = (what: string, a: string, b: string): string[] => (a === b ? [] : [`${what}: ${a} → ${b}`]);

const clusterOf = ({ target }: Place): string => `${target.context} (${target.kind})`;

const shardsOf = ({ shards = 1 }: Place): string => String(shards);

const selectionOf = ({ filters }: Place): string =>
  filters.length === 0 ? 'all cases' : filters.toSorted().join(' or ');
