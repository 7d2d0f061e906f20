/** A host name, or a wildcard such as `*.example.com`; `*` and undefined stand for any. */
export type Host = string | undefined;

const isAny = (host: Host): boolean => host === undefined || host === '' || host === '*';

/**
 * Whether two hosts have a name in common: equal, or one a wildcard that covers the other (any number of labels deep,
 * as Gateway API and Istio have it).
 */
export function hostsMeet(one: Host, other: Host): boolean {
  if (isAny(one) || isAny(other)) return true;
  const [a, b] = [one, other].map((host) => (host as string).toLowerCase()) as [string, string];
  if (a === b) return true;
  return covers(a, b) || covers(b, a);
}

const covers = (wildcard: string, host: string): boolean =>
  wildcard.startsWith('*.') && host.endsWith(wildcard.slice(1));

/** The name in a Host header, without its port. */
export const withoutPort = (host: string): string => host.replace(/:\d+$/, '');
