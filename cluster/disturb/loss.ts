import type { Disturb } from './disturbance.ts';
import { whileRule } from './rule.ts';

const share = 0.01;

/** Loses one packet in a hundred. */
export const loss: Disturb = async (disturbed, signal, done) => {
  done(`loses ${100 * share} % of the packets to the node`);
  await whileRule(disturbed, `-m statistic --mode random --probability ${share} -j DROP`, signal);
};
