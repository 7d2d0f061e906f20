import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { $, which } from 'zx';
import { Problem } from '../problem.ts';
import { type Engine, kindEnv } from './engine.ts';
import { answers, asEngine, mayStart, privateEngine } from './private/start.ts';

/**
 * The engine to use: Docker where DOCKER_HOST or its socket answers, else Podman, else the private engine.
 * @throws Problem when a socket refuses this user, or when no engine can be had; it is thrown at once, before the
 * private engine is unpacked or started
 * @returns how to start it: at once for an engine that answers, within a minute for a private one to unpack
 */
export async function findEngine(): Promise<() => Promise<Engine>> {
  const found = await answeringEngine();
  if (found) return async () => found;
  await mayStart();
  return privateEngine;
}

/** The engine that answers now; starts nothing. */
export async function answeringEngine(): Promise<Engine | undefined> {
  return (await docker()) ?? (await podman()) ?? ((await answers()) ? asEngine() : undefined);
}

async function docker(): Promise<Engine | undefined> {
  const host = process.env.DOCKER_HOST;
  const socket = (host ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '');
  if (!host && !(await exists(socket))) return undefined;
  if (!(await which('docker', { nothrow: true }))) {
    if (!host) return undefined;
    throw new Problem({
      asked: `use the Docker engine at ${host}`,
      got: 'no docker client on the PATH',
      cause: 'kind drives Docker through its client',
      next: 'install the docker client, or unset DOCKER_HOST',
    });
  }
  const answer = await $({ nothrow: true, timeout: '5s' })`docker version --format {{.Server.Version}}`;
  if (answer.exitCode === 0) {
    return {
      kind: 'docker',
      cli: 'docker',
      env: kindEnv,
      line: `Docker ${answer.stdout.trim()} at ${host ?? socket}`,
    };
  }
  if (/permission denied/i.test(answer.stderr)) {
    throw new Problem({
      asked: `use the Docker engine at ${socket}`,
      got: answer.stderr.trim(),
      cause: "this user may not open the engine's socket",
      next: 'sudo usermod -aG docker "$USER" and log in again, or run as root',
    });
  }
  if (host) {
    throw new Problem({
      asked: `use the Docker engine at DOCKER_HOST=${host}`,
      got: answer.stderr.trim() || 'no answer within 5 s',
      cause: 'no engine listens there',
      next: 'start it, or unset DOCKER_HOST to let another engine be found',
    });
  }
  return undefined;
}

async function podman(): Promise<Engine | undefined> {
  if (!(await which('podman', { nothrow: true }))) return undefined;
  const answer = await $({ nothrow: true, timeout: '10s' })`podman info --format {{.Version.Version}}`;
  if (answer.exitCode !== 0) return undefined;
  return {
    kind: 'podman',
    cli: 'podman',
    env: { ...kindEnv, KIND_EXPERIMENTAL_PROVIDER: 'podman' },
    line: `Podman ${answer.stdout.trim()}`,
  };
}

const exists = (path: string) =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
