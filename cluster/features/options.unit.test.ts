import { describe, expect, test } from 'vitest';
import { featureNames } from './names.ts';
import { chosenFeatures, type FeatureOptions, parseFeatures, parseImplementation } from './options.ts';

const found = {
  supported: ['Gateway', 'HTTPRoute', 'HTTPRouteCORS'],
  source: 'the status of its GatewayClass',
  untestable: ['TCPRoute'],
};
const chosen = (options: Partial<FeatureOptions>) =>
  chosenFeatures(found, { allFeatures: false, exempt: [], ...options });

describe('names of features', () => {
  test('are read with commas between them', () => {
    expect(parseFeatures('--features', ' HTTPRouteCORS, ListenerSet,')).toEqual([
      'HTTPRouteCORS',
      'ListenerSet',
    ]);
    expect(parseFeatures('--exempt', '')).toEqual([]);
    // as it was called up to v1.6.1
    expect(parseFeatures('--features', 'GatewayInfrastructurePropagation')).toHaveLength(1);
  });

  test.for([
    ['HTTPRouteCros', 'HTTPRouteCORS'],
    ['httproutecors', 'HTTPRouteCORS'],
    ['SupportListenerSet', 'ListenerSet'],
    ['Misdirected', 'GatewayHTTPSListenerDetectMisdirectedRequests'],
  ])('%s is refused, and %s offered', ([wrong = '', right = '']) => {
    expect(() => parseFeatures('--features', `Gateway,${wrong}`)).toThrow(
      expect.objectContaining({
        name: 'Problem',
        got: `Gateway API has no feature "${wrong}"`,
        next: expect.stringMatching(new RegExp(`nearest: .*\\b${right}\\b`)),
      }),
    );
  });
});

describe('the command line', () => {
  test('without a word leaves what was found', () => {
    expect(chosen({})).toEqual(found);
  });

  test('names features beside the core ones', () => {
    expect(chosen({ features: ['ListenerSet'] })).toEqual({
      ...found,
      supported: ['Gateway', 'HTTPRoute', 'ListenerSet', 'ReferenceGrant'],
      source: '--features',
    });
  });

  test('takes all that there are, but those of a mesh', () => {
    const { supported, source } = chosen({ allFeatures: true });
    expect(supported).toEqual(featureNames.filter((name) => !name.startsWith('Mesh')).toSorted());
    expect(source).toBe('--all-features');
  });

  test('exempts from each of them, by either name of a feature', () => {
    expect(chosen({ exempt: ['HTTPRouteCORS'] })).toMatchObject({
      supported: ['Gateway', 'HTTPRoute'],
      source: 'the status of its GatewayClass, less --exempt',
    });
    expect(chosen({ allFeatures: true, exempt: ['HTTPRouteRetry'] }).supported).not.toContain(
      'HTTPRouteRetryCodes',
    );
    expect(chosen({ features: ['ListenerSet'], exempt: ['HTTPRoute'] }).supported).toEqual([
      'Gateway',
      'ListenerSet',
      'ReferenceGrant',
    ]);
  });
});

describe('an implementation', () => {
  test('is read field by field, with as many contacts as there are', () => {
    expect(
      parseImplementation(
        'organization=acme, project=gateway,url=https://acme.example/?a=b,version=v1.2.3,contact=@a,contact=b@acme.example',
      ),
    ).toEqual({
      organization: 'acme',
      project: 'gateway',
      url: 'https://acme.example/?a=b',
      version: 'v1.2.3',
      contact: ['@a', 'b@acme.example'],
    });
    expect(parseImplementation('')).toEqual({});
  });

  test.for([
    ['owner=acme', '"owner=acme"'],
    ['project', '"project"'],
    ['mode=', '"mode="'],
    ['project=a,project=b', '"project" twice'],
    ['url=acme.example', 'the url "acme.example"'],
    ['url=ftp://acme.example', 'the url "ftp://acme.example"'],
  ])('%s is refused', ([text = '', got = '']) => {
    expect(() => parseImplementation(text)).toThrow(expect.objectContaining({ name: 'Problem', got }));
  });
});
