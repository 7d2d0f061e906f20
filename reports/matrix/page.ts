import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import type { Run } from '../run.ts';
import { withoutSecrets } from '../secrets.ts';
import { matrixView } from './view.ts';

const part = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');

/**
 * Cases by runs, as one page that needs nothing from elsewhere and no server: it can be mailed.
 * @param runs each once, in the order of the columns
 */
export function matrixPage(runs: Run[]): string {
  const render = Handlebars.compile(part('page.hbs'), { strict: true });
  return render({
    ...withoutSecrets(matrixView(runs)),
    style: part('page.css'),
    script: part('page.js'),
  });
}
