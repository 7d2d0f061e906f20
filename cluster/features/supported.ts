import type { Controller, Implementation, Target } from '../target.ts';
import known from './known.json' with { type: 'json' };
import { coreFeatures, featuresOf, type GatewayApiRelease, withOtherNames } from './names.ts';

/** What is known of an implementation, of which its GatewayClass tells no more than the name of its controller. */
interface Known {
  /** As people call it. */
  name: string;
  about: Implementation;
  controller: Controller;
  releases: {
    /** As far as the number says it: `1.31` is every 1.31.x, and what was built on the way to it. */
    of: string;
    /** Release of Gateway API whose features it has, all but the ones that it lacks. */
    gatewayApi: string;
    lacks: string[];
    /** Where its own code says so. */
    source: string;
  }[];
}

const implementations: Partial<Record<string, Known>> = known;

/**
 * The features of an implementation: those that its GatewayClass publishes; else those that are known of it; else the
 * core ones alone. Nothing is probed: an implementation that refuses a field because it is broken would look like one
 * that does not have the feature.
 * @param published `status.supportedFeatures` of the GatewayClass
 * @param release as the implementation calls it: `1.31.0`
 * @see https://gateway-api.sigs.k8s.io/geps/gep-2162/
 */
export function supportedFeatures(
  controllerName: string,
  published: string[],
  release: string | undefined,
): Omit<Target['features'], 'untestable'> {
  if (published.length > 0)
    return { supported: withOtherNames(published), source: 'the status of its GatewayClass' };
  const implementation = implementations[controllerName];
  const found = implementation?.releases.find(({ of }) => isOf(release, of));
  if (!found) {
    return {
      supported: coreFeatures,
      source: 'the core ones, for nothing says more: name others with --features, or cases by their name',
    };
  }
  const { of, gatewayApi, lacks } = found;
  const supported = featuresOf(gatewayApi as GatewayApiRelease).filter((name) => !lacks.includes(name));
  return {
    supported: withOtherNames(supported),
    source: `what is known of ${implementation?.about.project} ${of} in cluster/features/known.json`,
  };
}

/** What a conformance report says of an implementation, as far as it is known. */
export function aboutImplementation(controllerName: string, release: string | undefined): Implementation {
  const about = implementations[controllerName]?.about ?? {};
  return release === undefined ? about : { ...about, version: release };
}

/** What an implementation is called, and its control plane; undefined of one that is not known. */
export function knownController(controllerName: string): Pick<Known, 'name' | 'controller'> | undefined {
  return implementations[controllerName];
}

function isOf(release = '', of: string): boolean {
  const number = release.replace(/^v/, '');
  return number.startsWith(of) && /^([.-]|$)/.test(number.slice(of.length));
}
