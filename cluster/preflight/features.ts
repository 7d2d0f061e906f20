/** The part of a CustomResourceDefinition that the checks read. */
export interface Crd {
  metadata: { name: string; annotations?: Record<string, string> };
  spec: {
    versions: { name: string; served: boolean; schema?: { openAPIV3Schema?: Schema } }[];
  };
  status?: { conditions?: { type: string; status: string; message?: string }[] };
}

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: unknown[];
}

/** Where a feature shows in the CRDs: a kind served as v1, a field of it, or a value that a field takes. */
interface Mark {
  resource: string;
  /** Path below the object; `[]` steps into a list. */
  field?: string;
  value?: unknown;
}

/**
 * Features by the names that Gateway API gives them, as far as one can tell from the CRDs alone whether the
 * cluster has what they need. The API server drops a field that its CRD lacks without a word, so a test of it
 * would judge a configuration that never was.
 * @see https://gateway-api.sigs.k8s.io/concepts/conformance/
 */
const MARKS: Record<string, Mark> = {
  BackendTLSPolicy: { resource: 'backendtlspolicies' },
  BackendTLSPolicySANValidation: { resource: 'backendtlspolicies', field: 'spec.validation.subjectAltNames' },
  GatewayBackendClientCertificate: { resource: 'gateways', field: 'spec.tls.backend' },
  GatewayFrontendClientCertificateValidation: { resource: 'gateways', field: 'spec.tls.frontend' },
  GatewayFrontendClientCertificateValidationInsecureFallback: {
    resource: 'gateways',
    field: 'spec.tls.frontend.default.validation.mode',
  },
  GatewayInfrastructure: { resource: 'gateways', field: 'spec.infrastructure' },
  GRPCRoute: { resource: 'grpcroutes' },
  GRPCRouteNamedRouteRule: { resource: 'grpcroutes', field: 'spec.rules[].name' },
  HTTPRoute303RedirectStatusCode: {
    resource: 'httproutes',
    field: 'spec.rules[].filters[].requestRedirect.statusCode',
    value: 303,
  },
  HTTPRoute307RedirectStatusCode: {
    resource: 'httproutes',
    field: 'spec.rules[].filters[].requestRedirect.statusCode',
    value: 307,
  },
  HTTPRoute308RedirectStatusCode: {
    resource: 'httproutes',
    field: 'spec.rules[].filters[].requestRedirect.statusCode',
    value: 308,
  },
  HTTPRouteBackendTimeout: { resource: 'httproutes', field: 'spec.rules[].timeouts.backendRequest' },
  HTTPRouteCORS: { resource: 'httproutes', field: 'spec.rules[].filters[].cors' },
  HTTPRouteNamedRouteRule: { resource: 'httproutes', field: 'spec.rules[].name' },
  HTTPRouteParentRefPort: { resource: 'httproutes', field: 'spec.parentRefs[].port' },
  HTTPRouteRequestPercentageMirror: {
    resource: 'httproutes',
    field: 'spec.rules[].filters[].requestMirror.percent',
  },
  HTTPRouteRequestTimeout: { resource: 'httproutes', field: 'spec.rules[].timeouts.request' },
  HTTPRouteRetry: { resource: 'httproutes', field: 'spec.rules[].retry' },
  HTTPRouteRetryCodes: { resource: 'httproutes', field: 'spec.rules[].retry' },
  HTTPRouteRetryBackendTimeout: { resource: 'httproutes', field: 'spec.rules[].retry' },
  HTTPRouteRetryConnectionError: { resource: 'httproutes', field: 'spec.rules[].retry' },
  ListenerSet: { resource: 'listenersets' },
  TCPRoute: { resource: 'tcproutes' },
  TLSRoute: { resource: 'tlsroutes' },
  UDPRoute: { resource: 'udproutes' },
};

const GROUP = 'gateway.networking.k8s.io';

/** Names of the CRDs that tell about features. */
export const FEATURE_CRDS: string[] = [...new Set(Object.values(MARKS).map(({ resource }) => resource))].map(
  (resource) => `${resource}.${GROUP}`,
);

/**
 * Names the features that cannot be tested with these CRDs, because the kind, the field or the value that they
 * need is not in them (as v1). Alphabetical.
 */
export function untestableFeatures(crds: Crd[]): string[] {
  const schemas = new Map(crds.map((crd) => [crd.metadata.name, schemaOf(crd)]));
  return Object.entries(MARKS)
    .filter(([, mark]) => !shows(mark, schemas.get(`${mark.resource}.${GROUP}`)))
    .map(([feature]) => feature)
    .toSorted();
}

function schemaOf({ spec }: Crd): Schema | undefined {
  return spec.versions.find(({ name, served }) => name === 'v1' && served)?.schema?.openAPIV3Schema;
}

function shows({ field, value }: Mark, schema: Schema | undefined): boolean {
  const steps = field?.split('.') ?? [];
  const found = steps.reduce<Schema | undefined>((at, step) => {
    const property = at?.properties?.[step.replace('[]', '')];
    return step.endsWith('[]') ? property?.items : property;
  }, schema);
  return found !== undefined && (value === undefined || found.enum?.includes(value) === true);
}
