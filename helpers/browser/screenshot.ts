import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { attachment, ContentType } from 'allure-js-commons';
import { outputs } from '../../reports/outputs.ts';
import type { Case } from '../case.ts';

/**
 * Keeps a picture of what a case saw: in the run's folder, and with the case in Allure's report. When the case fails
 * it is among its evidence.
 * @param out the run's folder
 * @returns the file, relative to that folder
 */
export async function keepScreenshot(of: Case, out: string, png: Buffer): Promise<string> {
  const earlier = of.exhibits.length;
  const file = join(outputs.screenshots, `${of.id}${earlier === 0 ? '' : `-${earlier + 1}`}.png`);
  await mkdir(dirname(join(out, file)), { recursive: true });
  await writeFile(join(out, file), png);
  await attachment('screenshot', png, ContentType.PNG);
  of.exhibits.push(file);
  return file;
}
