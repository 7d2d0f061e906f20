import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Run } from '../run.ts';
import { complaints } from '../write.ts';

/** What a history file holds. */
export interface History {
  /** Each run once, the oldest first. */
  runs: Run[];
  /** Lines that hold no run, as sentences: cut short by a crash, or of a format that is not known. */
  lost: string[];
}

const newline = 0x0a;

/**
 * Makes sure that a run can be appended, before it is made.
 * @throws whatever the file system refuses with
 */
export function openHistory(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  closeSync(openSync(file, 'a'));
}

/**
 * Appends the run, as one line, and makes sure that it is on the disk. The file is only ever appended to: what a
 * crash can spoil is the line that is being written. Synchronous, so that a process that must end can still do it.
 * @throws whatever the file system refuses with
 */
export function remember(run: Run, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const handle = openSync(file, 'a+');
  try {
    const line = `${isWhole(handle) ? '' : '\n'}${JSON.stringify(run)}\n`;
    writeAll(handle, Buffer.from(line));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Reads a history; one that is not there is empty.
 * @throws whatever else the file system refuses with
 */
export function readHistory(file: string): History {
  const records = new Map<string, Run>();
  const lost: string[] = [];
  for (const [at, line] of linesOf(file).entries()) {
    if (line.length === 0) continue;
    const run = runOf(line);
    if (typeof run === 'string') lost.push(`line ${at + 1} of ${file}: ${run}`);
    else records.set(run.id, better(records.get(run.id), run));
  }
  return { runs: [...records.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)), lost };
}

/**
 * Appends to a history what other ones have and it has not. In whatever order histories are merged, and however
 * often, they come to hold the same runs.
 * @returns how many runs were added, and the lines of the others that hold none
 */
export function mergeHistories(into: string, others: string[]): { added: number; lost: string[] } {
  const own = new Map(readHistory(into).runs.map((run) => [run.id, run]));
  let added = 0;
  const lost: string[] = [];
  for (const other of others) {
    const { runs, lost: unread } = readHistory(other);
    lost.push(...unread);
    for (const run of runs) {
      const known = own.get(run.id);
      if (known && better(known, run) === known) continue;
      remember(run, into);
      own.set(run.id, run);
      added++;
    }
  }
  return { added, lost };
}

/** Of two records of one run the one that has more verdicts; between equals any, but always the same. */
function better(a: Run | undefined, b: Run): Run {
  if (!a) return b;
  const more = b.sums.notRun - a.sums.notRun;
  if (more !== 0) return more < 0 ? b : a;
  return JSON.stringify(b) > JSON.stringify(a) ? b : a;
}

/** @returns why there is none, where there is none */
function runOf(line: Buffer): Run | string {
  let value: unknown;
  try {
    value = JSON.parse(line.toString());
  } catch {
    return 'it is cut short, or was never a run';
  }
  const [wrong] = complaints(value);
  return wrong === undefined ? (value as Run) : `it is no run of format 1: ${wrong}`;
}

/** No byte of a character of several bytes is a line feed: a character that was cut spoils no other line. */
function linesOf(file: string): Buffer[] {
  const text = contentsOf(file);
  const lines: Buffer[] = [];
  for (let from = 0; from < text.length; ) {
    const found = text.indexOf(newline, from);
    const to = found === -1 ? text.length : found;
    lines.push(text.subarray(from, to));
    from = to + 1;
  }
  return lines;
}

function contentsOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** Whether the last line has its end. */
function isWhole(handle: number): boolean {
  const { size } = fstatSync(handle);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(handle, last, 0, 1, size - 1) === 1 && last[0] === newline);
}

function writeAll(handle: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
}
