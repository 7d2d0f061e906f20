import { gatewayKind } from '../../gateway/types.ts';
import { refOf } from '../../kube/objects.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Facts, inScope, isKnown, nameOf } from '../facts.ts';
import { asksRoute } from '../row.ts';

/** Routes whose parentRef names a Gateway that is not there: misspelt, or of another namespace. */
export function routeParent(facts: Facts): Diagnosis[] {
  const { gateways, kubectl } = facts;
  if (!isKnown(facts, 'Gateway')) return [];
  return facts.routes
    .filter((one) => inScope(facts, one) && asksRoute(facts, one))
    .flatMap((route) =>
      (route.spec.parentRefs ?? []).flatMap((parent): Diagnosis[] => {
        const { kind = gatewayKind.kind, name, namespace = route.metadata.namespace ?? '' } = parent;
        const exists = gateways.some(
          ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
        );
        if (kind !== gatewayKind.kind || exists) return [];
        const others = gateways.filter(({ metadata }) => metadata.name === name).map(nameOf);
        const said = parent.namespace === undefined ? ', and no namespace, which means its own' : '';
        return [
          {
            cause: 'parent-unknown',
            says: `${route.kind} ${nameOf(route)} is attached to nothing: there is no Gateway ${namespace}/${name}${others.length > 0 ? `, but ${others.join(', ')}` : ''}`,
            evidence: [
              `its parentRef: name ${name}${parent.namespace === undefined ? '' : `, namespace ${parent.namespace}`}${said}`,
              `Gateways of that name: ${others.join(', ') || 'none'}`,
            ],
            next: kubectl('get gateways.gateway.networking.k8s.io --all-namespaces'),
            about: refOf(route),
            shows: ['not-found', 'status'],
          },
        ];
      }),
    );
}
