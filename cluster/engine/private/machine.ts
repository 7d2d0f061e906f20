import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { $ } from 'zx';
import { inCache } from '../../cache.ts';
import { paths } from './paths.ts';

const forwarding = ['/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/ipv6/conf/all/forwarding'];
const families = ['iptables', 'ip6tables'] as const;
const tables = ['filter', 'nat'] as const;
/** Folders that Docker and containerd make outside of what they are given. */
const folders = ['/etc/docker', '/run/docker', '/run/containerd', '/opt/containerd'];

interface Before {
  forwarding: Record<string, string>;
  forwardPolicy: Record<string, string>;
  /** Another Docker had its chains here: they stay. */
  othersChains: boolean;
  /** Of the folders that engines make, those that were not there. */
  newFolders: string[];
}

const rules = async (env: NodeJS.ProcessEnv, family: string, table: string) =>
  (await $({ env: { ...process.env, ...env }, nothrow: true })`${family} -t ${table} -S`).stdout
    .trim()
    .split('\n');

/** Notes what the engine is about to change on this machine, for `restoreMachine`. Kept from the first start on. */
export async function rememberMachine(env: NodeJS.ProcessEnv): Promise<void> {
  if (existsSync(paths.before)) return;
  const newFolders = folders.filter((path) => !existsSync(path));
  const before: Before = { forwarding: {}, forwardPolicy: {}, othersChains: false, newFolders };
  for (const file of forwarding.filter((path) => existsSync(path)))
    before.forwarding[file] = (await readFile(file, 'utf8')).trim();
  for (const family of families) {
    const filter = await rules(env, family, 'filter');
    before.forwardPolicy[family] =
      filter.find((rule) => rule.startsWith('-P FORWARD'))?.split(' ')[2] ?? 'ACCEPT';
    before.othersChains ||= filter.includes('-N DOCKER');
  }
  await writeFile(inCache('engine', 'before.json'), JSON.stringify(before));
}

/** Takes back the engine's firewall rules, forwarding switches, folders and cgroups. The engine must have ended. */
export async function restoreMachine(env: NodeJS.ProcessEnv): Promise<void> {
  if (!existsSync(paths.before)) return;
  const before: Before = JSON.parse(await readFile(paths.before, 'utf8'));
  const $env = $({ env: { ...process.env, ...env }, nothrow: true });
  for (const family of families) {
    if (before.othersChains) continue;
    for (const table of tables) {
      const lines = await rules(env, family, table);
      for (const rule of lines.filter((line) => line.startsWith('-A') && line.includes('DOCKER')))
        await $env`${family} -t ${table} -D ${rule.split(' ').slice(1)}`;
      const chains = lines
        .filter((line) => line.startsWith('-N DOCKER'))
        .map((line) => line.split(' ')[1] ?? '');
      for (const chain of chains) await $env`${family} -t ${table} -F ${chain}`;
      for (const chain of chains) await $env`${family} -t ${table} -X ${chain}`;
    }
    await $env`${family} -P FORWARD ${before.forwardPolicy[family] ?? 'ACCEPT'}`;
  }
  for (const [file, value] of Object.entries(before.forwarding)) await writeFile(file, value);
  for (const folder of before.newFolders) await rm(folder, { recursive: true, force: true });
  await removeCgroups();
  await rm(paths.before);
}

/** Empty cgroups go leaf first, as the kernel takes them only without children. */
async function removeCgroups(): Promise<void> {
  await $({
    nothrow: true,
  })`find /sys/fs/cgroup -depth -type d -path '*/ingress-conformance*' -exec rmdir {} +`;
}
