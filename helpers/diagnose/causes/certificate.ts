import type { GatewayObject } from '../../gateway/types.ts';
import { refOf } from '../../kube/objects.ts';
import { type Certificate, certificatesNamed } from '../certificates.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Facts, inScope, nameOf } from '../facts.ts';
import { isGranted } from '../grants.ts';

const shows: Diagnosis['shows'] = ['no-connection', 'cut', 'status'];

/** Certificates that Gateways name and cannot have: not granted, not there, in another namespace, or no certificate. */
export function certificate(facts: Facts): Diagnosis[] {
  const named = certificatesNamed(facts).flatMap((one) => missing(facts, one));
  return [...named, ...invalid(facts, named)];
}

function missing(facts: Facts, { of, object, where, name, namespaces, needsGrant, because }: Certificate) {
  const { secrets, kubectl } = facts;
  return namespaces.flatMap((namespace): Diagnosis[] => {
    const common = { about: of, shows };
    const what = `${where} of Gateway ${nameOf(object)}`;
    if (needsGrant && !isGranted(facts, object, { kind: 'Secret', namespace, name })) {
      return [
        {
          ...common,
          cause: 'certificate-not-granted',
          says: `${what} may not use Secret ${namespace}/${name}: no ReferenceGrant in ${namespace} allows it`,
          evidence: [`ReferenceGrants in ${namespace}: ${grantsIn(facts, namespace)}`],
          next: kubectl(`-n ${namespace} get referencegrants -o yaml`),
        },
      ];
    }
    const there = secrets.found.some((one) => one.namespace === namespace && one.name === name);
    if (there || !secrets.namespaces.includes(namespace)) return [];
    const elsewhere = secrets.found.find((one) => one.name === name);
    const evidence = [`${what} names Secret ${name}`, `it has to be in ${namespace}: ${because}`];
    if (elsewhere) {
      return [
        {
          ...common,
          cause: 'certificate-elsewhere',
          says: `the certificate of ${what} is not where it has to be: there is no Secret ${namespace}/${name}, but ${elsewhere.namespace}/${name}`,
          evidence: [...evidence, `Secret ${elsewhere.namespace}/${name}: ${elsewhere.type}`],
          next: kubectl(`get secrets --all-namespaces --field-selector metadata.name=${name}`),
        },
      ];
    }
    return [
      {
        ...common,
        cause: 'certificate-missing',
        says: `the certificate of ${what} is missing: there is no Secret ${namespace}/${name}`,
        evidence,
        next: kubectl(`-n ${namespace} create secret tls ${name} --cert=FILE --key=FILE`),
      },
    ];
  });
}

/** What the controller says of listeners whose references do not resolve, where nothing above tells why. */
function invalid(facts: Facts, known: Diagnosis[]): Diagnosis[] {
  const explained = new Set(known.map(({ about }) => `${about.namespace}/${about.name}`));
  return facts.gateways
    .filter((one) => inScope(facts, one) && !explained.has(nameOf(one)))
    .flatMap((gateway) => unresolved(facts, gateway));
}

function unresolved({ kubectl }: Facts, gateway: GatewayObject): Diagnosis[] {
  const { name, namespace, generation } = gateway.metadata;
  return (gateway.status?.listeners ?? []).flatMap(({ name: listener, conditions }): Diagnosis[] => {
    const refused = conditions.find(
      ({ type, status, observedGeneration }) =>
        type === 'ResolvedRefs' && status === 'False' && observedGeneration === generation,
    );
    if (!refused || !/Certificate|RefNotPermitted/.test(refused.reason ?? '')) return [];
    return [
      {
        cause: 'certificate-invalid',
        says: `the controller cannot use the certificate of listener ${listener} of Gateway ${nameOf(gateway)}: ${refused.reason}`,
        evidence: [`ResolvedRefs: False ${refused.reason}: ${refused.message}`],
        next: kubectl(`-n ${namespace} describe gateways.gateway.networking.k8s.io ${name}`),
        about: refOf(gateway),
        listener,
        shows,
      },
    ];
  });
}

function grantsIn({ grants }: Facts, namespace: string): string {
  const here = grants.filter(({ metadata }) => metadata.namespace === namespace);
  return here.map(({ metadata }) => metadata.name).join(', ') || 'none';
}
