import { once } from 'node:events';
import { node } from '../kind/kind.ts';
import { shell } from '../shell.ts';
import type { Disturb } from './disturbance.ts';

const share = 0.01;

/** Loses one packet in a hundred of those that come to the node from outside: requests, and answers to its own. */
export const loss: Disturb = async ({ engine }, signal, done) => {
  const $ = shell('soak', engine.env);
  const rule = `PREROUTING -t mangle -i eth0 -m statistic --mode random --probability ${share} -j DROP`.split(
    ' ',
  );
  await $`${engine.cli} exec ${node} iptables -A ${rule}`;
  done(`loses ${100 * share} % of the packets to the node`);
  try {
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await $`${engine.cli} exec ${node} iptables -D ${rule}`;
  }
};
