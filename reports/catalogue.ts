import type { TestModule, TestSuite } from 'vitest/node';
import type { CaseFacts } from './run.ts';

/** A case as it is known before it runs. */
export interface CatalogueCase extends Partial<CaseFacts> {
  /** Stable: area/file/test, kebab-case. */
  id: string;
  title: string;
  /** Suite file, from the project's root. */
  file: string;
  features: string[];
}

/** The cases of a loaded suite file by the id of their vitest task, in the file's order. */
export function casesOf(module: TestModule): Map<string, CatalogueCase> {
  const file = module.relativeModuleId;
  const cases = new Map<string, CatalogueCase>();
  for (const test of module.children.allTests()) {
    const titles = [test.name];
    for (let parent: TestSuite | TestModule = test.parent; parent.type === 'suite'; parent = parent.parent) {
      titles.unshift(parent.name);
    }
    const { official, dialect, scenario, provisional, features = [], needs } = test.meta().conformance ?? {};
    cases.set(test.id, {
      id: caseId(file, titles),
      title: titles.join(' › '),
      file,
      ...(official === undefined ? {} : { official }),
      ...(dialect === undefined ? {} : { dialect }),
      ...(scenario === undefined ? {} : { scenario }),
      ...(provisional === undefined ? {} : { provisional }),
      features,
      ...(needs === undefined ? {} : { needs }),
    });
  }
  return cases;
}

/** Stands for a suite file of which nothing is known but its name. */
export function wholeFile(module: TestModule): CatalogueCase {
  const file = module.relativeModuleId;
  return { id: fileId(file), title: 'all cases of the file', file, features: [] };
}

/**
 * `suites/ingress-gateways/any-host.test.ts`, `answers any host` → `ingress-gateways/any-host/answers-any-host`.
 * @param titles of the groups around the case and of the case itself; a group that only repeats the file's name
 * adds nothing
 */
export function caseId(file: string, titles: string[]): string {
  const id = fileId(file);
  const [group = '', ...inner] = titles;
  const telling = inner.length > 0 && `/${id}`.endsWith(`/${kebab(group)}`) ? inner : titles;
  return `${id}/${kebab(telling.join(' '))}`;
}

function fileId(file: string): string {
  const stem = file.replace(/^suites\//, '').replace(/\.test\.ts$/, '');
  return stem.split('/').map(kebab).join('/');
}

function kebab(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? ['untitled'];
  return words.join('-');
}

/**
 * Whether one of the filters is a part of the case's title, id, file or official name; upper and lower case are one.
 * No filters select every case.
 */
export function isSelected({ id, title, file, official = '' }: CatalogueCase, filters: string[]): boolean {
  const names = [id, title, file, official].map((name) => name.toLowerCase());
  return (
    filters.length === 0 ||
    filters.some((filter) => names.some((name) => name.includes(filter.toLowerCase())))
  );
}
