import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import type { Cluster, User } from '@kubernetes/client-node';

/** The program that a kubeconfig's user gets its credentials from (`users[].user.exec`). */
export interface Plugin {
  apiVersion: string;
  command: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  installHint?: string;
  provideClusterInfo?: boolean;
}

interface Credential {
  token?: string;
  clientCertificateData?: string;
  clientKeyData?: string;
  expirationTimestamp?: string;
}

interface Options {
  headers?: object | undefined;
  cert?: unknown;
  key?: unknown;
}

/** What a plugin that failed said, or why it could not be run. */
export class PluginFailure extends Error {
  /** `absent`: there is no such program. `late`: it did not finish in time and was ended. */
  readonly kind: 'absent' | 'late' | 'failed';

  constructor(kind: 'absent' | 'late' | 'failed', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Milliseconds that a plugin gets; one that waits for a login would wait for ever. */
const FINISHED_WITHIN = 5_000;

const PROVIDER = 'credential-plugin';

/**
 * Runs credential plugins in place of client-node's ExecAuth, which cannot end one that hangs (the process would
 * then never end either), runs it once for each request that starts while it runs, and does not tell it what
 * kubectl tells it.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export class PluginAuthenticator {
  readonly #cluster: () => Cluster | null;
  #running: Promise<Credential> | undefined;

  /** @param cluster the cluster to tell plugins about that ask for it */
  constructor(cluster: () => Cluster | null) {
    this.#cluster = cluster;
  }

  isAuthProvider(user: User): boolean {
    return pluginOf(user) !== undefined;
  }

  /** @throws PluginFailure */
  async applyAuthentication(user: User, options: Options): Promise<void> {
    const plugin = pluginOf(user);
    if (!plugin) return;
    const { token, clientCertificateData, clientKeyData } = await this.#current(plugin);
    if (token) options.headers = { ...options.headers, Authorization: `Bearer ${token}` };
    if (clientCertificateData) options.cert = clientCertificateData;
    if (clientKeyData) options.key = clientKeyData;
  }

  async #current(plugin: Plugin): Promise<Credential> {
    const earlier = this.#running;
    if (earlier && (await holds(earlier))) return earlier;
    // whoever comes first renews it for all
    if (this.#running === earlier) this.#running = run(plugin, this.#cluster());
    return this.#running as Promise<Credential>;
  }
}

async function holds(running: Promise<Credential>): Promise<boolean> {
  try {
    const { expirationTimestamp } = await running;
    return !expirationTimestamp || Date.parse(expirationTimestamp) > Date.now();
  } catch {
    return false;
  }
}

/**
 * The user with its plugin where client-node leaves it to PluginAuthenticator.
 * @param folder of the kubeconfig; a command with a slash counts from there
 */
export function withPlugin(user: User, folder: string): User {
  if (!user.exec) return user;
  const { exec, ...rest } = user;
  if (!exec.command) throw new Error(`user ${user.name}: exec.command is missing`);
  const command = exec.command.includes('/') ? resolve(folder, exec.command) : exec.command;
  return { ...rest, authProvider: { name: PROVIDER, config: { plugin: { ...exec, command } } } };
}

export function pluginOf(user: User | null): Plugin | undefined {
  return user?.authProvider?.name === PROVIDER ? user.authProvider.config.plugin : undefined;
}

async function run(plugin: Plugin, cluster: Cluster | null): Promise<Credential> {
  const output = Promise.withResolvers<string>();
  const env = {
    ...process.env,
    KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(plugin, cluster)),
    ...Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value])),
  };
  const limits = { timeout: FINISHED_WITHIN, killSignal: 'SIGKILL' } as const;
  const child = execFile(plugin.command, plugin.args ?? [], { env, ...limits }, (error, stdout, stderr) => {
    if (!error) output.resolve(stdout);
    else if (error.code === 'ENOENT' || error.code === 'EACCES')
      output.reject(new PluginFailure('absent', error.message));
    else if (error.killed) output.reject(new PluginFailure('late', 'it did not finish'));
    else output.reject(new PluginFailure('failed', stderr.trim() || error.message));
  });
  // nobody answers its questions: better it says so than waits
  child.stdin?.end();
  const answer = await output.promise;
  try {
    const { status } = JSON.parse(answer) as { status?: Credential };
    if (status) return status;
  } catch {
    // said below
  }
  throw new PluginFailure(
    'failed',
    `its output is not an ExecCredential: ${answer.trim().slice(0, 200) || 'nothing'}`,
  );
}

/** What a plugin is told in KUBERNETES_EXEC_INFO. */
function execInfo({ apiVersion, provideClusterInfo }: Plugin, cluster: Cluster | null): object {
  const about = cluster && {
    server: cluster.server,
    'certificate-authority-data': cluster.caData,
    'insecure-skip-tls-verify': cluster.skipTLSVerify,
    'tls-server-name': cluster.tlsServerName,
    'proxy-url': cluster.proxyUrl,
  };
  return {
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(provideClusterInfo && { cluster: about }) },
  };
}
