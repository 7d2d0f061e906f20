import { fileURLToPath } from 'node:url';
import { Option } from 'commander';

/** Where runs are kept for later ones to be compared with: beside the folder that every run empties. */
const file = fileURLToPath(new URL('../reports/history.jsonl', import.meta.url));

const variable = 'CONFORMANCE_HISTORY';

export function historyOption(): Option {
  // an empty variable is one that is not set
  if (process.env[variable] === '') delete process.env[variable];
  return new Option('--history <file>', 'that every run is appended to')
    .env(variable)
    .default(file, 'reports/history.jsonl');
}
