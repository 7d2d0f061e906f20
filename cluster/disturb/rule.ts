import { once } from 'node:events';
import { node } from '../kind/kind.ts';
import { shell } from '../shell.ts';
import type { Disturbed } from './disturbance.ts';

/**
 * Has a rule for packets that come to the node from outside, requests and answers to its own, until it is aborted.
 * @param rule what iptables is told of them
 */
export async function whileRule(
  { engine }: Pick<Disturbed, 'engine'>,
  rule: string,
  signal: AbortSignal,
): Promise<void> {
  const $ = shell('soak', engine.env);
  const words = `PREROUTING -t mangle -i eth0 ${rule}`.split(' ');
  await $`${engine.cli} exec ${node} iptables -A ${words}`;
  try {
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await $`${engine.cli} exec ${node} iptables -D ${words}`;
  }
}
