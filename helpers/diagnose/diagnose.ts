import { backend } from './causes/backend.ts';
import { certificate } from './causes/certificate.ts';
import { gatewayClass } from './causes/gateway-class.ts';
import { gatewayPods } from './causes/gateway-pods.ts';
import { gatewayRefused } from './causes/gateway-refused.ts';
import { ingressAddress } from './causes/ingress-address.ts';
import { ingressClass } from './causes/ingress-class.ts';
import { ingressOverlap } from './causes/ingress-overlap.ts';
import { loadBalancer } from './causes/load-balancer.ts';
import { notProgrammed } from './causes/not-programmed.ts';
import { overlap } from './causes/overlap.ts';
import { portExposed } from './causes/port-exposed.ts';
import { revision } from './causes/revision.ts';
import { routeAttachment } from './causes/route-attachment.ts';
import { routeParent } from './causes/route-parent.ts';
import { selector } from './causes/selector.ts';
import { sni } from './causes/sni.ts';
import { unreachable } from './causes/unreachable.ts';
import { virtualService } from './causes/virtual-service.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Facts } from './facts.ts';
import { symptomOf } from './row.ts';

/** Causes before their effects; each is given what those before it have found. */
const looks: ((facts: Facts, before: Diagnosis[]) => Diagnosis[])[] = [
  gatewayClass,
  revision,
  ingressClass,
  selector,
  certificate,
  overlap,
  ingressOverlap,
  portExposed,
  gatewayRefused,
  gatewayPods,
  loadBalancer,
  ingressAddress,
  notProgrammed,
  unreachable,
  sni,
  routeParent,
  virtualService,
  routeAttachment,
  backend,
];

/**
 * What is wrong with the gateways, routes and Ingresses of the scope, as far as the facts tell; causes before their
 * effects. Where a row has to be explained, only what can show itself as that row does.
 * @returns nothing for a cluster that is well
 */
export function diagnose(facts: Facts): Diagnosis[] {
  const found: Diagnosis[] = [];
  for (const look of looks) found.push(...look(facts, found));
  const symptom = facts.row && symptomOf(facts.row);
  return found.filter(({ shows }) => symptom === undefined || shows.includes(symptom));
}
