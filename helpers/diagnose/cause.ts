import type { Wrong } from '../traffic/rounds.ts';

/** One sentence: the likely cause of a wrong row, from the row alone. It never decides the verdict. */
export function likelyCause({
  exchange: { answer: expected },
  outcome: { answer, sighting },
}: Wrong): string {
  if ('failed' in answer) {
    return answer.phase === 'connect'
      ? 'the way to the gateway comes and goes: a connection that did not open opened when it was tried once more'
      : 'the gateway took the connection and gave no answer in time, or dropped it';
  }
  if (expected.backend === null) {
    if (sighting) return `a route matches more than it should: the request was handed to ${sighting.backend}`;
    return answer.status < 400
      ? 'something that is not a backend of this case answered: the address may lead to another gateway'
      : `the gateway refuses the request, but with ${answer.status}`;
  }
  if (sighting && sighting.backend !== expected.backend)
    return 'the route leads to another backend than it names';
  if (answer.status === 404 && !sighting) {
    return 'the gateway has no route for this host and path: the route is not attached, does not match, or has not reached the proxy';
  }
  if (answer.status === 503)
    return 'the gateway has the route, but no healthy endpoint behind its backendRef';
  if (answer.status === 500 && !sighting) return 'a backendRef of the route cannot be resolved';
  if (!sighting)
    return `an answer came, but the log of ${expected.backend} shows no such request: something else answered`;
  if (answer.status !== expected.status)
    return `${sighting.backend} itself answered with ${answer.status}: the request reached it changed`;
  return 'the right backend answered, but headers were changed or lost on the way';
}
