import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { masked } from '../../reports/secrets.ts';

/** A file of the evidence. */
export interface File {
  name: string;
  text: string;
  /** Of one that is too long the end is kept; else the beginning. */
  isLog?: true;
  /** May be started. */
  isScript?: true;
}

/** Bytes. */
export const mostOfFile = 512 * 1_024;
/** Bytes of all files of one look. */
export const mostOfLook = 4 * 1_024 * 1_024;

/**
 * Writes files that are not empty, without what lets somebody in, each cut at 512 KiB and all together at 4 MiB: what
 * comes last in the list is left out first, and `left-out.txt` names it.
 * @param folder absolute; made when it is not there
 * @returns their names
 */
export async function writeFiles(folder: string, files: File[]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  const leftOut: string[] = [];
  let room = mostOfLook;
  for (const { name, text, isLog, isScript } of files) {
    if (text === '') continue;
    const bytes = cut(Buffer.from(masked(text)), isLog);
    if (bytes.length > room) {
      leftOut.push(name);
      continue;
    }
    room -= bytes.length;
    await writeFile(join(folder, name), bytes, isScript && { mode: 0o755 });
    written.push(name);
  }
  if (leftOut.length === 0) return written;
  const note = `There is no room for these in ${mostOfLook} bytes:\n${leftOut.join('\n')}\n`;
  await writeFile(join(folder, 'left-out.txt'), note.slice(0, mostOfFile));
  return [...written, 'left-out.txt'];
}

function cut(bytes: Buffer, isLog = false): Buffer {
  if (bytes.length <= mostOfFile) return bytes;
  const note = Buffer.from(
    isLog ? `[the end of ${bytes.length} bytes]\n` : `\n[the beginning of ${bytes.length} bytes]\n`,
  );
  const room = mostOfFile - note.length;
  return isLog
    ? Buffer.concat([note, bytes.subarray(bytes.length - room)])
    : Buffer.concat([bytes.subarray(0, room), note]);
}
