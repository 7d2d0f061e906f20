import { node } from '../kind/kind.ts';
import { shell } from '../shell.ts';
import { again } from './again.ts';
import type { Disturb } from './disturbance.ts';

/**
 * Ends the API server without notice. The kubelet starts it anew, each time after a longer pause: where it ends more often
 * than every two minutes a run finds it gone for most of the time, and judges nothing.
 */
export const apiServer: Disturb = ({ engine, random }, signal, done) =>
  again({ mean: 120_000, random, signal }, async () => {
    await shell('soak', engine.env)({ nothrow: true })`${engine.cli} exec ${node} pkill -9 kube-apiserver`;
    done('killed the API server');
  });
