import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { which } from 'zx';
import { cacheFolder, inCache } from '../cache.ts';
import { pins } from '../pins.ts';
import { Problem } from '../problem.ts';
import { explain, shell } from '../shell.ts';
import { progressText } from './progress.ts';

/**
 * The modules of `build/go`: what is built, in which order. MetalLB has a module graph of its own because its
 * controller-runtime does not compile against the Kubernetes libraries that Istio needs.
 */
export const modules = ['tools', 'metallb'] as const;

/** What no cluster is made of, and is built when it is asked for: Gateway API's own suite, and what delays packets. */
const others = { official: "Gateway API's own suite", latency: 'what delays packets' };

type Module = (typeof modules)[number] | keyof typeof others;

/** The package of a module's test binary, which is built beside its tools. */
const tested: Partial<Record<Module, string>> = { official: 'sigs.k8s.io/gateway-api/conformance' };

const sources = (module: Module) => join(import.meta.dirname, 'go', module);

/** Folder of a module's binaries. */
export const binaries = (module: Module) => cacheFolder('bin', module);

const flags = [
  '-trimpath',
  '-pgo=off',
  // Debug information costs a tenth of the compiler's time and is stripped by the linker.
  '-gcflags=all=-dwarf=false',
];

async function linkerFlags(): Promise<string> {
  const kubernetes = await versionOf('k8s.io/kubernetes');
  const set = {
    'k8s.io/component-base/version.gitVersion': kubernetes,
    'k8s.io/component-base/version.gitMajor': kubernetes.split('.')[0]?.slice(1),
    'k8s.io/component-base/version.gitMinor': kubernetes.split('.')[1],
    'istio.io/istio/pkg/version.buildVersion': pins.istio.sourceTag,
    'istio.io/istio/pkg/version.buildTag': pins.istio.sourceTag,
    'istio.io/istio/pkg/version.buildHub': 'localhost/istio',
  };
  return ['-s -w', ...Object.entries(set).map(([name, value]) => `-X ${name}=${value}`)].join(' ');
}

/** A module's pinned version, as go.mod has it. */
export async function versionOf(path: string, module: Module = 'tools'): Promise<string> {
  const goMod = await readFile(join(sources(module), 'go.mod'), 'utf8');
  const found = new RegExp(`^\\s*(?:require )?${path} (v\\S+)`, 'm').exec(goMod)?.[1];
  if (!found) throw new Error(`go.mod does not require ${path}`);
  return found;
}

const goEnv = () => ({
  CGO_ENABLED: '0',
  GOGC: '400',
  GOFLAGS: '-buildvcs=false',
  GOCACHE: cacheFolder('go-build'),
});

async function needGo(module: Module = 'tools'): Promise<void> {
  if (await which('go', { nothrow: true })) return;
  if (module in others) {
    throw new Problem({
      asked: `build ${others[module as keyof typeof others]} from its Go module`,
      got: 'no go on the PATH',
      cause: 'it is published as source only',
      next: 'install Go 1.26 or later',
    });
  }
  throw new Problem({
    asked: "build the cluster's binaries from their Go modules",
    got: 'no go on the PATH',
    cause: 'no image registry answers (or --images source was given), and building needs Go',
    next: 'install Go 1.26 or later, or --images registry where registries answer, or --context NAME for a cluster you have',
  });
}

/**
 * Folder of a module's source in Go's module cache; downloads it when it is not there.
 * @param within the modules of `build/go` that may require it
 */
export async function moduleDir(path: string, within: readonly Module[] = modules): Promise<string> {
  await needGo();
  for (const module of within) {
    const goMod = await readFile(join(sources(module), 'go.mod'), 'utf8');
    if (!goMod.includes(`\t${path} v`)) continue;
    const $ = shell('go-modules', goEnv());
    const version = new RegExp(`${path} (v\\S+)`).exec(goMod)?.[1];
    const answer = await $({ cwd: sources(module) })`go mod download -json ${path}@${version}`;
    return JSON.parse(answer.stdout).Dir;
  }
  throw new Error(`no module of build/go requires ${path}`);
}

/** What a module's binaries depend on: equal keys mean equal binaries. */
export async function goKey(module: Module): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([flags, await linkerFlags(), process.arch]));
  const files = globSync('**/*.{go,mod,sum}', { cwd: sources(module) }).toSorted();
  for (const file of files) hash.update(file).update(await readFile(join(sources(module), file)));
  return hash.digest('hex').slice(0, 16);
}

const stampOf = (module: Module) => inCache('bin', `${module}.key`);

/** Whether a module's binaries are there and up to date. */
export async function isBuilt(module: Module): Promise<boolean> {
  const stamp = stampOf(module);
  return existsSync(stamp) && (await readFile(stamp, 'utf8')) === (await goKey(module));
}

/**
 * Builds a module's binaries into `binaries(module)`; settles when all are there, at once when they are up to
 * date. Go's own cache makes an interrupted build go on where it was, and a changed version rebuild only what
 * depends on it.
 * @param say told how far it is, with every module fetched and every package compiled
 * @throws Problem when Go is missing or does not build
 */
export async function buildGo(module: Module, say: (text: string) => void): Promise<void> {
  if (await isBuilt(module)) return;
  await needGo(module);
  const step = `go-${module}`;
  const cwd = sources(module);
  try {
    let modulesFetched = 0;
    const fetching = shell(step, goEnv(), (line) => {
      if (line.startsWith('go: downloading')) say(`${++modulesFetched} modules downloaded`);
    });
    const own = tested[module];
    const listed = await fetching({ cwd })`go list -deps tool ${own ?? []}`;
    const packages = listed.stdout.trim().split('\n');
    const start = performance.now();
    const expected = new Set(packages);
    let done = 0;
    const $ = shell(step, goEnv(), (line) => {
      if (expected.delete(line.trim())) say(progressText(++done, packages.length, performance.now() - start));
    });
    const out = `${binaries(module)}/`;
    const how = ['-v', ...flags, '-ldflags', await linkerFlags(), '-o', out];
    await $({ cwd })`go build ${how} tool`;
    if (own) await $({ cwd })`go test -c ${how} ${own}`;
  } catch (error) {
    throw explain(step, `build the Go module build/go/${module}`, error);
  }
  await writeFile(stampOf(module), await goKey(module));
}
