import { node } from '../kind/kind.ts';
import { shell } from '../shell.ts';
import { again } from './again.ts';
import type { Disturb } from './disturbance.ts';

/** Ends the API server without notice; the kubelet starts it anew, after a pause that grows. */
export const apiServer: Disturb = ({ engine, random }, signal, done) =>
  again({ mean: 40_000, random, signal }, async () => {
    await shell('soak', engine.env)({ nothrow: true })`${engine.cli} exec ${node} pkill -9 kube-apiserver`;
    done('killed the API server');
  });
