import { labelWords, refOf } from '../../kube/objects.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Facts, inScope, isKnown, listed, nameOf, selects } from '../facts.ts';

/**
 * Istio Gateways whose selector selects no pod: the sample's `istio: ingressgateway`, where Helm named the release
 * otherwise, for one.
 * @see https://github.com/istio/istio/issues/38792
 */
export function selector(facts: Facts): Diagnosis[] {
  const { istioGateways, pods, services, kubectl } = facts;
  if (!isKnown(facts, 'Pod')) return [];
  return istioGateways
    .filter(
      (one) =>
        inScope(facts, one) &&
        labelWords(one.spec.selector) !== '' &&
        !pods.some(({ metadata }) => selects(one.spec.selector, metadata.labels)),
    )
    .map((gateway) => {
      const words = labelWords(gateway.spec.selector);
      const others = services
        .filter(({ spec }) => spec.selector?.istio !== undefined && spec.selector.istio !== 'pilot')
        .map((service) => `${nameOf(service)} (${labelWords(service.spec.selector)})`);
      return {
        cause: 'selector-mismatch',
        says: `nothing serves Gateway ${nameOf(gateway)}: its selector ${words} selects no pod`,
        evidence: [
          `Gateway ${nameOf(gateway)}: selector ${words}; pods with these labels in all namespaces: none`,
          `Services of Istio's gateways, with their selectors: ${listed(others)}`,
        ],
        next: kubectl('get pods --all-namespaces --show-labels -l istio'),
        about: refOf(gateway),
        shows: ['no-connection', 'not-found', 'cut'],
      };
    });
}
