import { describe, expect, test } from 'vitest';
import { gatewayKind, httpRouteKind } from '../gateway/types.ts';
import { Diagnosed, explain } from './explain.ts';
import { only, recorded } from './testdata/facts.ts';

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

  test('or by that of its Gateway, when nobody has looked at either', () => {
    const routes = recorded('routes');
    delete only(routes.gateways, 'infra').status;
    delete only(routes.routes, 'hostname').status;
    expect(explain(routes, at('hostname'))?.cause).toBe('gateway-waits-for-controller');
  });

  test('and that of a listener not by what is wrong with another one', () => {
    const routes = recorded('routes');
    const gateway = only(routes.gateways, 'infra');
    const [first, second] = [gateway.status?.listeners?.[0], gateway.status?.listeners?.[0]].map(
      (listener, index) => ({ ...structuredClone(listener), name: `listener-${index}` }),
    );
    const refused = first?.conditions?.find(({ type }) => type === 'ResolvedRefs');
    Object.assign(refused ?? {}, { status: 'False', reason: 'InvalidCertificateRef' });
    Object.assign(gateway.status ?? {}, { listeners: [first, second] });
    const subject = { ...gatewayKind, namespace: 'infra', name: 'web' };
    expect(explain(routes, { subject, listener: 'listener-0' })?.cause).toBe('certificate-invalid');
    expect(explain(routes, { subject, listener: 'listener-1' })).toBeUndefined();
    expect(explain(routes, { subject })?.cause).toBe('certificate-invalid');
  });

  test('and not by what no status shows', () => {
    expect(explain(recorded('routes'), at('no-endpoints'))).toBeUndefined();
    expect(explain(recorded('routes'), at('backend-missing'))?.cause).toBe('backend-missing');
  });
});

test('what was diagnosed is a Problem in its words', () => {
  const subject = { ...gatewayKind, namespace: 'class-unknown', name: 'web' };
  const found = explain(recorded('gateways'), { subject });
  if (!found) throw new Error('it is explained');
  const problem = new Diagnosed('reach Gateway class-unknown/web', found);
  expect(problem.message).toMatch(
    /^reach Gateway class-unknown\/web: Gateway class-unknown\/web: gatewayClassName is no-such-class; GatewayClasses: [^]*likely cause: no controller takes[^]*next: kubectl --context test get gatewayclasses$/,
  );
  expect(problem.diagnosis).toBe(found);
});
