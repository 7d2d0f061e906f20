/** A container engine that kind can use, and the environment its client and kind need to reach it. */
export interface Engine {
  kind: 'docker' | 'podman' | 'private';
  /** Client program, by name: found on the PATH of `env`. */
  cli: 'docker' | 'podman';
  env: NodeJS.ProcessEnv;
  /** One line for people: which engine, and why this one. */
  line: string;
}

/** Name of the engine network, and of the kind cluster. */
export const clusterName = 'ingress-conformance';

/** kind puts its nodes on a network of our own, so that taking it away disturbs nobody else's clusters. */
export const kindEnv = {
  KIND_EXPERIMENTAL_DOCKER_NETWORK: clusterName,
  KIND_EXPERIMENTAL_PODMAN_NETWORK: clusterName,
};
