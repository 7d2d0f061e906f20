import { describe, expect, test } from 'vitest';
import { ApiError } from '../kube/errors.ts';
import { type Condition, type KubeObject, refOf } from '../kube/objects.ts';
import { diagnose } from './diagnose.ts';
import type { Facts, Row } from './facts.ts';
import { only, recorded } from './testdata/facts.ts';

const causes = (facts: Facts): string[] => diagnose(facts).map(({ cause }) => cause);

describe('every fault of the fixtures, as it was on a real cluster, is its cause and no other', () => {
  test.for([
    ['gateways', 'class-unknown', 'gateway-class-unknown'],
    ['gateways', 'class-untaken', 'gateway-class-not-accepted'],
    ['gateways', 'revision-own', 'revision-mismatch'],
    ['gateways', 'revision-around', 'revision-mismatch'],
    ['gateways', 'pool-unknown', 'load-balancer-refuses'],
    ['gateways', 'balancer-unknown', 'load-balancer-class-unknown'],
    ['gateways', 'secret-missing', 'certificate-missing'],
    ['gateways', 'secret-elsewhere', 'certificate-elsewhere'],
    ['gateways', 'secret-not-granted', 'certificate-not-granted'],
    ['routes', 'parent-unknown', 'parent-unknown'],
    ['routes', 'listener-unknown', 'listener-unknown'],
    ['routes', 'not-allowed', 'route-not-allowed'],
    ['routes', 'hostname', 'hostname-mismatch'],
    ['routes', 'backend-missing', 'backend-missing'],
    ['routes', 'port-unknown', 'backend-port-unknown'],
    ['routes', 'not-granted', 'backend-not-granted'],
    ['routes', 'no-endpoints', 'backend-without-endpoints'],
    ['istio-api', 'selector', 'selector-mismatch'],
    ['istio-api', 'not-ready', 'gateway-cannot-start'],
    ['istio-api', 'port-hidden', 'port-not-exposed'],
    ['istio-api', 'unqualified', 'virtual-service-gateway-unknown'],
    ['istio-api', 'host', 'virtual-service-host-mismatch'],
    ['istio-api', 'secret-elsewhere', 'certificate-elsewhere'],
    ['istio-api', 'overlap', 'gateways-overlap'],
    ['istio-api', 'no-endpoints', 'backend-without-endpoints'],
    ['istio-api', 'revision', 'revision-mismatch'],
    ['ingresses', 'beside', 'ingress-overlaps-gateway'],
    ['ingresses', 'class-unknown', 'ingress-class-unknown'],
    ['ingresses', 'class-none', 'ingress-without-class'],
    ['ingresses', 'class-untaken', 'ingress-class-not-served'],
    ['ingresses', 'twice', 'ingresses-overlap'],
  ] as const)('%s, %s: %s', ([recording, namespace, cause]) => {
    expect(causes(recorded(recording, [namespace]))).toEqual([cause]);
  });

  test.for([
    ['routes', 'infra'],
    ['routes', 'well'],
    ['istio-api', 'well'],
    ['istio-api', 'sni'],
    ['gateways', 'vault'],
  ] as const)('%s, %s, where all is well: none', ([recording, namespace]) => {
    expect(causes(recorded(recording, [namespace]))).toEqual([]);
  });
});

test('a diagnosis is one sentence, the lines it rests on, and a command with the context', () => {
  expect(diagnose(recorded('gateways', ['revision-own']))).toEqual([
    {
      cause: 'revision-mismatch',
      says: 'Istio leaves Gateway revision-own/web alone: it asks for revision "other", and no control plane has that name',
      evidence: [
        'Gateway revision-own/web: label istio.io/rev=other',
        expect.stringMatching(/^revisions: default 1\.31-dev \(istio-system\/istiod, 1\/1 ready\)/),
        'tags: default → default',
      ],
      next: 'kubectl --context test -n revision-own label gateways.gateway.networking.k8s.io web istio.io/rev-',
      about: expect.objectContaining({ kind: 'Gateway', namespace: 'revision-own', name: 'web' }),
      shows: ['no-connection', 'not-found', 'status'],
    },
  ]);
});

