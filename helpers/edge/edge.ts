import type { Problem } from '../../cluster/problem.ts';
import type { Case } from '../case.ts';
import { WaitTimeout } from '../kube/wait.ts';
import { addressOfLoadBalancer, addressOfNodePort, NoAddress } from '../reach/address.ts';
import type { Service } from '../reach/service.ts';
import type { Setup } from '../setup/setup.ts';
import type { HeldConnection } from '../traffic/held.ts';
import type { Address } from '../traffic/request.ts';

/** An ingress host and port, as a case asks it. */
export interface Ingress {
  of: Case;
  setup: Setup;
  edge: Edge;
  address: Address;
  /** The one connection by which it is asked; left out: a new one for each request. */
  over?: HeldConnection | undefined;
}

/**
 * What serves a case's configuration, whatever its dialect: gateway pods with listeners that have names, behind a
 * Service.
 */
export abstract class Edge {
  readonly of: Case;
  readonly setup: Setup;
  /** `Gateway shop/httpbin-gateway`, for messages. */
  abstract readonly what: string;
  /** Where its pods and its Service are. */
  abstract readonly namespace: string;

  constructor(of: Case, setup: Setup) {
    this.of = of;
    this.setup = setup;
  }

  /** Settles when the status says that it serves and has an address. @throws WaitTimeout; Problem */
  protected abstract served(): Promise<void>;

  /** Host and port at which a listener is to be asked, as its own API tells them. @throws NoAddress */
  protected abstract listening(listener: string): Promise<Address>;

  /** The Service in front of its pods; undefined when there is none. */
  protected abstract service(): Promise<Service | undefined>;

  /** Why no connection opens; undefined when one does now. @throws ApiError */
  abstract whyUnreachable(port: number): Promise<Problem | undefined>;

  /** The port that a listener is given in the configuration. @throws NoAddress when there is no such listener */
  abstract portOf(listener: string): number;

  /**
   * Waits until it serves, has an address, the backends are ready and a connection opens.
   * @returns host and port of the listener of that name
   * @throws Problem saying why the address does not come, or cannot be reached from here; BackendStuck
   */
  async ingress(listener = 'http'): Promise<Ingress> {
    await this.#ready(listener);
    return this.#at(await this.listening(listener));
  }

  /** As ingress, with the host from the Service's load balancer. */
  async loadBalancer(listener = 'http'): Promise<Ingress> {
    await this.#ready(listener);
    return this.#at(addressOfLoadBalancer(await this.#service(), this.portOf(listener)));
  }

  /**
   * As ingress, with the address of a node that runs the gateway, and a node port of its Service.
   * @param port name of the Service's port; left out: the one of the listener `http`
   */
  async nodePort(port?: string): Promise<Ingress> {
    await this.#ready('http');
    const { kube } = this.setup.cluster;
    return this.#at(await addressOfNodePort(kube, await this.#service(), port ?? this.portOf('http')));
  }

  async #service(): Promise<Service> {
    const service = await this.service();
    if (!service) throw new NoAddress(`${this.what} has no Service`);
    return service;
  }

  async #ready(listener: string): Promise<void> {
    try {
      await Promise.all([this.served(), this.setup.ready()]);
    } catch (error) {
      if (!(error instanceof WaitTimeout)) throw error;
      throw (await this.whyUnreachable(this.portOf(listener))) ?? error;
    }
  }

  async #at(address: Address): Promise<Ingress> {
    const { of, setup } = this;
    if (!(await setup.connects(address))) {
      const why = await this.whyUnreachable(address.port);
      if (why) throw why;
    }
    return { of, setup, edge: this, address };
  }
}
