import { join } from 'node:path';
import { binaries, buildGo } from '../build/go.ts';
import { node } from '../kind/kind.ts';
import { shell } from '../shell.ts';
import type { Disturb } from './disturbance.ts';
import { whileRule } from './rule.ts';

const milliseconds = 50;
const queue = 50;

/**
 * Lets every packet come later. The kernel's own way, netem, is not in every kernel, its queues to programs are; where the
 * program is gone, packets pass by it.
 * @see https://www.netfilter.org/projects/libnetfilter_queue/
 */
export const latency: Disturb = async (disturbed, signal, done) => {
  await buildGo('latency', () => {});
  const { cli, env } = disturbed.engine;
  const $ = shell('soak', env);
  await $`${cli} cp ${join(binaries('latency'), 'latency')} ${node}:/usr/local/bin/latency`;
  await $`${cli} exec --detach ${node} latency -queue ${queue} -delay ${milliseconds}ms`;
  done(`holds packets to the node for ${milliseconds} ms`);
  try {
    await whileRule(disturbed, `-j NFQUEUE --queue-num ${queue} --queue-bypass`, signal);
  } finally {
    await $`${cli} exec ${node} pkill -x latency`;
  }
};
