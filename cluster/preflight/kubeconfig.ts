import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, resolve } from 'node:path';
import type { User } from '@kubernetes/client-node';
import { parseDocument } from 'yaml';
import { KubeConfig } from '../../helpers/kube/library.ts';
import { Problem } from '../problem.ts';
import { type Connection, contextOption, kubectlOptions, shellWord } from './connection.ts';
import { PluginAuthenticator, withPlugin } from './credential-plugin.ts';

/**
 * Loads a kubeconfig by kubectl's rules: of a list of files those that exist are merged, the first to name
 * a cluster, user or context wins, and relative paths count from the file that has them.
 * Nothing is sent to the cluster, no credential plugin runs.
 *
 * @param into an empty configuration to load into, for a class of one's own
 * @returns the configuration with `context` as its current context
 * @throws Problem when no file exists, one cannot be read or parsed, the context is unknown, or what the
 *   context points to (cluster, user, certificate files) is missing
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export function loadKubeconfig(connection: Connection): KubeConfig;
export function loadKubeconfig<T extends KubeConfig>(connection: Connection, into: T): T;
export function loadKubeconfig(connection: Connection, merged = new KubeConfig()): KubeConfig {
  const asked = `connect to context "${connection.context}"`;
  const files = connection.kubeconfig.split(delimiter).filter(Boolean);
  const present = files.filter((file) => existsSync(file));
  if (present.length === 0) {
    throw new Problem({
      asked,
      got: `there is no kubeconfig file at ${files.join(', ') || '""'}`,
      cause: process.env.KUBECONFIG
        ? 'the environment variable KUBECONFIG names a file that is not there'
        : 'kubectl was not set up for a cluster on this machine, or its kubeconfig lies elsewhere',
      next: 'export KUBECONFIG=PATH-OF-YOUR-KUBECONFIG, or leave the context out to let npm test make its own cluster',
    });
  }

  for (const file of present) {
    const one = loadFile(file, asked);
    // Not client-node's mergeConfig: it refuses a name that two files have, where kubectl takes the first.
    merged.clusters.push(...one.clusters);
    merged.users.push(...one.users);
    merged.contexts.push(...one.contexts);
  }
  // client-node leaves the cluster's CA out when a context has no user
  merged.users.push({ name: '' });
  merged.contexts = merged.contexts.map((one) => ({ ...one, user: one.user || '' }));
  // client-node refuses http:// unless TLS is not to be verified; kubectl takes it as it is (kubectl proxy).
  merged.clusters = merged.clusters.map((cluster) =>
    cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
  );
  merged.addAuthenticator(new PluginAuthenticator(() => merged.getCurrentCluster()));
  merged.setCurrentContext(connection.context);
  demandContext(merged, connection, present, asked);
  return merged;
}

function loadFile(file: string, asked: string): KubeConfig {
  const broken = (got: string, cause: string) =>
    new Problem({
      asked,
      got,
      cause,
      next: `mend the file, then try: kubectl config view --kubeconfig ${shellWord(file)}`,
    });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw broken((error as Error).message, 'this user may not read the kubeconfig, or it is not a file');
  }
  const document = parseDocument(text);
  const [syntax] = document.errors;
  if (syntax) {
    const at = syntax.linePos?.[0];
    const where = at ? `${file}:${at.line}:${at.col}` : file;
    const said = syntax.message.replace(/ at line \d+[^]*$/, '');
    throw broken(`${where}: ${said}`, 'the kubeconfig is not valid YAML');
  }
  try {
    const config = new KubeConfig();
    const content = document.toJS();
    // an empty file is an empty configuration, for kubectl as well
    if (content === null) return config;
    config.loadFromFile(file);
    const folder = dirname(file);
    config.users = config.users.map((user) => withPlugin(withTokenFile(user, content.users, folder), folder));
    return config;
  } catch (error) {
    throw broken(
      `${file}: ${(error as Error).message}`,
      'the kubeconfig is valid YAML, but an entry in it is incomplete',
    );
  }
}

/** client-node does not know the field tokenFile of a user; it reads (and rereads) such a file as an authProvider. */
function withTokenFile(
  user: User,
  raw: { name: string; user?: { tokenFile?: string } }[],
  folder: string,
): User {
  const tokenFile = raw.find(({ name }) => name === user.name)?.user?.tokenFile;
  if (!tokenFile || user.token) return user;
  return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile: resolve(folder, tokenFile) } } };
}

function demandContext(config: KubeConfig, connection: Connection, files: string[], asked: string): void {
  const { context } = connection;
  const from = files.join(', ');
  const names = [...new Set(config.contexts.map(({ name }) => name))];
  const found = config.getContextObject(context);
  if (!found) {
    throw new Problem({
      asked,
      got: names.length
        ? `${from} has no such context; it has: ${names.join(', ')}`
        : `${from} has no contexts at all`,
      cause: 'the name is mistyped, or the context is in another kubeconfig',
      next: names[0]
        ? `npm test -- ${contextOption({ ...connection, context: names[0] })}`
        : 'kubectl config get-contexts',
    });
  }
  const view = `kubectl config view --minify ${kubectlOptions(connection)}`;
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    throw new Problem({
      asked,
      got: `the context points to cluster "${found.cluster}", which ${from} does not define`,
      cause: 'the cluster entry was removed, or is in a file that KUBECONFIG does not list',
      next: view,
    });
  }
  const user = config.getCurrentUser();
  if (found.user && !user) {
    throw new Problem({
      asked,
      got: `the context points to user "${found.user}", which ${from} does not define`,
      cause: 'the user entry was removed, or is in a file that KUBECONFIG does not list',
      next: view,
    });
  }
  if (!URL.canParse(cluster.server)) {
    throw new Problem({
      asked,
      got: `the server of cluster "${cluster.name}" is not a URL: ${cluster.server}`,
      cause: 'the server must be written with its scheme, as in https://10.0.0.1:6443',
      next: view,
    });
  }
  for (const file of [cluster.caFile, user?.certFile, user?.keyFile, user?.authProvider?.config?.tokenFile]) {
    if (file) demandReadable(file, asked, view);
  }
}

function demandReadable(file: string, asked: string, next: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new Problem({
      asked,
      got: (error as Error).message,
      cause:
        'the kubeconfig refers to a certificate, key or token file that is gone or that this user may not read',
      next,
    });
  }
}
