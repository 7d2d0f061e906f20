import { isIstio } from '../../../cluster/preflight/gateway-class.ts';
import { describeRevisions, revisionsOf } from '../../../cluster/preflight/istio.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { refOf } from '../../kube/objects.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Facts, inScope, isKnown, listed, nameOf } from '../facts.ts';

const REV = 'istio.io/rev';
const TAG = 'istio.io/tag';

/** What an object asks for, and where it says so. */
interface Wanted {
  object: KubeObject;
  revision: string;
  said: string;
  /** The words after kubectl that take the label away. */
  mend: string;
}

/**
 * Objects that carry, or whose namespace carries, a label istio.io/rev that no control plane answers to: Istio leaves
 * them alone, and their status stays "Waiting for controller".
 * @see https://github.com/istio/istio/issues/56767
 */
export function revision(facts: Facts): Diagnosis[] {
  const { istiods, kubectl } = facts;
  // without an istiod in the cluster its control plane is elsewhere, and so are its revisions
  if (istiods.length === 0 || !isKnown(facts, 'MutatingWebhookConfiguration')) return [];
  const revisions = revisionsOf(istiods);
  const names = revisions.map(({ name }) => name);
  const tags = tagsOf(facts);
  const tagged = tags.size === 0 ? [] : [`tags: ${listed([...tags].map(([tag, rev]) => `${tag} → ${rev}`))}`];
  return [
    ...wantedByGateways(facts).filter(({ revision: wanted }) => !names.includes(wanted) && !tags.has(wanted)),
    // of Istio's own API a control plane reads what carries its very revision; a tag is none
    ...wantedByConfiguration(facts).filter(({ revision: wanted }) => !names.includes(wanted)),
  ].map(({ object, revision: wanted, said, mend }) => ({
    cause: 'revision-mismatch',
    says: `Istio leaves ${object.kind} ${nameOf(object)} alone: it asks for revision "${wanted}", and no control plane has that name`,
    evidence: [said, `revisions: ${describeRevisions(revisions)}`, ...tagged],
    next: kubectl(mend),
    about: refOf(object),
    shows: ['no-connection', 'not-found', 'status'],
  }));
}

function wantedByGateways(facts: Facts): Wanted[] {
  const controllerOf = new Map(
    facts.gatewayClasses.map(({ metadata, spec }) => [metadata.name, spec.controllerName]),
  );
  return facts.gateways
    .filter((one) => inScope(facts, one) && isIstio(controllerOf.get(one.spec.gatewayClassName) ?? ''))
    .flatMap((gateway) => {
      const { name, namespace = '', labels } = gateway.metadata;
      const own = labels?.[REV];
      if (own !== undefined) {
        const mend = `-n ${namespace} label gateways.gateway.networking.k8s.io ${name} ${REV}-`;
        return [
          { object: gateway, revision: own, said: `Gateway ${nameOf(gateway)}: label ${REV}=${own}`, mend },
        ];
      }
      const around = facts.namespaces.find(({ metadata }) => metadata.name === namespace)?.metadata.labels?.[
        REV
      ];
      if (around === undefined) return [];
      const said = `Namespace ${namespace}: label ${REV}=${around}`;
      return [{ object: gateway, revision: around, said, mend: `label namespace ${namespace} ${REV}-` }];
    });
}

function wantedByConfiguration(facts: Facts): Wanted[] {
  return [...facts.istioGateways, ...facts.virtualServices]
    .filter((one) => inScope(facts, one))
    .flatMap((object) => {
      const { name, namespace, labels } = object.metadata;
      const own = labels?.[REV];
      if (own === undefined) return [];
      const said = `${object.kind} ${nameOf(object)}: label ${REV}=${own}`;
      const mend = `-n ${namespace} label ${object.kind.toLowerCase()}s.networking.istio.io ${name} ${REV}-`;
      return [{ object, revision: own, said, mend }];
    });
}

/** Tags with the revisions that they point to; newer versions of Istio keep them in Services too. */
function tagsOf({ webhooks, services }: Facts): Map<string, string> {
  return new Map(
    [...webhooks, ...services].flatMap(({ metadata: { labels } }): [string, string][] => {
      const [tag, rev] = [labels?.[TAG], labels?.[REV]];
      return tag === undefined || rev === undefined ? [] : [[tag, rev]];
    }),
  );
}
