import type { Link } from 'allure-js-commons';
import { areaOf } from '../../cluster/features/names.ts';
import type { CaseResult, Run } from '../run.ts';

const specification = 'https://gateway-api.sigs.k8s.io/reference/spec/';

/** Where the other dialects are specified. */
const otherDialects: Record<'istio-api' | 'ingress', Link[]> = {
  'istio-api': [
    {
      name: 'Specification: Istio Gateway',
      url: 'https://istio.io/latest/docs/reference/config/networking/gateway/',
    },
    {
      name: 'Specification: Istio VirtualService',
      url: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/',
    },
  ],
  ingress: [
    {
      name: 'Specification: Ingress',
      url: 'https://kubernetes.io/docs/concepts/services-networking/ingress/',
    },
  ],
};

/**
 * Where it is written what a case has to show: the sections about the kinds whose features it needs, the official cases
 * of that release, and for a known failure what is known of it.
 */
export function linksOf({ official, dialect, features, known }: CaseResult, { target }: Run): Link[] {
  const { version } = target.versions.gatewayApi;
  return [
    ...(dialect === 'istio-api' || dialect === 'ingress' ? otherDialects[dialect] : kindLinks(features)),
    ...(official === undefined
      ? []
      : [
          {
            name: `Official case: ${official}`,
            url: `https://github.com/kubernetes-sigs/gateway-api/tree/${version}/conformance/tests`,
          },
        ]),
    ...(known ? [{ name: known.reason, url: known.link, type: 'issue' }] : []),
  ];
}

function kindLinks(features: string[]): Link[] {
  const kinds = new Set(features.map(areaOf).filter((kind) => kind !== undefined && kind !== 'Mesh'));
  return [...kinds].map((kind) => ({
    name: `Specification: ${kind}`,
    url: `${specification}#${kind?.toLowerCase()}`,
  }));
}
