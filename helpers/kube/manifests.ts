import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { type Document, isMap, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import { Problem } from '../../cluster/problem.ts';
import type { KubeObject } from './objects.ts';

/** A field: `['spec', 'listeners', 0, 'port']`. */
type Path = (string | number)[];

/** An object and where it was written, for messages. */
export interface Manifest {
  object: KubeObject;
  /** Path from the project's root. */
  file: string;
  /** Line of the object's first field, from 1. */
  line: number;
  /** Line of a field; of its nearest parent that is written down, when the field is not. */
  lineOf: (path: Path) => number;
}

const root = new URL('../../', import.meta.url).pathname;

/**
 * Reads a file of manifests, as `kubectl apply -f` would.
 * @returns its objects in the file's order
 * @throws Problem with file and line for a syntax error or an object without apiVersion, kind or name; when the
 * file is not there or holds no object
 */
export async function readManifests(path: string): Promise<Manifest[]> {
  const file = relative(root, path);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Problem({
      asked: `read the fixture ${file}`,
      got: (error as Error).message,
      cause: 'a case names a fixture that is not under fixtures/',
      next: `ls ${file.replace(/[^/]*$/, '')}`,
    });
  }
  const manifests = parseManifests(text, file);
  if (manifests.length === 0) {
    throw new Problem({
      asked: `read the fixture ${file}`,
      got: 'it holds no object',
      cause: 'the file is empty or all of it is commented out',
      next: 'write the manifests into it, or take it out of the case',
    });
  }
  return manifests;
}

/** As readManifests, from a text; `file` is what messages call it. */
export function parseManifests(text: string, file: string): Manifest[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: true });
  if (!Array.isArray(documents)) return [];
  const manifests: Manifest[] = [];
  for (const document of documents) {
    const [error] = document.errors;
    if (error) {
      throw badFixture(file, error.linePos?.[0].line ?? 1, error.message);
    }
    const object = document.toJS() as KubeObject | null;
    // a document of comments only, as kubectl, is none
    if (object === null) continue;
    const lineAt = (node: unknown): number | undefined => {
      const range = (node as { range?: [number, number, number] } | null | undefined)?.range;
      return range && lines.linePos(range[0]).line;
    };
    const line = lineAt(document.contents) ?? 1;
    const lineOf = (path: Path): number => {
      for (let depth = path.length; depth > 0; depth -= 1) {
        const found = lineAt(nodeAt(document, path.slice(0, depth)));
        if (found !== undefined) return found;
      }
      return line;
    };
    const absent = ['apiVersion', 'kind'].find((field) => typeof object[field] !== 'string');
    if (absent) throw badFixture(file, line, `the object has no ${absent}`);
    if (typeof object.metadata?.name !== 'string') {
      throw badFixture(file, line, `the ${object.kind} has no metadata.name`);
    }
    manifests.push({ object, file, line, lineOf });
  }
  return manifests;
}

/** Where a field is written: its key, or the item of a list. */
function nodeAt(document: Document.Parsed, path: Path): unknown {
  const last = path.at(-1);
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return document.getIn(path, true);
  return parent.items.find(({ key }) => isScalar(key) && key.value === last)?.key;
}

function badFixture(file: string, line: number, got: string): Problem {
  return new Problem({
    asked: `read the fixture ${file}:${line}`,
    got,
    cause: `line ${line} of ${file} is not what kubectl apply -f could take`,
    next: `mend it, then: kubectl apply --dry-run=client -f ${file}`,
  });
}
