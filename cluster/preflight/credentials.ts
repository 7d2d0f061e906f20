import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { User } from '@kubernetes/client-node';
import type { ApiError } from '../../helpers/kube/errors.ts';
import { Problem } from '../problem.ts';
import { type Connection, kubectlOptions, shellWord } from './connection.ts';
import { PluginFailure, pluginOf } from './credential-plugin.ts';

/** Why no credentials could be made ready, before anything was sent. */
export function credentialsProblem(
  asked: string,
  connection: Connection,
  user: User | null,
  error: unknown,
): Problem {
  const { message } = error as Error;
  const plugin = pluginOf(user);
  if (!plugin) {
    return new Problem({
      asked,
      got: message,
      cause: `the credentials of user "${user?.name}" in the kubeconfig cannot be used`,
      next: `kubectl config view --minify ${kubectlOptions(connection)}`,
    });
  }
  const line = [plugin.command, ...(plugin.args ?? [])].map(shellWord).join(' ');
  const from = `credential plugin ${plugin.command}`;
  const kind = error instanceof PluginFailure ? error.kind : 'failed';
  if (kind === 'absent') {
    return new Problem({
      asked,
      got: `${from}: ${message}`,
      cause: `this kubeconfig gets its credentials from a program that is not installed or not on PATH`,
      next: plugin.installHint?.trim() || `install ${plugin.command}, then try: ${line}`,
    });
  }
  if (kind === 'late') {
    return new Problem({
      asked,
      got: `${from} did not finish within 5 s`,
      cause: 'it waits for a login, or for a server that does not answer',
      next: `log in by running it in a terminal: ${line}`,
    });
  }
  return new Problem({
    asked,
    got: `${from}: ${message}`,
    cause: 'the login that the plugin relies on has expired, or the plugin is set up wrongly',
    next: `see what it says in a terminal: ${line}`,
  });
}

/** The server answered 401 or 403 to the first request. */
export function refusedProblem(
  asked: string,
  connection: Connection,
  user: User | null,
  error: ApiError,
): Problem {
  const expiry = user ? expiredSince(user) : undefined;
  const plugin = pluginOf(user);
  return new Problem({
    asked,
    got: `${error.code} ${error.reason || 'Unauthorized'}${error.said ? `: ${error.said}` : ''}`,
    cause:
      expiry ??
      (error.code === 401
        ? 'the credentials in the kubeconfig have expired, were revoked, or belong to another cluster'
        : 'the server does not recognise the credentials of this context, or lets their user do nothing'),
    next: plugin
      ? `log in again, then try: kubectl auth whoami ${kubectlOptions(connection)}`
      : `fetch fresh credentials the way this kubeconfig was made (for kind: kind export kubeconfig), then try: kubectl auth whoami ${kubectlOptions(connection)}`,
  });
}

/** One clause when the user's client certificate or token carries an end that lies in the past. */
function expiredSince(user: User): string | undefined {
  const pem = user.certFile
    ? readFileSync(user.certFile)
    : user.certData && Buffer.from(user.certData, 'base64');
  if (pem) {
    const { validToDate } = new X509Certificate(pem);
    if (validToDate.getTime() < Date.now())
      return `the client certificate expired on ${validToDate.toISOString()}`;
  }
  const expiry = user.token && tokenExpiry(user.token);
  if (expiry && expiry.getTime() < Date.now()) return `the token expired on ${expiry.toISOString()}`;
  return undefined;
}

/** When a token says it ends; most, but not all, are JSON web tokens (RFC 7519, claim `exp`, in seconds). */
function tokenExpiry(token: string): Date | undefined {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof exp === 'number' ? new Date(exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}
