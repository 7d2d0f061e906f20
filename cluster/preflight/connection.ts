/** How to reach a cluster: what the user named, or what the managed cluster was given. */
export interface Connection {
  /** Path of a kubeconfig file, or a list of paths as in KUBECONFIG. */
  kubeconfig: string;
  context: string;
}

/** The option that makes kubectl and istioctl use this connection's cluster, for commands in messages. */
export function contextOption({ context }: Connection): string {
  return `--context ${shellWord(context)}`;
}

/** Quotes a word for a shell where it needs quotes: contexts are often ARNs or contain an @. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
