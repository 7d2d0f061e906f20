import type { Target } from '../cluster/target.ts';
import type { CaseFacts } from '../reports/run.ts';
import type { RunContext } from './context.ts';

/**
 * Why a case does not apply to this target, or is not asked for.
 * @param called the case's id and the file that it is in
 * @returns undefined for a case that is to run
 */
export function whyNot(
  { features, provisional, official }: CaseFacts,
  called: { id: string; file: string },
  { supported, source, untestable }: Target['features'],
  skips: RunContext['skips'],
): string | undefined {
  const roomless = features.filter((feature) => untestable.includes(feature));
  if (roomless.length > 0)
    return `the installed Gateway API CRDs have no room for what it needs: ${roomless.join(', ')}`;
  const named = skips.named.some((filter) => isNameOf({ ...called, official }, filter));
  const lacking = features.filter((feature) => !supported.includes(feature));
  if (lacking.length > 0 && (skips.unsupported === 'always' || !named))
    return `the implementation is not known to have ${lacking.join(', ')} (${source})`;
  if (provisional && skips.provisional && !named)
    return "provisional in Gateway API's own suite: it runs by its name, or with --provisional";
  return undefined;
}

/** Whether a filter is the whole official name of a case, its id, or its suite file with or without the folders. */
function isNameOf(
  { id, file, official }: { id: string; file: string; official: string | undefined },
  filter: string,
): boolean {
  const stem = file.replace(/^.*\//, '').replace(/\.test\.ts$/, '');
  return [official, id, file, stem].some((name) => name?.toLowerCase() === filter.toLowerCase());
}
