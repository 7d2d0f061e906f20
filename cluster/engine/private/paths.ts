import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cacheDir } from '../../cache.ts';

/** Sockets have short paths, and what lives under /run is gone after a reboot, as the engine is. */
const run = join(
  '/run',
  `ingress-conformance-${createHash('sha256').update(cacheDir).digest('hex').slice(0, 8)}`,
);

export const paths = {
  packages: join(cacheDir, 'engine', 'packages'),
  root: join(cacheDir, 'engine', 'root'),
  bin: join(cacheDir, 'engine', 'bin'),
  data: join(cacheDir, 'engine', 'data'),
  log: join(cacheDir, 'logs', 'engine.log'),
  /** What the machine's firewall and forwarding were before the engine started. */
  before: join(cacheDir, 'engine', 'before.json'),
  run,
  socket: join(run, 'docker.sock'),
  pid: join(run, 'docker.pid'),
};
