import type { Problem } from '../../cluster/problem.ts';
import type { Case } from '../case.ts';
import type { Ref } from '../kube/objects.ts';
import { met, missing, WaitTimeout, waitFor } from '../kube/wait.ts';
import { isReady, type Pod, podKind } from '../pods/types.ts';
import {
  addressInCluster,
  addressOfLoadBalancer,
  addressOfNodePort,
  NoAddress,
  portOf,
} from '../reach/address.ts';
import { ForwardForbidden } from '../reach/forward.ts';
import { RelayFailed } from '../reach/relay.ts';
import { direct, type Road } from '../reach/road.ts';
import { type Service, selectorOf } from '../reach/service.ts';
import type { Setup } from '../setup/setup.ts';
import type { OneConnection } from '../traffic/one-connection.ts';
import type { Address } from '../traffic/request.ts';
import type { Detour } from '../traffic/rounds.ts';

/** An ingress host and port, as a case asks it. */
export interface Ingress {
  of: Case;
  setup: Setup;
  edge: Edge;
  /** What a client on this machine connects to: the ingress itself, or a bridge that leads to it. */
  address: Address;
  /** The ingress's own host and port. */
  leadsTo: Address;
  /** Of the listener, whatever the way to it. */
  port: number;
  road: Road;
  /** The one connection by which it is asked; left out: a new one for each request. */
  over?: OneConnection | undefined;
  /** One request that goes to another address than all others. */
  detour?: Detour | undefined;
}

/** Milliseconds for a connection to a gateway whose pod is ready: then it opens at once, or never from here. */
const patience = 3_000;

/**
 * What serves a case's configuration, whatever its dialect: gateway pods with listeners that have names, behind a
 * Service.
 */
export abstract class Edge {
  readonly of: Case;
  readonly setup: Setup;
  /** `Gateway shop/httpbin-gateway`, for messages. */
  abstract readonly what: string;
  /** Whether a Service is there for it alone. */
  abstract isOwn(service: Service): boolean;

  /** The object whose status has its address. */
  abstract readonly addressed: Ref;

  constructor(of: Case, setup: Setup) {
    this.of = of;
    this.setup = setup;
  }

  /**
   * Settles when the status says that it serves.
   * @param addressed and that it has an address; without it a gateway serves that lacks nothing but that
   * @throws WaitTimeout; Problem
   */
  protected abstract served(addressed: boolean): Promise<void>;

  /** Host and port at which a listener is to be asked, as its own API tells them. @throws NoAddress */
  protected abstract listening(listener: string): Promise<Address>;

  /** The Service in front of its pods; undefined when there is none. */
  protected abstract service(): Promise<Service | undefined>;

  /**
   * Why no connection opens; undefined when one does now.
   * @param by how it was asked; the port of a listener where it has no address to be asked at
   * @throws ApiError
   */
  abstract whyUnreachable(by: Road | number): Promise<Problem | undefined>;

  /** The port that a listener is given in the configuration. @throws NoAddress when there is no such listener */
  abstract portOf(listener: string): number;

  /**
   * Waits until it serves, the backends are ready and a connection opens by the run's way.
   * @returns host and port of the listener of that name
   * @throws Problem saying why there is no such way, or why no connection opens; BackendStuck
   */
  async ingress(listener = 'http'): Promise<Ingress> {
    const { roads, run } = this.setup.cluster;
    const { way } = run.reach;
    await this.#ready(listener, way === 'loadbalancer');
    const port = this.portOf(listener);
    if (way === 'loadbalancer') return this.#by(direct(await this.listening(listener)), port);
    const service = await this.#service();
    switch (way) {
      case 'nodeport':
        return this.#by(direct(await this.#nodePortOf(service, port), way), port);
      case 'in-cluster':
        return this.#by(await roads.inside(addressInCluster(service, port), { service, port }), port);
      case 'port-forward':
        return this.#by(await roads.toPod(service, port), port);
    }
  }

  /**
   * As ingress, with host and port as its own API tells them, whatever the run's way. Where this machine gets no
   * connection to it, and that is not the run's way, it is asked from inside the cluster.
   */
  async stated(listener = 'http'): Promise<Ingress> {
    await this.#balanced(listener);
    return this.#whatever('loadbalancer', await this.listening(listener), this.portOf(listener));
  }

  /** As stated, with the host from the Service's load balancer. */
  async loadBalancer(listener = 'http'): Promise<Ingress> {
    await this.#balanced(listener);
    const port = this.portOf(listener);
    return this.#whatever('loadbalancer', addressOfLoadBalancer(await this.#service(), port), port);
  }

