import { likelyCause } from '../diagnose/cause.ts';
import type { Wrong } from './decide.ts';
import { backendOf } from './shown.ts';

/** One sentence for each of Chromium's errors that a gateway, or the way to it, is behind. */
const causes: Partial<Record<string, string>> = {
  'net::ERR_CERT_AUTHORITY_INVALID':
    'the gateway shows a certificate of an authority that the browser does not trust',
  'net::ERR_CERT_COMMON_NAME_INVALID': 'the gateway shows a certificate that is not for this host name',
  'net::ERR_CERT_DATE_INVALID':
    "the certificate's time is over, or has not come, or this machine's clock is wrong",
  'net::ERR_NAME_NOT_RESOLVED': "the load balancer's host name does not resolve from here",
  'net::ERR_CONNECTION_REFUSED':
    'nothing listens at this address and port: the listener has not reached the proxy',
  'net::ERR_CONNECTION_TIMED_OUT': 'the address cannot be reached from here, or no pod is behind it',
  'net::ERR_ADDRESS_UNREACHABLE': 'the address cannot be reached from here',
  'net::ERR_CONNECTION_RESET':
    'the gateway dropped the connection: over TLS it has no listener for this host name, or no certificate',
  'net::ERR_CONNECTION_CLOSED':
    'the gateway dropped the connection: over TLS it has no listener for this host name, or no certificate',
  'net::ERR_EMPTY_RESPONSE': 'the gateway took the connection and dropped it: the port may speak TLS',
  'net::ERR_SSL_PROTOCOL_ERROR': 'what listens there does not speak TLS',
  'net::ERR_BAD_SSL_CLIENT_AUTH_CERT': 'the gateway demands a client certificate',
};

/** Errors before the gateway has said anything; Playwright's words when a page did not come in time. */
const noConnection = /ERR_(CONNECTION_(REFUSED|TIMED_OUT|FAILED)|ADDRESS_UNREACHABLE|TIMED_OUT)|Timeout/;

/** The likely cause of a visit that came out wrong; it never decides the verdict. */
export async function causeOf(wrong: Wrong): Promise<string> {
  const { visit, shown } = wrong;
  const { edge, road, setup } = visit.at;
  if (setup.witness.trouble !== undefined) return setup.witness.trouble;
  // behind a bridge every connection opens, and one that does not on the other side is reset
  if ('error' in shown && (noConnection.test(shown.error) || road.byHand)) {
    const why = await edge.whyUnreachable(road);
    if (why) return why.cause;
  }
  return likelyCauseOf(wrong);
}

/** As causeOf, from what was shown alone. */
export function likelyCauseOf({ visit, shown, seenBy }: Omit<Wrong, 'got'>): string {
  const { shows, trusting } = visit;
  if ('error' in shown) return causes[shown.error] ?? 'the browser did not get an answer, or ended';
  if ('error' in shows) {
    return trusting
      ? 'the gateway shows a certificate with which nothing is wrong'
      : 'the gateway shows a certificate that the browser trusts without being told to';
  }
  if (shown.status === shows.status && seenBy === shows.backend)
    return 'the right backend answered, but headers were changed or lost on the way';
  const answer = { status: shown.status, headers: {}, body: shown.text };
  return likelyCause({
    exchange: { request: { path: '' }, answer: { status: shows.status, backend: backendOf(visit) } },
    outcome: { answer, sighting: seenBy === undefined ? undefined : { backend: seenBy, pod: '' } },
  });
}
