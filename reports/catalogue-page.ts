import { basename } from 'node:path';
import areas from '../cluster/features/features.json' with { type: 'json' };
import { featureNames, withOtherNames } from '../cluster/features/names.ts';
import type { CatalogueCase } from './catalogue.ts';
import { officialCases } from './conformance/official.ts';

const newest = 'v1.7';

/** Every case that there is, and every official one, as Markdown for docs/cases.md. */
export function cataloguePage(cases: CatalogueCase[]): string {
  const files = Map.groupBy(cases, ({ file }) => file);
  const official = officialCases(newest);
  const mirrors = Map.groupBy(cases, ({ official: name }) => name);
  const mirrored = official.filter(({ name }) => mirrors.has(name)).length;
  return [
    '# Cases',
    '',
    'Made by `npm run catalogue` from the suites; `npm test -- --list` prints the cases with their ids.',
    '',
    `- ${cases.length} cases in ${files.size} files`,
    `- ${mirrored} of the ${official.length} official cases for gateways of Gateway API ${newest} are mirrored`,
    '',
    '## Official cases',
    '',
    `By their short names in Gateway API's own suite. Those without a mark are in v1.6 and ${newest}.`,
    '',
    '| official case | features | cases here |',
    '|---|---|---|',
    ...official.map(({ name, features, only, provisional }) => {
      const marks = [...(only ? [`new in ${only}`] : []), ...(provisional ? ['provisional'] : [])];
      const called = [name, ...(marks.length > 0 ? [`(${marks.join(', ')})`] : [])].join(' ');
      return `| ${called} | ${features.join(', ')} | ${whereabouts(mirrors.get(name))} |`;
    }),
    '',
    '## Features',
    '',
    '`--features` and `--exempt` take these names.',
    '',
    ...Object.entries(areas.areas).map(([kind, names]) => `- ${kind}: ${names.join(', ')}`),
    '',
    ...[...files].flatMap(([file, own]) => section(file, own)),
  ].join('\n');
}

function section(file: string, cases: CatalogueCase[]): string[] {
  const needs = new Set(
    cases.map(({ official, provisional, features }) =>
      [
        ...(official === undefined ? [] : [`mirrors ${official}`]),
        ...(provisional ? ['provisional'] : []),
        features.length === 0 ? 'needs no feature' : `needs ${features.join(', ')}`,
      ].join('; '),
    ),
  );
  return [
    `## ${file.replace(/^suites\//, '').replace(/\.test\.ts$/, '')}`,
    '',
    `[${basename(file)}](../${file}): ${[...needs].join('. Others: ')}`,
    '',
    ...cases.map(({ title }) => `- ${code(title)}`),
    '',
  ];
}

function whereabouts(cases: CatalogueCase[] = []): string {
  const files = Map.groupBy(cases, ({ file }) => file);
  if (files.size === 0) return 'none yet';
  return [...files]
    .map(([file, { length }]) => `${length} in [${basename(file, '.test.ts')}](../${file})`)
    .join(', ');
}

const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

/**
 * What cannot be right in what suite files declare: an official case that does not exist, one without all of its
 * features, or of the wrong group, and a feature that Gateway API does not name. Each once for a file.
 */
export function misdeclared(cases: CatalogueCase[]): string[] {
  const official = new Map(officialCases(newest).map((one) => [one.name, one]));
  const lines = cases.flatMap(({ file, official: name, features, provisional }) => {
    const mirrored = name === undefined ? undefined : official.get(name);
    const declared = withOtherNames(features);
    const lacking = mirrored?.features.filter((each) => !declared.includes(each)) ?? [];
    const unknown = features.filter((each) => !featureNames.includes(each));
    return [
      ...(name !== undefined && !mirrored ? [`${file}: there is no official case "${name}"`] : []),
      ...(lacking.length > 0 ? [`${file}: ${name} needs ${lacking.join(', ')} as well`] : []),
      ...(mirrored && mirrored.provisional !== provisional
        ? [`${file}: ${name} is ${provisional ? 'no' : 'a'} provisional case`]
        : []),
      ...(unknown.length > 0 ? [`${file}: Gateway API has no feature ${unknown.join(', ')}`] : []),
    ];
  });
  return [...new Set(lines)];
}
