/** Why no HTTP answer came back, in words for people. */
export interface NetworkFailure {
  got: string;
  cause: string;
}

const CAUSES: [pattern: RegExp, cause: string][] = [
  [
    /^ECONNREFUSED$/,
    'nothing listens at that address: the cluster is stopped, or its port changed since the kubeconfig was written',
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    'the name of the API server does not resolve: a VPN is down, or the cluster was deleted',
  ],
  [
    /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
    'this machine has no route to that address: a VPN or a network is down',
  ],
  [
    /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|ABORT_ERR|TimeoutError)$/,
    'packets are dropped on the way (firewall, VPN, security group), or the API server hangs',
  ],
  [
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_\w+)$/,
    'something that is not a Kubernetes API server listens there, or a proxy cut the connection',
  ],
  [
    /^CERT_HAS_EXPIRED$/,
    'the certificate of the API server has expired: renew it (kubeadm certs renew apiserver), or check the clock of this machine',
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    'the certificate of the API server is not valid yet: the clock of this machine or of the server is wrong',
  ],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED)$/,
    "the kubeconfig trusts another authority (certificate-authority-data) than the one that signed the API server's certificate: the cluster was made anew, or a proxy sits in between",
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'the certificate of the API server does not name this address: connect by a name it carries, or set tls-server-name',
  ],
  [
    /^(ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG)$/,
    'that port does not speak TLS: the server should perhaps start with http://, or the port is wrong',
  ],
  [
    /^ERR_SSL_.*ALERT/,
    'the server ended the TLS handshake: it does not take the client certificate of this kubeconfig',
  ],
  [
    /^ERR_(OSSL|SSL)_|^ERR_INVALID_ARG/,
    'a certificate or key in the kubeconfig is damaged, or the two do not belong together',
  ],
];

/**
 * Explains a failed fetch by the code of its innermost error.
 *
 * @returns undefined when the error did not come from the network or from TLS
 */
export function networkFailure(error: unknown): NetworkFailure | undefined {
  for (const one of chain(error)) {
    const code = 'code' in one && typeof one.code === 'string' ? one.code : one.name;
    const known = CAUSES.find(([pattern]) => pattern.test(code));
    if (known)
      return {
        got: one.message.includes(code) ? one.message : `${one.message || 'no answer'} (${code})`,
        cause: known[1],
      };
  }
  return undefined;
}

/** The error, what caused it, and what caused that; of several attempts (one an address) the first. */
function chain(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  return [...chain(inner), error];
}
