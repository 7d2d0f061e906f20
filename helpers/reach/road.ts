import { type Address, authority } from '../traffic/request.ts';
import { type Connected, connect } from './connect.ts';
import type { Service } from './service.ts';
import type { Way } from './way.ts';

/** How a client on this machine gets to an ingress. */
export interface Road {
  way: Way;
  /** What a client connects to. */
  address: Address;
  /** The ingress itself: the same address, or the one at the far end of a bridge. */
  leadsTo: Address;
  /** `10.0.0.1:8080`, `10.96.3.4 from inside the cluster`: for messages. */
  what: string;
  /**
   * Opens a connection to the ingress and closes it.
   * @param timeout milliseconds; a bridge takes up to two seconds more for the detour over the API server
   * @throws ApiError when the API server, over which a bridge leads, refuses or does not answer
   */
  connect(timeout: number): Promise<Connected>;
  /** Waits for a turn to ask by it, where too many at a time would be refused on the way. */
  turn?: <T>(ask: () => Promise<T>) => Promise<T>;
  /** Of a bridge, which ends with the run: what leads from `address` to the same ingress by hand. */
  byHand?: { service: Service; port: number | string } | undefined;
}

/** Straight from this machine. */
export const direct = (address: Address, way: 'loadbalancer' | 'nodeport' = 'loadbalancer'): Road => ({
  way,
  address,
  leadsTo: address,
  what: authority(address),
  connect: (timeout) => connect(address, timeout),
});
