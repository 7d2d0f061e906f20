import type { Duplex } from 'node:stream';
import pLimit from 'p-limit';
import type { RunContext } from '../context.ts';
import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import { type Address, authority } from '../traffic/request.ts';
import { NoAddress, podBehind } from './address.ts';
import { type Bridge, bridge } from './bridge.ts';
import type { Connected } from './connect.ts';
import { ForwardFailed, forwardTo } from './forward.ts';
import { relayTunnel, standRelay } from './relay.ts';
import type { Road } from './road.ts';
import type { Service } from './service.ts';
import { NotOpened, type Tunnel } from './tunnel.ts';

/** Milliseconds that a connection may take longer over the API server and a node than straight to the gateway. */
const detour = 2_000;
/** Milliseconds without a complaint after which a pod that a connection was forwarded to is held to have taken it. */
const silence = 200;

/**
 * Connections at a time to pods by port-forward. Each is a WebSocket to the API server, one from there to the node, and
 * one more in the node's runtime: of many at once the API server refuses some, and the others are late.
 */
const forwardedAtOnce = 2;

/** The ways of one worker that lead over the API server: bridges from this machine's loopback, each made once. */
export class Roads {
  readonly #kube: Kube;
  readonly #run: RunContext;
  readonly #bridges = new Map<string, Promise<Bridge>>();
  readonly #forward = pLimit(forwardedAtOnce);
  #tunnel: Promise<Tunnel> | undefined;

  constructor(kube: Kube, run: RunContext) {
    this.#kube = kube;
    this.#run = run;
  }

  /**
   * To an address as it is asked from inside the cluster, by the run's relay, which is applied when nothing has done so.
   * @param byHand how a person gets to the same ingress
   * @throws RelayFailed when the relay does not come to be ready; ApiError
   */
  async inside(leadsTo: Address, byHand: Road['byHand']): Promise<Road> {
    const tunnel = await this.#relay();
    // what waits for it has a limit of its own
    const { request } = this.#run.timeouts;
    const { address } = await this.#bridge(authority(leadsTo), () => tunnel.open(leadsTo, request));
    return {
      way: 'in-cluster',
      address,
      leadsTo,
      what: `${authority(leadsTo)} from inside the cluster`,
      connect: (timeout) => outcome(async () => (await tunnel.open(leadsTo, timeout + detour)).destroy()),
      byHand,
    };
  }

  /** To a port of one of the Service's ready pods. */
  async toPod(service: Service, port: number): Promise<Road> {
    const open = async (): Promise<Duplex> => {
      const { pod, port: target } = await podBehind(this.#kube, service, port);
      return forwardTo(this.#kube, pod, target, this.#run.timeouts.api);
    };
    const { namespace, name } = service.metadata;
    const { address } = await this.#bridge(`${namespace}/${name}:${port}`, open);
    return {
      way: 'port-forward',
      address,
      leadsTo: { host: address.host, port },
      what: `port ${port} of Service ${namespace}/${name} by port-forward`,
      connect: () => this.#forward(() => outcome(async () => uncomplained(await open(), silence))),
      turn: (ask) => this.#forward(ask),
      byHand: { service, port },
    };
  }

  /** Ends all bridges. */
  async close(): Promise<void> {
    for (const each of this.#bridges.values()) (await each.catch(() => undefined))?.close();
    await (await this.#tunnel?.catch(() => undefined))?.close();
  }

  #relay(): Promise<Tunnel> {
    this.#tunnel ??= this.#standRelay();
    return this.#tunnel;
  }

  async #standRelay(): Promise<Tunnel> {
    const { id, timeouts } = this.#run;
    await standRelay(this.#kube, id, { timeout: timeouts.ready });
    return relayTunnel(this.#kube, id, timeouts.api);
  }

  #bridge(key: string, open: () => Promise<Duplex>): Promise<Bridge> {
    const found = this.#bridges.get(key) ?? bridge(open);
    this.#bridges.set(key, found);
    return found;
  }
}

/** What came of opening a connection; a pod that is just coming or going is refused in several words. */
async function outcome(open: () => Promise<unknown>): Promise<Connected> {
  try {
    await open();
    return 'open';
  } catch (error) {
    if (error instanceof NotOpened) return error.came;
    if (error instanceof ForwardFailed || error instanceof NoAddress) return 'refused';
    if (error instanceof ApiError) return 'unreachable';
    throw error;
  }
}

/** Settles after that time, and ends the connection. @throws what ended it before */
async function uncomplained(connection: Duplex, timeout: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeout);
  connection.once('error', reject).once('end', () => reject(new ForwardFailed('the connection was ended')));
  connection.resume();
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    connection.destroy();
  }
}
