import type { Link } from 'allure-js-commons';
import type { CaseResult, Dialect, Run } from '../run.ts';
import data from './sections.json' with { type: 'json' };

/**
 * Where things are written: `pages` by what they specify, and in them the sections of what a feature is, and of what a
 * behaviour is, by the beginning of its cases' ids; the longest counts. A section is `page#anchor`, or the name of a type
 * of Gateway API.
 */
const { pages, features, behaviours }: Sections = data;

interface Sections {
  pages: Record<string, string>;
  features: Record<string, string>;
  behaviours: Record<string, string[] | Partial<Record<Dialect, string[]>>>;
}

/**
 * Where it is written what a case has to show: the sections of the specification, the official cases of the release that
 * the target's CRDs are of, and for a known failure what is known of it.
 */
export function linksOf(one: CaseResult, { target }: Run): Link[] {
  const { official, known } = one;
  const { version } = target.versions.gatewayApi;
  return [
    ...sectionsOf(one).map(linkTo),
    ...(official === undefined
      ? []
      : [
          {
            name: `Official case: ${official}`,
            url: `https://github.com/kubernetes-sigs/gateway-api/tree/${version}/conformance/tests`,
          },
        ]),
    ...(known ? [{ name: known.reason, url: known.link, type: 'issue' }] : []),
  ];
}

/** The sections of the specification that a case is about, the nearest first. */
export function sectionsOf({
  id,
  dialect = 'gateway-api',
  features: needed,
}: Pick<CaseResult, 'id' | 'dialect' | 'features'>): string[] {
  const [longest] = Object.keys(behaviours)
    .filter((start) => id.startsWith(start))
    .toSorted((a, b) => b.length - a.length);
  const found = longest === undefined ? [] : (behaviours[longest] ?? []);
  const ofBehaviour = Array.isArray(found) ? found : (found[dialect] ?? []);
  const ofFeatures = needed.flatMap((feature) => features[feature] ?? []);
  return [...new Set([...ofBehaviour, ...ofFeatures])];
}

function linkTo(section: string): Link {
  const [page = '', anchor] = section.split('#');
  if (anchor !== undefined)
    return { name: `Specification: ${page}, ${anchor}`, url: `${pages[page]}#${anchor}` };
  return { name: `Specification: ${page}`, url: `${pages['Gateway API']}#${page.toLowerCase()}` };
}
