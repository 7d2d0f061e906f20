import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Facts } from '../facts.ts';

/**
 * Facts as they were on a real cluster (Kubernetes 1.36, Istio 1.31, MetalLB 0.16) with the fixture of that name under
 * fixtures/ingress-gateways/diagnosis/ applied: its namespaces by the names that it gives them, and of every object
 * what tells something. Each call gives a copy of its own.
 */
export function recorded(name: 'gateways' | 'routes' | 'istio-api' | 'ingresses', scope?: string[]): Facts {
  const file = fileURLToPath(new URL(`${name}.json`, import.meta.url));
  const facts = JSON.parse(readFileSync(file, 'utf8')) as Omit<Facts, 'kubectl' | 'unread' | 'probes'>;
  return {
    ...facts,
    scope: scope ?? facts.scope,
    kubectl: (words) => `kubectl --context test ${words}`,
    unread: [],
    probes: [],
  };
}

/** The only object of a kind in that namespace. */
export function only<T extends { metadata: { namespace?: string } }>(objects: T[], namespace: string): T {
  const [found] = objects.filter(({ metadata }) => metadata.namespace === namespace);
  if (!found) throw new Error(`nothing was recorded in ${namespace}`);
  return found;
}
