import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { $, retry, which } from 'zx';
import { inCache } from '../../cache.ts';
import { noOwner } from '../../orphans.ts';
import { Problem } from '../../problem.ts';
import { explain } from '../../shell.ts';
import type { Engine } from '../engine.ts';
import { runtimeWithoutSysResource } from './capability.ts';
import { linkIptables, privateEnv } from './environment.ts';
import { rememberMachine } from './machine.ts';
import { unpackEngine } from './packages.ts';
import { paths } from './paths.ts';
import { endRemains } from './remains.ts';
import { weigh } from './weight.ts';

const ways = 'start Docker or Podman, or name a cluster you have: npm test -- --context NAME';

/** The private engine as an Engine, whether it runs or not. */
export const asEngine = (): Engine => ({
  kind: 'private',
  cli: 'docker',
  env: privateEnv(),
  line: `private engine (no Docker or Podman answered), Debian's Docker unpacked in ${paths.root}`,
});

/**
 * The project's own Docker engine: unpacked into the cache, started with its own data root, socket, pid file
 * and log. Settles when it answers; at once when it runs already. It outlives this process.
 * @throws Problem when Debian's packages cannot be fetched or the engine does not start
 */
export async function privateEngine(): Promise<Engine> {
  const engine = asEngine();
  if (await answers()) return engine;
  try {
    await unpackEngine(paths.root);
    await linkIptables();
    await rememberMachine(engine.env);
    await start(engine);
  } catch (error) {
    throw explain('engine', 'start a private container engine', error, ways);
  }
  return engine;
}

/** Whether the private engine's socket answers. */
export async function answers(): Promise<boolean> {
  if (!existsSync(paths.socket)) return false;
  const env = { ...process.env, ...privateEnv() };
  return (await $({ env, nothrow: true, timeout: '5s' })`docker version`).exitCode === 0;
}

/** @throws Problem when this is not Linux, the user is not root, or apt and dpkg are not at hand */
export async function mayStart(): Promise<void> {
  const asked = 'find a container engine for the kind cluster';
  const nothing = 'neither Docker (DOCKER_HOST, its socket) nor Podman answers';
  if (process.platform !== 'linux')
    throw new Problem({
      asked,
      got: nothing,
      cause: 'the project brings its own engine only on Linux',
      next: ways,
    });
  if (process.getuid?.() !== 0)
    throw new Problem({
      asked,
      got: nothing,
      cause: "only root may start the project's own engine",
      next: ways,
    });
  for (const program of ['apt-get', 'dpkg'])
    if (!(await which(program, { nothrow: true })))
      throw new Problem({
        asked,
        got: `${nothing}, and ${program} is not on the PATH`,
        cause: "the project's own engine is unpacked from Debian packages",
        next: ways,
      });
}

async function start(engine: Engine): Promise<void> {
  await mkdir(paths.run, { recursive: true });
  await endRemains();
  await weigh();
  const runtime = await runtimeWithoutSysResource();
  const log = openSync(inCache('logs', 'engine.log'), 'a');
  const daemon = spawn(
    'dockerd',
    [
      ['--host', `unix://${paths.socket}`],
      ['--data-root', paths.data],
      ['--exec-root', `${paths.run}/exec`],
      ['--pidfile', paths.pid],
      ['--bridge', 'none'],
      ['--cgroup-parent', '/ingress-conformance'],
      // with systemd and cgroup v2 the default is its driver, which takes only slices for a parent
      ['--exec-opt', 'native.cgroupdriver=cgroupfs'],
      runtime ? ['--add-runtime', `without-sys-resource=${runtime}`] : [],
      runtime ? ['--default-runtime', 'without-sys-resource'] : [],
    ].flat(),
    // it outlives this process and the checkout
    {
      cwd: '/',
      env: { ...process.env, ...engine.env, ...noOwner },
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  daemon.unref();
  const ended = new Promise<never>((_, reject) => {
    daemon.once('error', reject);
    daemon.once('exit', async (code) => {
      const words = (await readFile(paths.log, 'utf8')).trim().split('\n').slice(-3).join('\n');
      reject(new Error(`dockerd ended with ${code}:\n${words}`));
    });
  });
  await Promise.race([
    ended,
    retry(150, '200ms', async () => {
      if (!(await answers())) throw new Error('dockerd does not answer on its socket');
    }),
  ]);
  daemon.removeAllListeners();
}
