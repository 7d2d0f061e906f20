import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** How to reach a cluster: what the user named, or what the managed cluster was given. */
export interface Connection {
  /** Path of a kubeconfig file, or a list of paths as in KUBECONFIG. */
  kubeconfig: string;
  context: string;
}

/**
 * The kubeconfig files that kubectl would use: KUBECONFIG, else ~/.kube/config. Paths are absolute, as workers
 * may run in other folders.
 */
export function defaultKubeconfig(): string {
  const listed = process.env.KUBECONFIG?.split(delimiter).filter(Boolean) ?? [];
  const files = listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
  return files.map((file) => resolve(file)).join(delimiter);
}

/** The option that makes npm test use this connection's cluster, for commands in messages. */
export function contextOption({ context }: Pick<Connection, 'context'>): string {
  return `--context ${shellWord(context)}`;
}

/** The options that make kubectl and istioctl use this connection's cluster. */
export function kubectlOptions({ kubeconfig, context }: Connection): string {
  const option = contextOption({ context });
  return kubeconfig === defaultKubeconfig() ? option : `--kubeconfig ${shellWord(kubeconfig)} ${option}`;
}

/** Quotes a word for a shell where it needs quotes: contexts are often ARNs or contain an @. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
