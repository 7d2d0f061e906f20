import { describe, expect, test } from 'vitest';
import { gatewayKind, httpRouteKind } from '../gateway/types.ts';
import { Diagnosed, explain } from './explain.ts';
import { recorded } from './testdata/facts.ts';

const at = (namespace: string) => ({ subject: { ...httpRouteKind, namespace, name: 'web' } });

describe('a status that is not as it should be is explained by a cause in its own object', () => {
  test.for([
    [{ ...gatewayKind, namespace: 'class-unknown', name: 'web' }, 'gateway-class-unknown'],
    // in the Service that its controller made for it
    [{ ...gatewayKind, namespace: 'pool-unknown', name: 'web' }, 'load-balancer-refuses'],
    [{ ...gatewayKind, namespace: 'vault', name: 'web' }, undefined],
  ] as const)('%o: %s', ([subject, cause]) => {
    expect(explain(recorded('gateways'), { subject })?.cause).toBe(cause);
  });

  test('and not by that of another route', () => {
    const routes = recorded('routes');
    expect(explain(routes, at('hostname'))?.cause).toBe('hostname-mismatch');
    expect(explain(routes, at('well'))).toBeUndefined();
  });
});

test('what was diagnosed is a Problem in its words', () => {
  const found = explain(recorded('gateways', ['class-unknown']), {});
  if (!found) throw new Error('it is explained');
  const problem = new Diagnosed('reach Gateway class-unknown/web', found);
  expect(problem.message).toMatch(
    /^reach Gateway class-unknown\/web: Gateway class-unknown\/web: gatewayClassName is no-such-class; GatewayClasses: [^]*likely cause: no controller takes[^]*next: kubectl --context test get gatewayclasses$/,
  );
  expect(problem.diagnosis).toBe(found);
});
