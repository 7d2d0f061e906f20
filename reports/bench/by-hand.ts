import type { Taken } from './figures.ts';

/**
 * What the output of commands/by-hand.sh tells: its verdicts, how much it asked, and what bash's `times` says of itself
 * and of all that it ran.
 * @throws Error for an output that ends before all of that
 */
export function readByHand(
  output: string,
): Pick<Required<Taken>, 'cases' | 'failed' | 'requests' | 'apiCalls' | 'cpu'> {
  const numberAfter = (word: string): number => {
    const [, digits] = new RegExp(`^${word} (\\d+)$`, 'm').exec(output) ?? [];
    if (digits === undefined) throw new Error(`the script did not say how many ${word}:\n${output}`);
    return Number(digits);
  };
  const times = [...output.matchAll(/(\d+)m(\d+\.\d+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  if (times.length !== 4) throw new Error(`the script did not say its times:\n${output}`);
  return {
    cases: output.match(/^✓/gm)?.length ?? 0,
    failed: output.match(/^✗/gm)?.length ?? 0,
    requests: numberAfter('requests'),
    apiCalls: numberAfter('api-calls'),
    cpu: times.reduce((sum, each) => sum + each, 0),
  };
}
