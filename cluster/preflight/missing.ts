import { Problem } from '../problem.ts';

/** What provisioning can bring into a cluster. */
export type Part = 'gateway-api' | 'istio';

/** The cluster lacks a part that `--provision` installs. */
export class Missing extends Problem {
  readonly part: Part;

  constructor(part: Part, words: ConstructorParameters<typeof Problem>[0]) {
    super(words);
    this.part = part;
  }
}