test('causes come before their effects, over a whole cluster', () => {
  const found = causes(recorded('gateways'));
  expect(found.indexOf('gateway-class-unknown')).toBeLessThan(found.indexOf('certificate-missing'));
  expect(found.indexOf('certificate-missing')).toBeLessThan(found.indexOf('load-balancer-refuses'));
});

test('nothing is said of what is being deleted', () => {
  const facts = recorded('gateways', ['class-unknown']);
  for (const { metadata } of facts.namespaces) metadata.deletionTimestamp = '2026-11-24T18:00:00Z';
  expect(causes(facts)).toEqual([]);
});

test.for([
  ['0/1 nodes are available: 1 Insufficient cpu.', 'gateway-without-room'],
  ['0/1 nodes are available: 1 node(s) had untolerated taint.', 'gateway-cannot-start'],
])('no node takes the pods of a gateway: %s', ([message, cause]) => {
  const facts = recorded('istio-api', ['not-ready']);
  for (const { status } of facts.pods)
    Object.assign(status ?? {}, {
      containerStatuses: [],
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    });
  expect(causes(facts)).toEqual([cause]);
});

const unread = (kind: string) => ({ kind, error: new ApiError(`list ${kind}s`, 403, {}) });

describe('what cannot be read is not taken for missing', () => {
  test.for([
    // that nothing has taken it stays true
    ['gateways', 'class-unknown', 'GatewayClass', 'gatewayClasses', 'gateway-waits-for-controller'],
    ['routes', 'parent-unknown', 'Gateway', 'gateways'],
    ['routes', 'backend-missing', 'Service', 'services'],
    ['routes', 'not-granted', 'ReferenceGrant', 'grants'],
    ['routes', 'no-endpoints', 'EndpointSlice', 'slices'],
    ['istio-api', 'selector', 'Pod', 'pods'],
    ['istio-api', 'unqualified', 'Gateway', 'istioGateways'],
    ['ingresses', 'class-untaken', 'Deployment', 'istiods', 'ingress-without-address'],
    ['ingresses', 'class-unknown', 'IngressClass', 'ingressClasses', 'ingress-without-address'],
  ] as const)('%s, %s without %s', ([recording, namespace, kind, list, ...left]) => {
    const facts = recorded(recording, [namespace]);
    facts[list] = [];
    facts.unread = [unread(kind)];
    expect(causes(facts)).toEqual(left);
  });

  test('certificates, where the names of Secrets may not be read', () => {
    const facts = recorded('gateways', ['secret-missing']);
    facts.secrets = { namespaces: [], found: [] };
    // what the controller itself says is left
    expect(causes(facts)).toEqual(['certificate-invalid']);
  });
});

const pending = (): Facts => {
  const facts = recorded('gateways', ['pool-unknown']);
  facts.events = [];
  return facts;
};

describe('load balancers', () => {
  test('none in the cluster', () => {
    const facts = pending();
    for (const service of facts.services) delete service.status;
    expect(diagnose(facts)).toMatchObject([
      {
        cause: 'load-balancer-missing',
        says: expect.stringMatching(/waits for an address, and this cluster has no load balancer/),
        next: expect.stringContaining('metallb-native.yaml'),
      },
    ]);
  });

  test('none in a minikube: its tunnel', () => {
    const facts = pending();
    for (const service of facts.services) delete service.status;
    facts.nodes = [
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: 'minikube', labels: { 'minikube.k8s.io/name': 'minikube' } },
        spec: {},
      },
    ];
    expect(diagnose(facts)).toMatchObject([{ next: expect.stringContaining('minikube tunnel') }]);
  });

  test('one that serves others, and has said nothing of this one', () => {
    const facts = pending();
    const [first] = recorded('istio-api').services.filter(
      ({ status }) => status?.loadBalancer?.ingress?.length,
    );
    if (!first) throw new Error('no Service with an address was recorded');
    facts.services.push(first);
    expect(causes(facts)).toEqual(['load-balancer-silent']);
  });
});

