import type { Case } from './case.ts';
import { Gateway, HTTPRoute } from './gateway/handles.ts';
import type { Ref } from './kube/objects.ts';
import type { Setup } from './setup/setup.ts';

/** What a case stands on, by the names that its fixtures give. */
export class Scene {
  readonly of: Case;
  readonly setup: Setup;

  constructor(of: Case, setup: Setup) {
    this.of = of;
    this.setup = setup;
  }

  /** @param name may be left out where the fixtures have one Gateway */
  gateway(name?: string): Gateway {
    return new Gateway(this.of, this.setup, name);
  }

  /** @param name may be left out where the fixtures have one HTTPRoute */
  route(name?: string): HTTPRoute {
    return new HTTPRoute(this.of, this.setup, name);
  }

  /** Deletes an object of the fixtures; settles when the API server has taken it. */
  async delete({ ref }: { ref: Ref }): Promise<void> {
    await this.setup.cluster.kube.delete(ref);
  }
}
