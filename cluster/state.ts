import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { inCache } from './cache.ts';
import type { ImageSource } from './target.ts';

/** What the last bring-up of the managed cluster left to remember. */
export interface ClusterState {
  imageSource: ImageSource;
  /** When the node that was set up last had started. */
  nodeStartedAt?: string | undefined;
  /** What the node was made with. */
  node?: string;
  /** What Istio was installed with. */
  istio?: string;
  /** Milliseconds each step took when it last had work to do. */
  steps: Record<string, number>;
}

const file = () => inCache('state.json');

/** The remembered state; that of a cluster that never was, when there is none. */
export function readState(): ClusterState {
  if (!existsSync(file())) return { imageSource: 'unknown', steps: {} };
  return JSON.parse(readFileSync(file(), 'utf8'));
}

/** Remembers a part of the state, keeping the rest. In one go, as steps end side by side. */
export function remember(part: Partial<ClusterState>): void {
  const state = readState();
  const steps = { ...state.steps, ...part.steps };
  writeFileSync(`${file()}.new`, JSON.stringify({ ...state, ...part, steps }, null, 2));
  renameSync(`${file()}.new`, file());
}