/** Sets a condition of the present generation. */
function say(
  object: KubeObject,
  conditions: Condition[] | undefined,
  said: Omit<Condition, 'observedGeneration'>,
) {
  const found = conditions?.find(({ type }) => type === said.type);
  if (!found) throw new Error(`no condition ${said.type} was recorded`);
  Object.assign(found, said, { observedGeneration: object.metadata.generation });
}

const gatewaySays = (said: Omit<Condition, 'observedGeneration'>): Facts => {
  const facts = recorded('routes', ['infra']);
  const gateway = only(facts.gateways, 'infra');
  say(gateway, gateway.status?.conditions, said);
  return facts;
};

describe('what a controller says', () => {
  test.for([
    ['Accepted', 'UnsupportedAddress', 'gateway-refused'],
    ['Programmed', 'AddressNotUsable', 'gateway-not-programmed'],
  ] as const)('%s is False: %s', ([type, reason, cause]) => {
    const facts = gatewaySays({ type, status: 'False', reason, message: 'no' });
    expect(diagnose(facts)[0]).toMatchObject({ cause, says: expect.stringContaining(reason) });
  });

  test('of an older generation is that it has not looked at this one', () => {
    const facts = recorded('routes', ['infra']);
    const gateway = only(facts.gateways, 'infra');
    gateway.metadata.generation = 7;
    expect(causes(facts)).toEqual(['gateway-waits-for-controller']);
  });

  test.for([
    ['Conflicted', 'True', 'HostnameConflict', 'listeners-conflict'],
    ['ResolvedRefs', 'False', 'InvalidCertificateRef', 'certificate-invalid'],
  ] as const)('a listener: %s is %s', ([type, status, reason, cause]) => {
    const facts = recorded('routes', ['infra']);
    const gateway = only(facts.gateways, 'infra');
    say(gateway, gateway.status?.listeners?.[0]?.conditions, { type, status, reason, message: 'no' });
    expect(causes(facts)).toEqual([cause]);
  });

  test('several listeners that are in conflict are one cause', () => {
    const facts = recorded('routes', ['infra']);
    const gateway = only(facts.gateways, 'infra');
    const [first] = gateway.status?.listeners ?? [];
    const conflict = {
      type: 'Conflicted',
      status: 'True',
      reason: 'ProtocolConflict',
      message: 'no',
    } as const;
    say(gateway, first?.conditions, conflict);
    const other = { ...structuredClone(first), name: 'tcp' };
    Object.assign(gateway.status ?? {}, { listeners: [first, other] });
    expect(diagnose(facts)).toMatchObject([
      {
        cause: 'listeners-conflict',
        says: expect.stringMatching(/and listener tcp .* are in conflict with each other/),
      },
    ]);
  });

  test('nothing, of a route, or nothing of its present generation', () => {
    const facts = recorded('routes', ['well']);
    only(facts.routes, 'well').metadata.generation = 7;
    expect(causes(facts)).toEqual(['route-waits-for-controller']);
    delete only(facts.routes, 'well').status;
    expect(causes(facts)).toEqual(['route-waits-for-controller']);
  });

  test('a route, for a reason that is not of Gateway API', () => {
    const facts = recorded('routes', ['well']);
    const route = only(facts.routes, 'well');
    const said = { type: 'Accepted', status: 'False', reason: 'TooManyRules', message: 'no' } as const;
    say(route, route.status?.parents?.[0]?.conditions, said);
    expect(diagnose(facts)).toMatchObject([
      { cause: 'route-refused', says: 'the controller does not accept HTTPRoute well/web: TooManyRules' },
    ]);
    for (const status of [404, 500]) {
      const [host = ''] = route.spec.hostnames ?? [];
      expect(causes({ ...facts, row: row(status, host, '/status/200') })).toEqual(['route-refused']);
    }
  });

  test('a reference of a route that is to no backend', () => {
    const facts = recorded('routes', ['well']);
    const route = only(facts.routes, 'well');
    const said = {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'InvalidFilter',
      message: 'unsupported',
    } as const;
    say(route, route.status?.parents?.[0]?.conditions, said);
    expect(diagnose(facts)).toMatchObject([
      { cause: 'route-refused', evidence: [expect.stringContaining('ResolvedRefs False InvalidFilter')] },
    ]);
  });
});

