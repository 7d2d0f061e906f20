import type { Case } from '../case.ts';
import type { Kind, KubeObject, Ref, Selection } from '../kube/objects.ts';
import { WaitTimeout } from '../kube/wait.ts';
import { addressOfListener, addressOfLoadBalancer, addressOfNodePort, NoAddress } from '../reach/address.ts';
import { serviceOf } from '../reach/service.ts';
import { whyUnreachable } from '../reach/unreachable.ts';
import type { Setup } from '../setup/setup.ts';
import type { Address } from '../traffic/request.ts';
import {
  GATEWAY_NAME_LABEL,
  type GatewayObject,
  gatewayKind,
  httpRouteKind,
  type RouteObject,
} from './types.ts';
import { type Reported, readGateway, readListener, readParent, type StatusView } from './views.ts';

/** An ingress host and port of a Gateway, as a case asks it. */
export interface Ingress {
  of: Case;
  setup: Setup;
  gateway: Ref & { namespace: string };
  address: Address;
}

/** Objects that a case watches come and go. */
export interface Made {
  of: Case;
  setup: Setup;
  selection: Selection;
}

/** A Gateway of the case's fixtures. */
export class Gateway implements StatusView {
  readonly of: Case;
  readonly setup: Setup;
  readonly ref: Ref & { namespace: string };
  readonly what: string;

  /** @param name may be left out when the fixtures have one Gateway */
  constructor(of: Case, setup: Setup, name?: string) {
    this.of = of;
    this.setup = setup;
    this.ref = setup.find(gatewayKind, name);
    this.what = `Gateway ${this.ref.namespace}/${this.ref.name}`;
  }

  /** The objects of a kind that the controller made for the Gateway. */
  made(kind: Kind): Made {
    const { namespace, name } = this.ref;
    return {
      of: this.of,
      setup: this.setup,
      selection: { ...kind, namespace, labels: `${GATEWAY_NAME_LABEL}=${name}` },
    };
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
      read: (object) => readListener(object as GatewayObject, name),
    };
  }

  /**
   * Waits until the Gateway is Programmed, has an address, the backends are ready and a connection opens.
   * @returns host from the Gateway's status, port from its listener of that name
   * @throws Problem saying why the address does not come, or cannot be reached from here; BackendStuck
   */
  async ingress(listener = 'http'): Promise<Ingress> {
    const gateway = await this.#ready();
    return this.#at(addressOfListener(gateway, listener));
  }

  /** As ingress, with the host from the Service's load balancer. */
  async loadBalancer(listener = 'http'): Promise<Ingress> {
    const { port } = addressOfListener(await this.#ready(), listener);
    return this.#at(addressOfLoadBalancer(await this.#service(), port));
  }

  /** As ingress, with the address of a node that runs the gateway, and the node port behind the listener's port. */
  async nodePort(listener = 'http'): Promise<Ingress> {
    const { port } = addressOfListener(await this.#ready(), listener);
    return this.#at(await addressOfNodePort(this.setup.cluster.kube, await this.#service(), port));
  }

  async #service(): Promise<NonNullable<Awaited<ReturnType<typeof serviceOf>>>> {
    const service = await serviceOf(this.setup.cluster.kube, this.ref);
    if (!service) throw new NoAddress(`no Service carries the name of ${this.what}`);
    return service;
  }

  async #ready(): Promise<GatewayObject> {
    const { kube, run } = this.setup.cluster;
    try {
      const [{ object, milestones }] = await Promise.all([
        this.setup.gateway(this.ref.name),
        this.setup.ready(),
      ]);
      Object.assign(this.of.notes.milestones, milestones);
      return object;
    } catch (error) {
      const [listener] = (await kube.get<GatewayObject>(this.ref))?.spec.listeners ?? [];
      if (error instanceof WaitTimeout && listener) {
        const why = await whyUnreachable(kube, this.ref, listener.port, run.timeouts.connect);
        throw why ?? error;
      }
      throw error;
    }
  }

  async #at(address: Address): Promise<Ingress> {
    const { kube, run } = this.setup.cluster;
    if (!(await this.setup.connects(address))) {
      const why = await whyUnreachable(kube, this.ref, address.port, run.timeouts.connect);
      if (why) throw why;
    }
    return { of: this.of, setup: this.setup, gateway: this.ref, address };
  }
}

/** An HTTPRoute of the case's fixtures. */
export class HTTPRoute {
  readonly of: Case;
  readonly setup: Setup;
  readonly ref: Ref & { namespace: string };

  constructor(of: Case, setup: Setup, name?: string) {
    this.of = of;
    this.setup = setup;
    this.ref = setup.find(httpRouteKind, name);
  }

  /** What the route's status says of one of its parents. */
  at(gateway: Gateway, listener?: string): StatusView {
    const where = listener === undefined ? gateway.what : `listener ${listener} of ${gateway.what}`;
    return {
      of: this.of,
      setup: this.setup,
      ref: this.ref,
      what: `HTTPRoute ${this.ref.namespace}/${this.ref.name} at ${where}`,
      read: (object) => readParent(object as RouteObject, gateway.ref, listener),
    };
  }
}
