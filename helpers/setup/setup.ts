import type { Target } from '../../cluster/target.ts';
import type { Milestones } from '../../reports/run.ts';
import type { RunContext } from '../context.ts';
import type { Facts } from '../diagnose/facts.ts';
import { ingressKind } from '../edge/types.ts';
import { gatewayReady } from '../gateway/ready.ts';
import { type GatewayObject, gatewayKind } from '../gateway/types.ts';
import { applyAll } from '../kube/apply.ts';
import type { Kube } from '../kube/client.ts';
import type { Manifest } from '../kube/manifests.ts';
import { isObject, type Kind, type KubeObject, type Ref, refOf } from '../kube/objects.ts';
import { PART_LABEL } from '../labels.ts';
import { type Deployment, deploymentKind } from '../pods/types.ts';
import { awaitConnect } from '../reach/await.ts';
import type { Road } from '../reach/road.ts';
import type { Roads } from '../reach/roads.ts';
import { runNamespace } from '../run/id.ts';
import { namespaceKind, remove } from '../run/remove.ts';
import { Certificates } from '../tls/certificates.ts';
import { authority } from '../traffic/request.ts';
import { type BackendPod, Witness } from '../traffic/witness.ts';
import { demandPresent, isInjectedGateway } from './absent.ts';
import { askForAccessLogs } from './access-log.ts';
import { backendsNow, backendsReady } from './backends.ts';
import { forController } from './controller.ts';
import { withEndpoints } from './endpoints.ts';
import { type Fixture, isOwn, isShared, readFixtures, type SharedFixture, stemOf } from './fixtures.ts';
import { namespaceName, namespaceObject } from './namespace.ts';
import { type Look, Observation } from './observation.ts';
import { type Given, type Place, place, selectedLabels } from './place.ts';
import { takeTurn } from './turn.ts';

export interface Cluster {
  kube: Kube;
  target: Target;
  run: RunContext;
  /** The ways to a gateway that lead over the API server. */
  roads: Roads;
}

/** A Gateway that serves. */
export interface ReadyGateway {
  object: GatewayObject;
  milestones: Milestones;
}

/** What this worker has of fixtures that are shared, by run and name. */
const shared = new Map<string, Promise<Setup>>();

/** What was applied, for those who apply it elsewhere: certificates and endpoints are not filled in. */
export interface Fixtures {
  manifests: Manifest[];
  /** Deployments that are no gateways, as cases call them, and where they are: `namespace/name`. */
  backends: { called: string; at: string }[];
  /** All of them. */
  deployments: { namespace: string; name: string }[];
}

/** What a case stands on: its namespaces with its fixtures applied. */
export class Setup {
  readonly cluster: Cluster;
  /** The case's own namespace. */
  readonly namespace: string;
  /** What its Secrets are filled with, and its requests over TLS trust and show. */
  readonly certificates = new Certificates();
  /** Shared fixtures that the case's own are applied beside. */
  readonly #base: Setup | undefined;
  readonly #suite: string;
  #manifests: Manifest[];
  /** What is called otherwise in the cluster than in the fixtures. */
  readonly #given: Given;
  readonly #usesOwn: boolean;
  readonly #signal: AbortSignal | undefined;
  readonly #connects = new Map<string, Promise<boolean>>();
  readonly #gateways = new Map<string, Promise<ReadyGateway>>();
  #deleted: Ref[] = [];
  #applied: Promise<void> | undefined;
  #ready: Promise<BackendPod[]> | undefined;
  #witness: Witness | undefined;
  readonly #observation: Observation;
  #start = 0;
  #created = 0;

  private constructor(
    cluster: Cluster,
    { namespace, suite }: Place,
    placed: ReturnType<typeof place>,
    { base, signal }: { base?: Setup | undefined; signal?: AbortSignal | undefined },
  ) {
    this.cluster = cluster;
    this.#base = base;
    this.namespace = namespace;
    this.#suite = suite;
    this.#manifests = placed.manifests;
    this.#given = placed.given;
    this.#usesOwn = placed.usesOwn;
    this.#signal = signal;
    this.#observation = new Observation(this, base && suite);
  }

