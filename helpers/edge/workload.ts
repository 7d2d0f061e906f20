import type { Problem } from '../../cluster/problem.ts';
import type { Case } from '../case.ts';
import { type Ref, refOf } from '../kube/objects.ts';
import { met, missing, waitFor } from '../kube/wait.ts';
import { deploymentReady } from '../pods/ready.ts';
import { type Deployment, deploymentKind } from '../pods/types.ts';
import { addressOfLoadBalancer } from '../reach/address.ts';
import { direct, type Road } from '../reach/road.ts';
import { type Service, serviceKind } from '../reach/service.ts';
import { whyNoConnection } from '../reach/unreachable.ts';
import type { Setup } from '../setup/setup.ts';
import type { Address } from '../traffic/request.ts';
import { Edge } from './edge.ts';

const within = (inner: Record<string, string>, outer: Record<string, string> = {}): boolean =>
  Object.entries(inner).every(([key, value]) => outer[key] === value);

/**
 * An ingress gateway whose pods and Service somebody deploys beside the configuration, which Istio has for its own API
 * and for Ingresses: it is found by the labels of its pods, and no status tells when it serves.
 */
export abstract class WorkloadEdge extends Edge {
  readonly namespace: string;
  readonly #deployment: Deployment;
  readonly #service: Service;

  /** @param selector labels of the pods that serve, as the fixtures' Deployment and Service have them */
  constructor(of: Case, setup: Setup, selector: Record<string, string>) {
    super(of, setup);
    this.#deployment = setup.the<Deployment>(deploymentKind, ({ spec }) =>
      within(selector, spec.template?.metadata?.labels),
    );
    this.#service = setup.the<Service>(serviceKind, ({ spec }) =>
      within(spec.selector ?? { none: '' }, this.#deployment.spec.template?.metadata?.labels),
    );
    this.namespace = this.#service.metadata.namespace ?? '';
  }

  get addressed(): Ref {
    return refOf(this.#service);
  }

  isOwn({ metadata: { namespace, name } }: Service): boolean {
    return namespace === this.namespace && name === this.#service.metadata.name;
  }

  protected async served(addressed: boolean): Promise<void> {
    const { cluster } = this.setup;
    const { ready, address: timeout } = cluster.run.timeouts;
    const { signal } = this.of;
    await this.setup.apply();
    const { name } = this.#deployment.metadata;
    const deployment = { name, namespace: this.namespace };
    const pods = deploymentReady(cluster.kube, deployment, { timeout: ready, signal });
    if (!addressed) {
      await pods;
      return;
    }
    await Promise.all([
      pods,
      waitFor<Service, void>(
        cluster.kube,
        { ...serviceKind, namespace: this.namespace, name: this.#service.metadata.name },
        {
          until: 'to have a load balancer address',
          timeout,
          signal,
          check: ([service]) =>
            service?.status?.loadBalancer?.ingress?.length ? met(undefined) : missing('it has none'),
        },
      ),
    ]);
    this.of.notes.milestones.address ??= this.setup.elapsed;
  }

  protected async listening(listener: string): Promise<Address> {
    return addressOfLoadBalancer(await this.service(), this.portOf(listener));
  }

  protected async service(): Promise<Service> {
    const { namespace, name } = this.#service.metadata;
    return (await this.setup.cluster.kube.get<Service>({ ...serviceKind, namespace, name })) ?? this.#service;
  }

  async whyUnreachable(by: Road | number): Promise<Problem | undefined> {
    const { kube, run } = this.setup.cluster;
    const { namespace, what } = this;
    const service = await this.service();
    const served = service.status?.loadBalancer?.ingress?.length;
    const own = () => (served ? direct(addressOfLoadBalancer(service, by as number)) : undefined);
    const road = typeof by === 'number' ? own() : by;
    const of = { what, about: refOf({ ...service, ...serviceKind }), namespace, road, service };
    return whyNoConnection(kube, of, run.timeouts.connect);
  }
}
