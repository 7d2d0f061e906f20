/**
 * How a run asks its gateways:
 * - `loadbalancer`: at the address that their own status tells
 * - `nodeport`: at a node that runs one, and a node port of its Service
 * - `in-cluster`: at the Service's cluster IP, from a pod inside the cluster
 * - `port-forward`: at one pod, over the API server
 */
const ways = ['loadbalancer', 'nodeport', 'in-cluster', 'port-forward'] as const;
export type Way = (typeof ways)[number];

/** `auto`: the first one, in the order above, by which a connection opens. */
export const reachChoices = ['auto', ...ways] as const;
export type ReachChoice = (typeof reachChoices)[number];

/** The way of a run, and why it is this one, in a clause for people. */
export interface Reach {
  way: Way;
  why: string;
}