const again = <T extends KubeObject>(object: T, name: string): T => ({
  ...structuredClone(object),
  metadata: { ...object.metadata, name },
});

describe('overlaps', () => {
  test('two Gateways of one address, with a listener of one port and host each', () => {
    const facts = recorded('routes', ['infra']);
    facts.gateways.push(again(only(facts.gateways, 'infra'), 'other'));
    expect(diagnose(facts)).toMatchObject([
      {
        cause: 'gateways-overlap',
        says: expect.stringContaining('infra/web and infra/other have one address'),
      },
    ]);
  });

  test('two Istio Gateways of one port, one plain and one with TLS', () => {
    const facts = recorded('istio-api', ['sni']);
    const plain = again(only(facts.istioGateways, 'sni'), 'plain');
    plain.spec.servers = [
      { port: { number: 443, name: 'http', protocol: 'HTTP' }, hosts: ['a.example.com'] },
    ];
    facts.istioGateways.push(plain);
    expect(diagnose(facts)).toMatchObject([
      { cause: 'gateways-overlap', says: expect.stringContaining('one as TLS and the other as HTTP') },
    ]);
  });

  test('Istio Gateways of one port for different hosts do not', () => {
    const facts = recorded('istio-api', ['well']);
    expect(
      facts.istioGateways.filter(({ metadata }) => metadata.namespace === 'well').length,
    ).toBeGreaterThan(1);
    expect(causes(facts)).toEqual([]);
  });

  test('an Ingress at the address of a Gateway', () => {
    const facts = recorded('routes', ['infra']);
    const address = only(facts.gateways, 'infra').status?.addresses?.[0]?.value ?? '';
    const ingress = only(recorded('ingresses').ingresses, 'beside');
    ingress.spec.rules = [{ host: '*.example.com', http: { paths: [] } }];
    ingress.status = { loadBalancer: { ingress: [{ ip: address }] } };
    facts.ingresses = [ingress];
    expect(diagnose(facts)).toMatchObject([
      { cause: 'ingress-overlaps-gateway', says: expect.stringContaining(`${address} port 80`) },
    ]);
  });
});

describe('VirtualServices', () => {
  test('a server may take those of one namespace only', () => {
    const facts = recorded('istio-api', ['well']);
    const gateway = facts.istioGateways.find(({ metadata }) => metadata.name === 'well');
    const [server] = gateway?.spec.servers ?? [];
    if (!server) throw new Error('no server was recorded');
    server.hosts = ['./well.example.com'];
    expect(causes(facts)).toEqual([]);
    server.hosts = ['elsewhere/well.example.com'];
    expect(causes(facts)).toEqual(['virtual-service-host-mismatch']);
  });

  test('one for the mesh needs no Gateway', () => {
    const facts = recorded('istio-api', ['unqualified']);
    only(facts.virtualServices, 'unqualified').spec.gateways = ['mesh'];
    expect(causes(facts)).toEqual([]);
  });
});

const withTag = (facts: Facts): Facts => {
  facts.webhooks.push({
    apiVersion: 'v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 't', labels: { 'istio.io/tag': 'other', 'istio.io/rev': 'default' } },
  });
  return facts;
};