  /**
   * Reads fixtures and gives them a place in the cluster; nothing is sent yet.
   * @throws Problem with file and line for a fixture that cannot be read
   */
  static async of(cluster: Cluster, fixtures: Fixture[], signal?: AbortSignal): Promise<Setup> {
    const own = fixtures.filter(isOwn);
    const manifests = await readFixtures(own);
    const base = await fixtures
      .filter(isShared)
      .reduce<Promise<Setup | undefined>>(
        async (below, fixture) => Setup.#shared(cluster, manifests, fixture, await below),
        Promise.resolve(undefined),
      );
    const { run, target } = cluster;
    const suite = stemOf(own.at(-1));
    const where = {
      namespace: namespaceName(run.id, suite),
      run: run.id,
      suite,
      gatewayClass: target.gatewayClass,
      ...(base && { earlier: base.#given, among: true }),
      ...(base?.home && { namespace: base.home }),
    };
    return new Setup(cluster, where, place(manifests, where), { base, signal });
  }

  /**
   * Every worker applies shared fixtures once: the objects are the same, whoever is first.
   * @param manifests of the case, which must select shared pods by the same labels as those of all other cases
   * @param base shared fixtures that these are applied beside
   */
  static #shared(
    cluster: Cluster,
    manifests: Manifest[],
    fixture: SharedFixture,
    base: Setup | undefined,
  ): Promise<Setup> {
    const { run, target } = cluster;
    const { files, name } =
      'as' in fixture
        ? { files: fixture.shared, name: fixture.as }
        : { files: [fixture.shared], name: stemOf(fixture.shared) };
    const key = [run.id, ...(base?.stack ?? []), name].join(' ');
    const found = shared.get(key) ?? make();
    shared.set(key, found);
    return found;

    async function make(): Promise<Setup> {
      const where = {
        namespace: `${runNamespace(run.id)}-${name}`,
        run: run.id,
        suite: name,
        gatewayClass: target.gatewayClass,
        selectedBy: selectedLabels(manifests),
        ...(base && { earlier: base.#given }),
      };
      const placed = place(await readFixtures(files), where);
      if (placed.usesOwn) placed.given.namespaces.set(name, where.namespace);
      return new Setup(cluster, where, placed, { base });
    }
  }

  /** What the shared fixtures are called, here and below. */
  private get stack(): string[] {
    return [...(this.#base?.stack ?? []), this.#suite];
  }

  /** The namespace that has all objects of a shared fixture, here or below. */
  private get home(): string | undefined {
    return this.#usesOwn ? this.namespace : this.#base?.home;
  }

  /** All namespaces that the case stands on: its own, if anything is in it, and those its fixtures declare. */
  get namespaces(): string[] {
    return [...new Set([...(this.#usesOwn ? [this.namespace] : []), ...this.#given.namespaces.values()])];
  }

  /** Where the objects are that are labelled as this part. @throws Error when none is */
  namespacesOf(part: string): string[] {
    const objects = this.#objects.filter(({ metadata }) => metadata.labels?.[PART_LABEL] === part);
    if (objects.length === 0) throw new Error(`the fixtures label nothing as part "${part}"`);
    return [...new Set(objects.flatMap(({ metadata: { namespace = [] } }) => namespace))];
  }

  /** Those of them that end with the case. */
  get #ownNamespaces(): string[] {
    const lasting = new Set(this.#base?.namespaces);
    return this.namespaces.filter((name) => !lasting.has(name));
  }

  /** Milliseconds since the fixtures were applied. */
  get elapsed(): number {
    return Math.round(performance.now() - this.#start);
  }

  /**
   * Applies the fixtures; settles when the API server has them all. Later calls give the first one's outcome.
   * @throws Problem quoting the object when one is refused; Absent when the cluster lacks what they are for
   */
  apply(): Promise<void> {
    this.#applied ??= this.#apply();
    return this.#applied;
  }

  async #apply(): Promise<void> {
    const { kube, run } = this.cluster;
    await this.#base?.apply();
    await demandPresent(this.cluster, this.#manifests);
    if (this.has(ingressKind)) await takeTurn(this.cluster, this.#signal);
    if (this.#ownNamespaces.includes(this.namespace))
      await kube.apply(namespaceObject(this.namespace, run.id, this.#suite));
    const filled = await this.#filled(this.#manifests);
    // before the gateways are there: a listener that gets another log drops what is connected to it
    await applyAll(
      kube,
      filled.filter(({ object }) => object.kind === namespaceKind.kind),
    );
    await askForAccessLogs(kube, this.#ownNamespaces);
    this.#start = performance.now();
    await applyAll(
      kube,
      filled.filter(({ object }) => object.kind !== namespaceKind.kind),
    );
    this.#created = this.elapsed;
  }

  /**
   * Applies further fixtures beside those that are there, into the same namespaces; an object that is there already is
   * changed. Settles when the API server has them. They may declare no namespace.
   */
  async add(fixtures: Fixture[]): Promise<void> {
    await this.apply();
    const { kube, run, target } = this.cluster;
    const read = await readFixtures(fixtures.filter(isOwn));
    const { manifests } = place(read, {
      namespace: this.namespace,
      run: run.id,
      suite: this.#suite,
      gatewayClass: target.gatewayClass,
      earlier: this.#given,
      among: this.#base !== undefined,
    });
    const refs = manifests.map(({ object }) => refOf(object));
    this.#manifests = this.#manifests.filter(({ object }) => !refs.some((ref) => isObject(object, ref)));
    this.#manifests.push(...manifests);
    this.#deleted = this.#deleted.filter((ref) => !manifests.some(({ object }) => isObject(object, ref)));
    this.#gateways.clear();
    await applyAll(kube, await this.#filled(manifests));
  }

  /** Deletes an object of the fixtures; settles when the API server has taken it. @throws ApiError */
  async delete(ref: Ref): Promise<void> {
    await this.cluster.kube.delete(ref);
    this.#deleted.push(ref);
  }

  /**
   * Applies an object of the fixtures once more: a Secret that is filled with a certificate gets a new one. Settles
   * when the API server has it.
   */
  async renew(kind: Kind, name: string): Promise<void> {
    const object = this.object(kind, name);
    const again = this.#manifests.filter((each) => each.object === object);
    await applyAll(this.cluster.kube, await this.#filled(again));
  }

  /** With certificates and endpoints where they are asked for: what is kept of the manifests has no key. */
  async #filled(manifests: Manifest[]): Promise<Manifest[]> {
    const { kube, run, target } = this.cluster;
    const options = { timeout: run.timeouts.ready, signal: this.#signal };
    return Promise.all(
      (await forController(manifests, kube, target.gatewayClass)).map(async (manifest) => {
        const { name, namespace = '' } = manifest.object.metadata;
        const object = await this.certificates.fill(manifest, this.#called(name, namespace));
        return { ...manifest, object: await withEndpoints(kube, object, options) };
      }),
    );
  }

  /**
   * Waits until all Deployments of the fixtures, gateways aside, are ready. Later calls give the first one's outcome.
   * @returns their pods
   * @throws BackendStuck with the pod's own reason as soon as it gives one; WaitTimeout
   */
  ready(): Promise<BackendPod[]> {
    this.#ready ??= this.#backendsReady();
    return this.#ready;
  }

  async #backendsReady(): Promise<BackendPod[]> {
    await this.apply();
    const pods = await Promise.all([
      this.#base?.ready() ?? [],
      backendsReady(this.cluster, this.#backends, this.#called, this.#signal),
    ]);
    return pods.flat();
  }

  /** The backends' pods as they are at the moment. */
  async backends(): Promise<BackendPod[]> {
    const pods = await Promise.all([
      this.#base?.backends() ?? [],
      backendsNow(this.cluster, this.#backends, this.#called),
    ]);
    return pods.flat();
  }

  /** Reads the backends' access logs, from the first use on. */
  get witness(): Witness {
    this.#witness ??= new Witness(this.cluster.kube);
    return this.#witness;
  }

  /**
   * Waits until a Gateway of the fixtures is Accepted, Programmed and has an address, timing each. Later calls give
   * the first one's outcome.
   * @param withAddress false: until it is Accepted and lacks nothing but an address
   */
  gateway(name: string, withAddress = true): Promise<ReadyGateway> {
    const key = `${name} ${withAddress}`;
    const found = this.#gateways.get(key) ?? this.#gatewayReady(name, withAddress);
    this.#gateways.set(key, found);
    return found;
  }

  async #gatewayReady(name: string, withAddress: boolean): Promise<ReadyGateway> {
    const ref = this.find(gatewayKind, name);
    // how long a Gateway took that was there before is nothing of this case
    if (this.#base && !this.owns(ref))
      return { ...(await this.#base.gateway(name, withAddress)), milestones: {} };
    await this.apply();
    const milestones: Milestones = { created: this.#created };
    const { kube, run } = this.cluster;
    const object = await gatewayReady(kube, ref, {
      withAddress,
      timeouts: run.timeouts,
      signal: this.#signal,
      reached: (milestone) => {
        milestones[milestone] = this.elapsed;
      },
    });
    return { object, milestones };
  }

  /**
   * Settles with true as soon as a connection opens by this road, with false when none did in time. Later calls give
   * the first one's outcome.
   * @param timeout milliseconds
   */
  connects(road: Road, timeout = this.cluster.run.timeouts.answer): Promise<boolean> {
    if (this.#base) return this.#base.connects(road, timeout);
    const key = `${authority(road.address)} ${timeout}`;
    const { connect } = this.cluster.run.timeouts;
    const found = this.#connects.get(key) ?? awaitConnect(road, { timeout, connect, signal: this.#signal });
    this.#connects.set(key, found);
    return found;
  }

  /**
   * Where an object of the fixtures is in the cluster.
   * @param name may be left out when the fixtures have one object of that kind
   * @throws Error when there is none, or several and no name tells which
   */
  find(kind: Kind, name?: string): Ref & { namespace: string } {
    const { namespace = this.namespace, ...ref } = refOf(this.object(kind, name));
    return { ...ref, namespace };
  }

  /** As find, with the object as it is applied. */
  object<T extends KubeObject>(kind: Kind, name?: string): T {
    return this.the<T>(kind, ({ metadata }) => name === undefined || metadata.name === name);
  }

  /** The only object of that kind that fits. @throws Error when there is none, or more than one */
  the<T extends KubeObject>(kind: Kind, fits: (object: T) => boolean): T {
    const objects = this.#all<T>(kind);
    const [found, other] = objects.filter(fits);
    if (found && !other) return found;
    if (!found && this.#base) return this.#base.the(kind, fits);
    const names = objects.map(({ metadata }) => metadata.name).join(', ') || 'none';
    throw new Error(`the case asks for one ${kind.kind} of ${kind.apiVersion}; its fixtures have: ${names}`);
  }

  /** Whether the fixtures have an object of that kind. */
  has(kind: Kind): boolean {
    return this.#all(kind).length > 0 || this.#base?.has(kind) === true;
  }

  /** What its namespaces look like to a diagnosis, now. */
  facts(): Promise<Facts> {
    return this.#observation.facts();
  }

  /** What the case stands on as it was last applied, shared fixtures included. @throws ApiError */
  async fixtures(): Promise<Fixtures> {
    const { kube, run, target } = this.cluster;
    const base = await this.#base?.fixtures();
    const own = this.#ownNamespaces.includes(this.namespace)
      ? [{ object: namespaceObject(this.namespace, run.id, this.#suite), file: '', line: 0, lineOf: () => 0 }]
      : [];
    const there = this.#manifests.filter(({ object }) => !this.#deleted.some((ref) => isObject(object, ref)));
    const placed = await forController(there, kube, target.gatewayClass);
    return {
      manifests: [...(base?.manifests ?? []), ...own, ...placed],
      backends: [
        ...(base?.backends ?? []),
        ...this.#backends.map(({ metadata: { name, namespace = '' } }) => ({
          called: this.#called(name, namespace),
          at: `${namespace}/${name}`,
        })),
      ],
      deployments: [...(base?.deployments ?? []), ...this.#all(deploymentKind).map(placeOf)],
    };
  }

  /** Evidence of a failure: what its namespaces look like, written down once for all who ask at a time. */
  evidence(): Promise<Look> {
    return this.#observation.evidence();
  }

  /** Whether the object is of these fixtures, and not of those that they are applied beside. */
  owns(ref: Ref): boolean {
    return this.#manifests.some(({ object }) => isObject(object, ref));
  }

  /**
   * Asks for the end of all its namespaces and of what it has in shared ones, and stops reading logs. Settles when the
   * API server has taken it.
   */
  async remove(): Promise<void> {
    this.#witness?.close();
    const { kube, run } = this.cluster;
    const ending = this.#ownNamespaces;
    const others = this.#manifests.filter(
      ({ object: { metadata } }) => metadata.namespace !== undefined && !ending.includes(metadata.namespace),
    );
    await Promise.all([
      ...ending.map((name) => remove(kube, namespaceObject(name, run.id, this.#suite))),
      ...others.map(({ object }) => kube.delete(refOf(object))),
    ]);
  }

  /** What cases call an object: by its name, with the namespace before it where the fixtures declare that one. */
  readonly #called = (name: string, namespace: string): string => {
    const [declared] = [...this.#given.namespaces].find(([, given]) => given === namespace) ?? [];
    return declared === undefined || namespace === this.namespace ? name : `${declared}/${name}`;
  };

  #all<T extends KubeObject>({ apiVersion, kind }: Kind): T[] {
    return this.#objects.filter((object) => object.kind === kind && object.apiVersion === apiVersion) as T[];
  }

  get #objects(): KubeObject[] {
    return this.#manifests.map(({ object }) => object);
  }

  /** The Deployments that are no gateways. */
  get #backends(): Deployment[] {
    return this.#all<Deployment>(deploymentKind).filter((deployment) => !isInjectedGateway(deployment));
  }
}

const placeOf = ({ metadata: { name, namespace = '' } }: KubeObject) => ({ namespace, name });
