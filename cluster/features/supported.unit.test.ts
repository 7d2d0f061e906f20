import { describe, expect, test } from 'vitest';
import known from './known.json' with { type: 'json' };
import { featureNames, featuresOf, withOtherNames } from './names.ts';
import { aboutImplementation, supportedFeatures } from './supported.ts';

const ISTIO = 'istio.io/gateway-controller';
const ENVOY_GATEWAY = 'gateway.envoyproxy.io/gatewayclass-controller';
const core = ['Gateway', 'HTTPRoute', 'ReferenceGrant'];

describe('the features of an implementation', () => {
  test('are those that its GatewayClass publishes, whatever else is known of it', () => {
    expect(supportedFeatures(ISTIO, ['HTTPRoute', 'Gateway', 'AcmeOnly'], '1.31.0')).toEqual({
      supported: ['AcmeOnly', 'Gateway', 'HTTPRoute'],
      source: 'the status of its GatewayClass',
    });
  });

  test.for(['1.31.0', '1.31-dev', '1.31'])(
    'else those that are known of the release: Istio %s',
    (release) => {
      const { supported, source } = supportedFeatures(ISTIO, [], release);
      expect(supported).toEqual(expect.arrayContaining(['HTTPRouteCORS', 'HTTPRouteRetry', 'TLSRoute']));
      expect(supported).not.toContain('UDPRoute');
      expect(supported).not.toContain('GatewayBackendClientCertificate');
      // of a release of Gateway API that is newer than this Istio
      expect(supported).not.toContain('GatewayRouteHostnameIntersectionPrecedence');
      expect(supported).not.toContain('Mesh');
      expect(source).toBe('what is known of istio 1.31 in cluster/features/known.json');
    },
  );

  test('of another one too, whose releases begin with a v', () => {
    const { supported, source } = supportedFeatures(ENVOY_GATEWAY, [], 'v1.9.1');
    expect(supported).toEqual(expect.arrayContaining(['GatewayBackendClientCertificate', 'UDPRoute']));
    expect(supported).not.toContain('GatewayInfrastructure');
    expect(source).toBe('what is known of envoy-gateway 1.9 in cluster/features/known.json');
  });

  test.for<[string, string | undefined]>([
    [ENVOY_GATEWAY, 'v1.90.0'],
    [ISTIO, '1.30.2'],
    [ISTIO, '1.310.0'],
    [ISTIO, '11.31.0'],
    [ISTIO, undefined],
    ['acme.com/gateway', '1.31.0'],
  ])('else the core ones alone, which it says: %s %s', ([controller, release]) => {
    const { supported, source } = supportedFeatures(controller, [], release);
    expect(supported).toEqual(core);
    expect(source).toContain('--features');
  });
});

test('who made it is known of every release', () => {
  expect(aboutImplementation(ISTIO, '1.29.1')).toMatchObject({ organization: 'istio', version: '1.29.1' });
  expect(aboutImplementation(ISTIO, undefined)).not.toHaveProperty('version');
  expect(aboutImplementation('acme.com/gateway', undefined)).toEqual({});
});

test('what is known of implementations uses names of the feature list', () => {
  for (const { releases } of Object.values(known)) {
    for (const { lacks, gatewayApi } of releases) {
      expect(['v1.6', 'v1.7']).toContain(gatewayApi);
      expect(featureNames).toEqual(expect.arrayContaining(lacks));
    }
  }
});

test('a release has its own names only, and a renamed feature goes by both', () => {
  expect(featuresOf('v1.6', ['HTTPRoute'])).toContain('HTTPRouteRetry');
  expect(featuresOf('v1.6', ['HTTPRoute'])).not.toContain('HTTPRouteRetryCodes');
  expect(featuresOf('v1.7', ['HTTPRoute'])).toContain('HTTPRouteRetryCodes');
  expect(featuresOf('v1.7', ['HTTPRoute'])).not.toContain('HTTPRouteRetry');
  expect(withOtherNames(['HTTPRouteRetryCodes'])).toEqual(['HTTPRouteRetry', 'HTTPRouteRetryCodes']);
  expect(withOtherNames(['GatewayInfrastructurePropagation'])).toContain('GatewayInfrastructure');
  expect(withOtherNames(['HTTPRouteCORS'])).toEqual(['HTTPRouteCORS']);
});
