import type { Target } from '../cluster/target.ts';
import type { CaseFacts } from '../reports/run.ts';
import type { RunContext } from './context.ts';

/**
 * Why a case does not apply to this target, or is not asked for.
 * @returns undefined for a case that is to run
 */
export function whyNot(
  { features, provisional }: CaseFacts,
  { supported, source, untestable }: Target['features'],
  skips: RunContext['skips'],
): string | undefined {
  const roomless = features.filter((feature) => untestable.includes(feature));
  if (roomless.length > 0)
    return `the installed Gateway API CRDs have no room for what it needs: ${roomless.join(', ')}`;
  const lacking = features.filter((feature) => !supported.includes(feature));
  if (skips.unsupported && lacking.length > 0)
    return `the implementation is not known to have ${lacking.join(', ')} (${source})`;
  if (skips.provisional && provisional)
    return "provisional in Gateway API's own suite: it runs by its name, or with --provisional";
  return undefined;
}
