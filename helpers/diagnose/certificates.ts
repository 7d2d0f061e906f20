import type { KubeObject, Ref } from '../kube/objects.ts';
import { refOf } from '../kube/objects.ts';
import { type Facts, inScope, selects } from './facts.ts';

/** A Secret with a certificate that a Gateway of either API names. */
export interface Certificate {
  of: Ref;
  object: KubeObject;
  /** `listener https`, `server https` */
  where: string;
  name: string;
  /** Where it has to be; several where pods of several namespaces serve. */
  namespaces: string[];
  needsGrant: boolean;
  /** Why it has to be there, for messages. */
  because: string;
}

/** All Secrets that Gateways in the scope name for their certificates. */
export function certificatesNamed(facts: Facts): Certificate[] {
  return [...ofGateways(facts), ...ofIstioGateways(facts)];
}

function ofGateways(facts: Facts): Certificate[] {
  return facts.gateways
    .filter((one) => inScope(facts, one))
    .flatMap((gateway) =>
      gateway.spec.listeners.flatMap(({ name: listener, tls }) =>
        (tls?.certificateRefs ?? [])
          .filter(({ kind = 'Secret', group = '' }) => kind === 'Secret' && group === '')
          .map(({ name, namespace = gateway.metadata.namespace ?? '' }) => ({
            of: refOf(gateway),
            object: gateway,
            where: `listener ${listener}`,
            name,
            namespaces: [namespace],
            needsGrant: namespace !== gateway.metadata.namespace,
            because: 'the certificateRef names that namespace, or none, which means the one of the Gateway',
          })),
      ),
    );
}

/** A credentialName is looked up where the gateway's pods are, wherever the Gateway is. */
function ofIstioGateways(facts: Facts): Certificate[] {
  return facts.istioGateways
    .filter((one) => inScope(facts, one))
    .flatMap((gateway) => {
      const pods = facts.pods.filter(({ metadata }) => selects(gateway.spec.selector, metadata.labels));
      const namespaces = [...new Set(pods.map(({ metadata }) => metadata.namespace ?? ''))];
      return (gateway.spec.servers ?? []).flatMap(({ port, tls }) =>
        // with a scheme it names no Secret of that place: builtin://, kubernetes-gateway://
        tls?.credentialName === undefined || tls.credentialName.includes('://')
          ? []
          : [
              {
                of: refOf(gateway),
                object: gateway,
                where: `server ${port.name}`,
                name: tls.credentialName,
                namespaces,
                needsGrant: false,
                because: 'the pods that the Gateway selects are there',
              },
            ],
      );
    });
}
