import { refOf } from '../../kube/objects.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Facts, type GatewayClass, inScope, isKnown, listed, nameOf } from '../facts.ts';

/** Gateways whose GatewayClass is not there, or taken by no controller. */
export function gatewayClass(facts: Facts): Diagnosis[] {
  const { gatewayClasses, gateways, kubectl } = facts;
  if (!isKnown(facts, 'GatewayClass')) return [];
  const classes = listed(gatewayClasses.map(named));
  return gateways
    .filter((one) => inScope(facts, one))
    .flatMap((gateway): Diagnosis[] => {
      const { gatewayClassName } = gateway.spec;
      const found = gatewayClasses.find(({ metadata }) => metadata.name === gatewayClassName);
      const about = refOf(gateway);
      const asks = `Gateway ${nameOf(gateway)}: gatewayClassName is ${gatewayClassName}`;
      if (!found) {
        return [
          {
            cause: 'gateway-class-unknown',
            says: `no controller takes Gateway ${nameOf(gateway)}: there is no GatewayClass "${gatewayClassName}"`,
            evidence: [asks, `GatewayClasses: ${classes}`],
            next: kubectl('get gatewayclasses'),
            about,
            shows: ['no-connection', 'status'],
          },
        ];
      }
      const accepted = found.status?.conditions?.find(({ type }) => type === 'Accepted');
      if (accepted?.status === 'True') return [];
      return [
        {
          cause: 'gateway-class-not-accepted',
          says: `no controller takes Gateway ${nameOf(gateway)}: none has accepted its GatewayClass "${gatewayClassName}"`,
          evidence: [
            asks,
            `GatewayClass ${named(found)}: Accepted is ${accepted ? `${accepted.status} ${accepted.reason}: ${accepted.message}` : 'not said'}`,
          ],
          next: kubectl(`describe gatewayclass ${gatewayClassName}`),
          about,
          shows: ['no-connection', 'status'],
        },
      ];
    });
}

const named = ({ metadata: { name }, spec }: GatewayClass): string => `${name} (${spec.controllerName})`;
