import { distance } from 'fastest-levenshtein';
import { Problem } from '../problem.ts';
import type { Implementation, Target } from '../target.ts';
import { coreFeatures, featureNames, featuresOf, withOtherNames } from './names.ts';

/** What the command line says of the implementation's features. */
export interface FeatureOptions {
  /** These and the core ones; undefined: as the cluster tells. */
  features?: string[] | undefined;
  allFeatures: boolean;
  exempt: string[];
}

/**
 * Reads names of features, with commas between them.
 * @param option that they were given by, for messages
 * @throws Problem for one that is not in Gateway API's feature list, with those that are nearest to it
 */
export function parseFeatures(option: string, text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  for (const name of names) {
    if (withOtherNames([name]).some((each) => featureNames.includes(each))) continue;
    throw new Problem({
      asked: `read ${option} ${text}`,
      got: `Gateway API has no feature "${name}"`,
      cause: 'the name is mistyped, or it is of a release that this suite does not know yet',
      next: `use one of the nearest: ${nearest(name).join(', ')}; all are in docs/cases.md`,
    });
  }
  return names;
}

/** What is known of the features when the command line has had its say. */
export function chosenFeatures(
  found: Target['features'],
  { features, allFeatures, exempt }: FeatureOptions,
): Target['features'] {
  const named = allFeatures
    ? { supported: [...featuresOf('v1.6'), ...featuresOf('v1.7')], source: '--all-features' }
    : features && { supported: [...coreFeatures, ...features], source: '--features' };
  const { supported, source } = named ?? found;
  const without = withOtherNames(exempt);
  return {
    ...found,
    supported: withOtherNames(supported).filter((name) => !without.includes(name)),
    source: exempt.length === 0 ? source : `${source}, less --exempt`,
  };
}

const texts = ['organization', 'project', 'url', 'version', 'mode'] as const;

/**
 * Reads `organization=acme,project=gateway,url=https://acme.example,version=v1.2.3,contact=@acme/maintainers`.
 * @throws Problem for an unknown field, one without a value, one that is given twice (but for contact), or a url that
 * is none
 */
export function parseImplementation(text: string): Implementation {
  const about: Implementation = {};
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(entry) ?? [];
    const field = texts.find((each) => each === name);
    if (field && about[field] === undefined) about[field] = value;
    else if (name === 'contact') about.contact = [...(about.contact ?? []), value];
    else throw unreadable(text, field ? `"${field}" twice` : `"${entry}"`);
  }
  if (about.url !== undefined && !isWebAddress(about.url)) throw unreadable(text, `the url "${about.url}"`);
  return about;
}

function unreadable(text: string, got: string): Problem {
  return new Problem({
    asked: `read --implementation ${text}`,
    got,
    cause: `an entry is FIELD=VALUE, with the fields ${texts.join(', ')} and, as often as needed, contact; the url begins with http:// or https://`,
    next: 'npm test -- --help',
  });
}

const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** Up to three names: those that hold the text, else those that take the fewest changes to it. */
function nearest(text: string): string[] {
  const wanted = text.toLowerCase();
  const changes = (name: string): number => distance(name.toLowerCase(), wanted);
  const holding = featureNames.filter((name) => name.toLowerCase().includes(wanted));
  return (holding.length > 0 ? holding : featureNames)
    .toSorted((a, b) => changes(a) - changes(b))
    .slice(0, 3);
}
