import { isIP } from 'node:net';
import type { Problem } from '../../cluster/problem.ts';
import type { Case } from '../case.ts';
import { Edge } from '../edge/edge.ts';
import type { Kind, KubeObject, ObjectMeta, Ref, Selection } from '../kube/objects.ts';
import { addressOfListener, portOfListener } from '../reach/address.ts';
import type { Road } from '../reach/road.ts';
import { type Service, serviceOf } from '../reach/service.ts';
import { whyUnreachable } from '../reach/unreachable.ts';
import type { Setup } from '../setup/setup.ts';
import type { Address } from '../traffic/request.ts';
import { isMadeFor, placeOfMade } from './made.ts';
import {
  backendTlsPolicyKind,
  GATEWAY_NAME_LABEL,
  type GatewayObject,
  gatewayKind,
  httpRouteKind,
  type PolicyObject,
  type RouteObject,
} from './types.ts';
import {
  type Reported,
  readAncestor,
  readGateway,
  readListener,
  readParent,
  type StatusPart,
  type StatusView,
} from './views.ts';

/** Objects that a case watches come and go. */
export interface Made {
  of: Case;
  setup: Setup;
  selection: Selection;
}

type Family = 4 | 6;

/** Labels and annotations that objects have, among others. */
export type Metadata = Pick<ObjectMeta, 'labels' | 'annotations'>;

/** A Gateway of Gateway API in the case's fixtures, and the pods that its controller makes for it. */
export class Gateway extends Edge implements StatusView {
  readonly ref: Ref & { namespace: string };
  readonly what: string;
  readonly part = 'whole';
  readonly namespace: string;
  #family: Family | undefined;

  /** @param name may be left out when the fixtures have one Gateway */
  constructor(of: Case, setup: Setup, name?: string) {
    super(of, setup);
    this.ref = setup.find(gatewayKind, name);
    this.namespace = this.ref.namespace;
    this.what = `Gateway ${this.namespace}/${this.ref.name}`;
  }

  get addressed(): Ref {
    return this.ref;
  }

  isOwn(service: Service): boolean {
    return isMadeFor({ metadata: this.ref }, service);
  }

  /** The objects of a kind that the controller made for the Gateway, and labelled as Gateway API has it. */
  made(kind: Kind): Made {
    const { namespace, name } = this.ref;
    return this.#made(kind, { namespace, labels: `${GATEWAY_NAME_LABEL}=${name}` });
  }

  /**
   * As made, by whatever labels and in whatever namespace the controller keeps what it makes; to be asked while the
   * Gateway is served.
   * @returns undefined where it makes nothing for a Gateway, and serves several by what is there already
   */
  async own(): Promise<((kind: Kind) => Made) | undefined> {
    const service = await this.service();
    const place = service && placeOfMade({ metadata: this.ref }, service);
    return place && ((kind) => this.#made(kind, place));
  }

  #made(kind: Kind, place: Pick<Selection, 'namespace' | 'labels'>): Made {
    return { of: this.of, setup: this.setup, selection: { ...kind, ...place } };
  }

  read(object: KubeObject): Reported {
    return readGateway(object as GatewayObject);
  }

  /** A listener's part of the Gateway's status. */
  listener(name: string): StatusView {
    return {
      of: this.of,
      setup: this.setup,
      ref: this.ref,
      what: `listener ${name} of ${this.what}`,
      part: { listener: name },
      read: (object) => readListener(object as GatewayObject, name),
    };
  }

  /** The same Gateway, to be asked at its address of one family: 4 or 6. */
  over(family: Family): Gateway {
    const one = new Gateway(this.of, this.setup, this.ref.name);
    one.#family = family;
    return one;
  }

  portOf(listener: string): number {
    return portOfListener(this.setup.object<GatewayObject>(gatewayKind, this.ref.name), listener);
  }

  protected async served(addressed: boolean): Promise<void> {
    const { milestones } = await this.setup.gateway(this.ref.name, addressed);
    Object.assign(this.of.notes.milestones, milestones);
  }

  protected async listening(listener: string): Promise<Address> {
    const { object } = await this.setup.gateway(this.ref.name);
    return addressOfListener(this.#family ? withAddressOf(this.#family, object) : object, listener);
  }

  protected service(): Promise<Service | undefined> {
    return serviceOf(this.setup.cluster.kube, this.ref);
  }

  whyUnreachable(by: Road | number): Promise<Problem | undefined> {
    const { kube, run } = this.setup.cluster;
    return whyUnreachable(kube, this.ref, by, run.timeouts.connect);
  }
}

function withAddressOf(family: Family, gateway: GatewayObject): GatewayObject {
  const addresses = gateway.status?.addresses?.filter(({ value }) => isIP(value) === family) ?? [];
  return { ...gateway, status: { ...gateway.status, addresses } };
}

/** An object of the case's fixtures whose status speaks of Gateways. */
abstract class Attached {
  readonly of: Case;
  readonly setup: Setup;
  readonly ref: Ref & { namespace: string };

  protected constructor(of: Case, setup: Setup, kind: Kind, name?: string) {
    this.of = of;
    this.setup = setup;
    this.ref = setup.find(kind, name);
  }

  protected view(where: string, part: StatusPart, read: StatusView['read']): StatusView {
    const { of, setup, ref } = this;
    return { of, setup, ref, what: `${ref.kind} ${ref.namespace}/${ref.name} at ${where}`, part, read };
  }
}

/** An HTTPRoute of the case's fixtures. */
export class HTTPRoute extends Attached {
  constructor(of: Case, setup: Setup, name?: string) {
    super(of, setup, httpRouteKind, name);
  }

  /** What the route's status says of one of its parents. */
  at(gateway: Gateway, listener?: string): StatusView {
    const where = listener === undefined ? gateway.what : `listener ${listener} of ${gateway.what}`;
    const part: StatusPart = {
      list: 'parents',
      gateway: gateway.ref,
      defaultNamespace: this.ref.namespace,
      sectionName: listener,
    };
    return this.view(where, part, (object) => readParent(object as RouteObject, gateway.ref, listener));
  }
}

/** A BackendTLSPolicy of the case's fixtures. */
export class BackendTLSPolicy extends Attached {
  constructor(of: Case, setup: Setup, name?: string) {
    super(of, setup, backendTlsPolicyKind, name);
  }

  /** What the policy's status says of a Gateway whose traffic it bears upon. */
  at(gateway: Gateway): StatusView {
    const { ref } = gateway;
    const part: StatusPart = { list: 'ancestors', gateway: ref, defaultNamespace: ref.namespace };
    return this.view(gateway.what, part, (object) => readAncestor(object as PolicyObject, gateway.ref));
  }
}