  /**
   * As stated, with the address of a node that runs the gateway, and a node port of its Service.
   * @param port name of the Service's port; left out: the one of the listener `http`
   */
  async nodePort(port?: string): Promise<Ingress> {
    await this.#unaddressed('http');
    const service = await this.#service();
    const asked = port === undefined ? this.portOf('http') : portOf(service, port).port;
    return this.#whatever('nodeport', await this.#nodePortOf(service, asked), asked);
  }

  /** As stated, with the Service's own address, asked from inside the cluster. */
  async clusterIP(listener = 'http'): Promise<Ingress> {
    await this.#unaddressed(listener);
    const [service, port] = [await this.#service(), this.portOf(listener)];
    return this.#by(await this.#inside(addressInCluster(service, port), service, port), port);
  }

  /** As stated, at one of its pods, over the API server. */
  async portForward(listener = 'http'): Promise<Ingress> {
    const { roads, run } = this.setup.cluster;
    await this.#unaddressed(listener);
    const service = await this.#service();
    await this.#podReady(service);
    const port = this.portOf(listener);
    const road = await roads.toPod(service, port);
    return this.#by(run.reach.way === road.way ? road : await this.#ifAllowed(road), port);
  }

  async #service(): Promise<Service> {
    const service = await this.service();
    if (!service) throw new NoAddress(`${this.what} has no Service`);
    return service;
  }

  async #ready(listener: string, addressed: boolean): Promise<void> {
    try {
      await Promise.all([this.served(addressed), this.setup.ready()]);
    } catch (error) {
      if (!(error instanceof WaitTimeout) || !addressed) throw error;
      throw (await this.whyUnreachable(this.portOf(listener))) ?? error;
    }
  }

  /** Settles when it serves; where the run's way needs an address, with one. */
  #unaddressed(listener: string): Promise<void> {
    return this.#ready(listener, this.setup.cluster.run.reach.way === 'loadbalancer');
  }

  /** Settles when it has an address; a run that can do without one skips the case when none comes. */
  async #balanced(listener: string): Promise<void> {
    const { way } = this.setup.cluster.run.reach;
    if (way === 'loadbalancer') return this.#ready(listener, true);
    await this.#ready(listener, false);
    try {
      await this.served(true);
    } catch (error) {
      if (!(error instanceof WaitTimeout)) throw error;
      this.of.skip(`no load balancer gave it an address, and the run reaches its gateways by ${way}`);
    }
  }

  /** By the road from here where that is the run's way, or where it opens; else by the one inside the cluster. */
  async #whatever(own: 'loadbalancer' | 'nodeport', address: Address, port: number): Promise<Ingress> {
    const { way } = this.setup.cluster.run.reach;
    const straight = direct(address, own);
    if (way === own) return this.#by(straight, port);
    const service = await this.#service();
    await this.#podReady(service);
    if (way !== 'in-cluster' && (await this.setup.connects(straight, patience)))
      return this.#by(straight, port);
    if (way === 'port-forward') {
      this.of.skip(
        `${straight.what} cannot be reached from here, and the run reaches pods only (port-forward)`,
      );
    }
    return this.#by(await this.#inside(address, service, port), port);
  }

  /** Where that is not the run's way, a case is skipped that cannot go it. */
  async #inside(address: Address, service: Service, port: number): Promise<Road> {
    const { roads, run } = this.setup.cluster;
    const { way } = run.reach;
    try {
      const road = await roads.inside(address, { service, port });
      return way === road.way ? road : await this.#ifAllowed(road);
    } catch (error) {
      if (way === 'in-cluster' || !(error instanceof RelayFailed)) throw error;
      return this.of.skip(error.message);
    }
  }

  /** Skips the case where the user may not go that road. */
  async #ifAllowed(road: Road): Promise<Road> {
    try {
      await road.connect(this.setup.cluster.run.timeouts.connect);
      return road;
    } catch (error) {
      if (!(error instanceof ForwardForbidden)) throw error;
      return this.of.skip(error.message);
    }
  }

  async #nodePortOf(service: Service, port: number): Promise<Address> {
    await this.#podReady(service);
    return addressOfNodePort(this.setup.cluster.kube, service, port);
  }

  async #podReady(service: Service): Promise<void> {
    const { kube, run } = this.setup.cluster;
    const { namespace } = service.metadata;
    await waitFor<Pod, void>(
      kube,
      { ...podKind, namespace, labels: selectorOf(service) },
      {
        until: 'to be ready',
        timeout: run.timeouts.ready,
        signal: this.of.signal,
        check: (pods) => (pods.some(isReady) ? met(undefined) : missing('none is')),
      },
    );
  }

  async #by(road: Road, port: number): Promise<Ingress> {
    const { of, setup } = this;
    if (!(await setup.connects(road))) {
      const why = await this.whyUnreachable(road);
      if (why) throw why;
    }
    const { address, leadsTo } = road;
    return { of, setup, edge: this, address, leadsTo, port, road };
  }
}
