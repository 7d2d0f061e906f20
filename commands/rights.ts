import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { glob, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { rightsIn, rightsOf, withoutRequest } from '../cluster/audit/events.ts';
import { audit } from '../cluster/audit/log.ts';
import { inCache } from '../cluster/cache.ts';
import { findEngine } from '../cluster/engine/find.ts';
import { connection } from '../cluster/kind/kind.ts';
import { exclusively } from '../cluster/lock.ts';
import { type ClusterRole, rolesOfARun } from '../cluster/preflight/rights.ts';
import { up } from '../cluster/up.ts';
import { Kube } from '../helpers/kube/client.ts';
import { readManifests } from '../helpers/kube/manifests.ts';
import type { KubeObject } from '../helpers/kube/objects.ts';
import { runCommand } from './run-command.ts';
import { runner } from './suite-run.ts';

const root = join(import.meta.dirname, '..');
/** Who has the rights of docs/rbac.yaml and no others. */
const name = 'ingress-conformance-restricted';
const namespace = 'default';
const user = `system:serviceaccount:${namespace}:${name}`;
const kubeconfig = inCache(`${name}.kubeconfig`);

const program = new Command('npm run rights --')
  .description(
    'Runs the suites on the managed cluster as somebody who has the rights of docs/rbac.yaml and no others, and lays what was used, by the audit log, beside what is granted.',
  )
  .argument('[filters...]', 'cases to run, as npm test has them; all without one')
  .action(async (filters: string[]) => {
    process.exitCode = await rights(filters);
  });

await runCommand(program);

/** @returns the exit code: 0 when the run succeeded, nothing was refused and, if all cases ran, nothing was unused */
async function rights(filters: string[]): Promise<number> {
  await up();
  const startEngine = await findEngine();
  const roles = rolesOfARun();
  const kube = new Kube(connection);
  const objects = restricted(roles);
  try {
    for (const object of objects) await kube.apply(object);
    await writeFile(kubeconfig, await kubeconfigOf(kube), { mode: 0o600 });
    let exit: unknown;
    const engine = await startEngine();
    const asked = async () => {
      const run = spawn(process.execPath, [...runner, '--context', name, '--provisional', ...filters], {
        cwd: root,
        env: { ...process.env, KUBECONFIG: kubeconfig },
        stdio: 'inherit',
      });
      [exit] = await once(run, 'exit');
    };
    // another run would take the API server that starts anew for one that is gone
    const events = await exclusively(
      () => audit(engine, user, asked),
      (holder) => console.log(`waiting for another run that works on the managed cluster (${holder})`),
    );
    const { used, refused } = rightsOf(events);
    const [needed] = roles;
    const without = withoutRequest(used, await rolesOfFixtures());
    const unused =
      filters.length > 0 || !needed ? [] : rightsIn(needed).filter((right) => !without.has(right));
    console.log(`\n${events.length} requests, ${used.size} rights used`);
    for (const right of [...refused].toSorted()) console.log(`refused   ${right}`);
    for (const right of unused) console.log(`unused    ${right}`);
    return exit === 0 && refused.size === 0 && unused.length === 0 ? 0 : 1;
  } finally {
    for (const { apiVersion, kind, metadata } of objects)
      await kube.delete({ apiVersion, kind, name: metadata.name, ...(metadata.namespace && { namespace }) });
    await rm(kubeconfig, { force: true });
    await kube.close();
  }
}

/** The Roles that fixtures make: who makes one has to have what it grants. */
async function rolesOfFixtures(): Promise<ClusterRole[]> {
  const objects: KubeObject[] = [];
  for await (const file of glob('fixtures/**/*.yaml', { cwd: root }))
    objects.push(...(await readManifests(join(root, file))).map(({ object }) => object));
  return objects.filter(({ kind }) => kind === 'Role') as unknown as ClusterRole[];
}

/** A ServiceAccount, the ClusterRoles, and what binds them. */
function restricted(roles: ReturnType<typeof rolesOfARun>): KubeObject[] {
  const rbac = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    ...roles.map((role) => ({ ...role, apiVersion: `${rbac}/v1`, kind: 'ClusterRole' })),
    ...roles.map(({ metadata }) => ({
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: `${name}-${metadata.name}` },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    })),
  ];
}

/** With a token for three hours, for the same API server. */
async function kubeconfigOf(kube: Kube): Promise<string> {
  const { status } = await kube.send<{ status: { token: string } }>(
    'POST',
    `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    { body: { spec: { expirationSeconds: 10_800 } } },
  );
  const cluster = kube.config.getCurrentCluster();
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: cluster?.server, 'certificate-authority-data': cluster?.caData } }],
    users: [{ name, user: { token: status.token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