describe('revisions', () => {
  test('a tag is a name for Gateways, and none for objects of the Istio API', () => {
    expect(causes(withTag(recorded('gateways', ['revision-own'])))).not.toContain('revision-mismatch');
    expect(causes(withTag(recorded('istio-api', ['revision'])))).toContain('revision-mismatch');
  });

  test('nothing is known of those of a control plane outside of the cluster', () => {
    const facts = recorded('gateways', ['revision-own']);
    facts.istiods = [];
    expect(causes(facts)).not.toContain('revision-mismatch');
  });
});

test('an Ingress of nobody does not explain a missing connection where another one is served', () => {
  const facts = recorded('ingresses', ['class-untaken', 'twice']);
  for (const { metadata } of facts.ingresses)
    if (metadata.namespace === 'class-untaken') metadata.namespace = 'twice';
  for (const { metadata } of facts.services)
    if (metadata.namespace === 'class-untaken') metadata.namespace = 'twice';
  const found = diagnose(facts).find(({ cause }) => cause === 'ingress-class-not-served');
  expect(found?.shows).toEqual(['not-found', 'status']);
  const alone = diagnose(recorded('ingresses', ['class-untaken']));
  expect(alone[0]?.shows).toContain('no-connection');
});

test('an Ingress that its controller gives no address', () => {
  const facts = recorded('ingresses', ['beside']);
  facts.istioGateways = [];
  expect(causes(facts)).toEqual([]);
  for (const ingress of facts.ingresses) ingress.status = { loadBalancer: {} };
  expect(diagnose(facts)).toMatchObject([
    {
      cause: 'ingress-without-address',
      evidence: [expect.stringContaining('istio-system/istio-ingressgateway (LoadBalancer, has an address)')],
    },
  ]);
});

describe('backends', () => {
  test('endpoints that are ready, but lack the port', () => {
    const facts = recorded('routes', ['well']);
    for (const slice of facts.slices) slice.ports = [];
    expect(diagnose(facts)).toMatchObject([
      { cause: 'backend-without-endpoints', says: expect.stringContaining('targetPort') },
    ]);
  });

  test('pods that are not ready', () => {
    const facts = recorded('routes', ['well']);
    for (const slice of facts.slices)
      for (const endpoint of slice.endpoints ?? []) endpoint.conditions = { ready: false };
    expect(diagnose(facts)).toMatchObject([
      {
        cause: 'backend-without-endpoints',
        says: expect.stringContaining('none of its pods is ready'),
        next: expect.stringContaining('describe pods -l app=httpbin'),
      },
    ]);
  });

  test('one without weight is never asked', () => {
    const facts = recorded('routes', ['backend-missing']);
    for (const rule of only(facts.routes, 'backend-missing').spec.rules ?? [])
      for (const ref of rule.backendRefs ?? []) ref.weight = 0;
    expect(causes(facts)).toEqual([]);
  });
});

const row = (status: number, host: string, path = '/status/200'): Row => ({
  address: { host: '172.17.255.1', port: 80 },
  port: 80,
  request: { host, path },
  answer: { status, headers: {}, body: '' },
  seen: false,
});

const explained = (status: number, host: string, path?: string): string[] =>
  causes({ ...recorded('routes'), row: row(status, host, path) });

