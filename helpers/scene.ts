import type { Case } from './case.ts';
import type { Edge } from './edge/edge.ts';
import { IstioGateway } from './edge/istio-gateway.ts';
import { KubernetesIngress } from './edge/kubernetes-ingress.ts';
import { type IngressObject, ingressKind, istioGatewayKind, virtualServiceKind } from './edge/types.ts';
import { type Foreign, listAt } from './gateway/foreign.ts';
import { BackendTLSPolicy, Gateway, HTTPRoute } from './gateway/handles.ts';
import { type GatewayClassObject, gatewayClassKind, httpRouteKind } from './gateway/types.ts';
import { readGatewayClass, readIngress, type StatusView } from './gateway/views.ts';
import type { Kind, Ref } from './kube/objects.ts';
import type { Backend } from './matchers/to-be-stuck.ts';
import type { Reading } from './matchers/to-tell.ts';
import { deploymentKind } from './pods/types.ts';
import type { Fixture } from './setup/fixtures.ts';
import type { Setup } from './setup/setup.ts';

const configMapKind: Kind = { apiVersion: 'v1', kind: 'ConfigMap' };
const secretKind: Kind = { apiVersion: 'v1', kind: 'Secret' };
/** Of all the versions that know it the oldest, which every cluster has. */
const referenceGrantKind: Kind = { apiVersion: 'gateway.networking.k8s.io/v1beta1', kind: 'ReferenceGrant' };

/** A part of a scene. */
export interface Part {
  of: Case;
  setup: Setup;
  name: string;
  /** Namespaces that it has something in. */
  namespaces: string[];
}

/** What a case stands on, by the names that its fixtures give. */
export class Scene {
  readonly of: Case;
  readonly setup: Setup;

  constructor(of: Case, setup: Setup) {
    this.of = of;
    this.setup = setup;
  }

  /** What the fixtures label as this part, with what no part is labelled of in the same namespaces. */
  part(name: string): Part {
    return { of: this.of, setup: this.setup, name, namespaces: this.setup.namespacesOf(name) };
  }

  /**
   * What serves the fixtures, whatever their dialect.
   * @param name may be left out where the fixtures have one Gateway
   */
  edge(name?: string): Edge {
    if (this.setup.has(istioGatewayKind)) return new IstioGateway(this.of, this.setup, name);
    if (this.setup.has(ingressKind)) return new KubernetesIngress(this.of, this.setup);
    return this.gateway(name);
  }

  /** @param name may be left out where the fixtures have one Gateway */
  gateway(name?: string): Gateway {
    return new Gateway(this.of, this.setup, name);
  }

  /** @param name may be left out where the fixtures have one HTTPRoute */
  route(name?: string): HTTPRoute {
    return new HTTPRoute(this.of, this.setup, name);
  }

  /** @param name may be left out where the fixtures have one BackendTLSPolicy */
  policy(name?: string): BackendTLSPolicy {
    return new BackendTLSPolicy(this.of, this.setup, name);
  }

  /** What the status of an Ingress says. */
  ingress(name: string): StatusView {
    const ref = this.setup.find(ingressKind, name);
    const what = `Ingress ${ref.namespace}/${ref.name}`;
    return {
      of: this.of,
      setup: this.setup,
      ref,
      what,
      part: 'load balancer',
      read: (object) => readIngress(object as IngressObject),
    };
  }

  /** What the status of the fixtures' GatewayClass says. */
  gatewayClass(): StatusView {
    const ref = this.setup.find(gatewayClassKind);
    return {
      of: this.of,
      setup: this.setup,
      ref,
      what: `GatewayClass ${ref.name}`,
      part: 'whole',
      read: (object) => readGatewayClass(object as GatewayClassObject),
    };
  }

  /** A Deployment of the fixtures. @param name may be left out where they have one */
  backend(name?: string): Backend {
    return { of: this.of, setup: this.setup, ref: this.setup.find(deploymentKind, name) };
  }

  /** What is read of an object in the cluster. */
  reading(ref: Ref, tell: Reading['tell']): Reading {
    return { of: this.of, setup: this.setup, ref, tell };
  }

  /** An object of the fixtures that routes requests, whatever their dialect. */
  routing(name: string): { ref: Ref } {
    const kind = [virtualServiceKind, ingressKind].find((each) => this.setup.has(each)) ?? httpRouteKind;
    return { ref: this.setup.find(kind, name) };
  }

  /** A ConfigMap of the fixtures. */
  configMap(name: string): { ref: Ref } {
    return { ref: this.setup.find(configMapKind, name) };
  }

  /** A ReferenceGrant of the fixtures. */
  grant(name: string): { ref: Ref } {
    return { ref: this.setup.find(referenceGrantKind, name) };
  }

  /**
   * Applies further fixtures into the same namespaces; an object that is there already is changed. Settles when the API
   * server has taken them.
   */
  async add(...fixtures: Fixture[]): Promise<void> {
    await this.setup.add(fixtures);
  }

  /** Puts a new certificate into a Secret of the fixtures; settles when the API server has taken it. */
  async renew(secret: string): Promise<void> {
    await this.setup.renew(secretKind, secret);
  }

  /**
   * Appends an entry to a list in an object's status, as a controller of somebody else would.
   * @param list JSON pointer of a list that is there: `/status/conditions`
   * @returns the entry as the API server has it
   */
  async claim({ ref }: { ref: Ref }, list: string, entry: object): Promise<Foreign> {
    const object = await this.setup.cluster.kube.appendToStatus(ref, list, entry);
    const stored = listAt(object, list).at(-1) ?? entry;
    return { of: this.of, setup: this.setup, ref, list, entry: stored };
  }

  /** Deletes an object of the fixtures; settles when the API server has taken it. */
  async delete({ ref }: { ref: Ref }): Promise<void> {
    await this.setup.delete(ref);
  }
}
