import { fileURLToPath } from 'node:url';
import { Option } from 'commander';

/** Where runs are kept for later ones to be compared with: beside the folder that every run empties. */
const file = fileURLToPath(new URL('../reports/history.jsonl', import.meta.url));

export const historyOption = (): Option =>
  new Option('--history <file>', 'that every run is appended to')
    .env('CONFORMANCE_HISTORY')
    .default(file, 'reports/history.jsonl');