describe('a row that came out wrong', () => {
  test('is explained by what its host and path are for', () => {
    expect(explained(404, 'hostname.example.net')).toEqual(['hostname-mismatch']);
    expect(explained(404, 'HOSTNAME.example.net:80')).toEqual(['hostname-mismatch']);
    expect(explained(500, 'backend-missing.example.com')).toEqual(['backend-missing']);
    expect(explained(404, 'hostname.example.net', '/headers')).toEqual([]);
    expect(explained(404, 'nothing.example.org')).toEqual([]);
  });

  test('is not explained by what shows otherwise', () => {
    expect(explained(503, 'hostname.example.net')).toEqual([]);
    expect(explained(200, 'backend-missing.example.com')).toEqual([]);
  });

  test.for([
    ['secret-missing', 'certificate-missing'],
    ['revision-own', 'revision-mismatch'],
  ] as const)('is explained by the Gateway that was asked, and by no other: %s', ([namespace, cause]) => {
    const facts = recorded('gateways', [namespace]);
    const of = refOf(only(facts.gateways, namespace));
    const answer = { failed: 'ECONNREFUSED', phase: 'connect', message: 'connect failed' } as const;
    const asked = (name: string) =>
      causes({ ...facts, row: { ...row(0, 'a.example'), of: { ...of, name }, answer } });
    expect(asked(of.name)).toEqual([cause]);
    expect(asked('another')).toEqual([]);
  });

  test.for([
    ['', 'sni-missing'],
    ['other.example.com', 'sni-mismatch'],
  ] as const)('a handshake with the SNI "%s"', ([serverName, cause]) => {
    const facts = recorded('istio-api', ['sni']);
    const cut: Row = {
      // by a node port
      address: { host: '172.17.0.2', port: 31_443 },
      port: 443,
      request: { host: 'sni.example.com', path: '/', tls: { serverName } },
      answer: { failed: 'ECONNRESET', phase: 'tls', message: 'socket hang up', refused: 'connection closed' },
      seen: false,
    };
    expect(diagnose({ ...facts, row: cut })).toMatchObject([
      {
        cause,
        says: expect.stringMatching(
          /port 443 is served for sni\.example\.com only; a Host header is not enough/,
        ),
        next: expect.stringContaining('--connect-to ::172.17.0.2:31443 https://sni.example.com:31443/'),
      },
    ]);
    const right = { ...cut, request: { ...cut.request, tls: { serverName: 'sni.example.com' } } };
    expect(causes({ ...facts, row: right })).toEqual([]);
    const alert = { ...cut, answer: { ...cut.answer, refused: 'certificate required' } };
    expect(causes({ ...facts, row: alert })).toEqual([]);
  });
});

describe('an address to which no connection opens', () => {
  const about = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    name: 'web',
    namespace: 'infra',
  };
  const at = { way: 'loadbalancer', address: { host: '172.17.255.1', port: 80 } } as const;
  const nodePort = { address: { host: '172.17.0.2', port: 31_380 } };

  test.for([
    [{ connected: 'timeout', nodePort: { ...nodePort, connected: 'open' } }, 'load-balancer-unreachable'],
    [{ connected: 'timeout', nodePort: { ...nodePort, connected: 'timeout' } }, 'address-unreachable'],
    [{ connected: 'timeout', nodePort: { ...nodePort, connected: 'refused' } }, 'port-refused'],
    [{ connected: 'unreachable' }, 'address-unreachable'],
    [{ connected: 'refused' }, 'port-refused'],
    [{ connected: 'unknown-host' }, 'address-unknown-to-dns'],
  ] as const)('%o: %s', ([probe, cause]) => {
    expect(causes({ ...recorded('routes', ['infra']), probes: [{ about, ...at, ...probe }] })).toEqual([
      cause,
    ]);
  });

  test('says of a node port nothing about the load balancer', () => {
    const probe = { about, way: 'nodeport', address: nodePort.address, connected: 'timeout' } as const;
    const [found] = diagnose({ ...recorded('routes', ['infra']), probes: [probe] });
    expect(found?.says).toMatch(/172\.17\.0\.2:31380 [^]*or a firewall drops the node ports$/);
    expect(found?.next).toBe(
      'ip route get 172.17.0.2; or all cases from inside the cluster: npm test -- --reach in-cluster',
    );
  });

  test('is no cause where another one tells why', () => {
    const facts = recorded('gateways', ['pool-unknown']);
    const probes = [{ about: { ...about, namespace: 'pool-unknown' }, ...at, connected: 'timeout' as const }];
    expect(causes({ ...facts, probes })).toEqual(['load-balancer-refuses']);
  });
});
