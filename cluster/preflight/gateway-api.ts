import { pins } from '../pins.ts';
import { Problem } from '../problem.ts';
import type { Channel, Target } from '../target.ts';
import { read } from './api.ts';
import type { Cluster } from './connect.ts';
import { type Connection, contextOption, kubectlOptions } from './connection.ts';
import { type Crd, FEATURE_CRDS, untestableFeatures } from './features.ts';
import { Missing } from './missing.ts';

interface GatewayApi {
  versions: Target['versions']['gatewayApi'];
  /** Features, by Gateway API's names, that the installed CRDs have no room for. */
  untestable: string[];
  notes: string[];
}

/** The oldest CRDs that the suites take: those that Istio's ingress task installs. */
const OLDEST = 'v1.1.0';

/** Without these the suites cannot say anything. */
const NEEDED = ['gatewayclasses', 'gateways', 'httproutes'].map(
  (name) => `${name}.gateway.networking.k8s.io`,
);

const VERSION = 'gateway.networking.k8s.io/bundle-version';
const CHANNEL = 'gateway.networking.k8s.io/channel';

/**
 * Looks at the Gateway API CRDs of the cluster; never changes them.
 *
 * @param channel the channel that was asked for; undefined takes the one that is there
 * @throws Problem when they are absent or incomplete, unmarked, too old, of several versions or channels, of
 *   another channel than asked, or not (yet) established
 * @see https://gateway-api.sigs.k8s.io/concepts/versioning/
 */
export async function checkGatewayApi(cluster: Cluster, channel?: Channel): Promise<GatewayApi> {
  const { connection } = cluster;
  const asked = `find the Gateway API CRDs in context "${connection.context}"`;
  const names = [...new Set([...NEEDED, ...FEATURE_CRDS])];
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const crds = (
    await Promise.all(
      names.map((name) => read<Crd>(cluster, `CustomResourceDefinition ${name}`, `${path}/${name}`)),
    )
  ).filter((crd) => crd !== undefined);
  demandPresent(asked, connection, channel ?? 'experimental', crds);

  const needed = crds.filter(({ metadata }) => NEEDED.includes(metadata.name));
  const bundle = bundleOf(asked, connection, needed);
  demandServing(asked, connection, needed);
  if (isOlder(bundle.version, OLDEST)) {
    throw new Problem({
      asked,
      got: `they are ${bundle.version}`,
      cause: `the suites need ${OLDEST} or newer`,
      next: `upgrade them the way they were installed, or: ${installCommand(connection, channel ?? bundle.channel)}`,
    });
  }
  if (channel && channel !== bundle.channel) {
    throw new Problem({
      asked: `${asked}, ${channel} channel`,
      got: `${bundle.version} of the ${bundle.channel} channel`,
      cause: 'CRDs that are there are never replaced, as other things in the cluster may rely on them',
      next: `npm test -- ${contextOption(connection)} --channel ${bundle.channel}, or change the CRDs yourself: ${installCommand(connection, channel)}`,
    });
  }
  const untestable = untestableFeatures(crds);
  return { versions: bundle, untestable, notes: notesOf(crds, bundle, untestable) };
}

/** The command that installs the pinned CRDs of a channel. */
function installCommand(connection: Connection, channel: Channel): string {
  const url = `https://github.com/kubernetes-sigs/gateway-api/releases/download/${pins.gatewayApi}/${channel}-install.yaml`;
  return `kubectl apply --server-side -f ${url} ${kubectlOptions(connection)}`;
}

function demandPresent(asked: string, connection: Connection, channel: Channel, crds: Crd[]): void {
  const there = crds.map(({ metadata }) => metadata.name);
  const lacking = NEEDED.filter((name) => !there.includes(name));
  if (lacking.length === 0) return;
  if (there.length > 0) {
    throw new Problem({
      asked,
      got: `it has ${there.join(', ')}, but not ${lacking.join(', ')}`,
      cause: 'an installation of the CRDs was interrupted, or some were deleted',
      next: installCommand(connection, 'experimental'),
    });
  }
  throw new Missing('gateway-api', {
    asked,
    got: 'it has none of them',
    cause: 'clusters come without them; they are installed once, before the implementation',
    next: `npm test -- ${contextOption(connection)} --provision, or: ${installCommand(connection, channel)}`,
  });
}

/** Version and channel that all needed CRDs agree on. */
function bundleOf(asked: string, connection: Connection, needed: Crd[]): GatewayApi['versions'] {
  const marks = needed.map(({ metadata }) => {
    const { [VERSION]: version = 'no version', [CHANNEL]: channel = 'no channel' } =
      metadata.annotations ?? {};
    return { name: metadata.name, version, channel };
  });
  const said = marks.map(({ name, version, channel }) => `${name} ${version} (${channel})`).join(', ');
  const [first] = marks;
  if (
    !first ||
    marks.some(({ version, channel }) => version !== first.version || channel !== first.channel)
  ) {
    throw new Problem({
      asked,
      got: `they do not belong together: ${said}`,
      cause:
        'an upgrade was interrupted, or two installers (a Helm chart, an add-on) each brought some of them',
      next: `make them one version and channel, such as: ${installCommand(connection, 'experimental')}`,
    });
  }
  const { version, channel } = first;
  if (version === 'no version' || (channel !== 'standard' && channel !== 'experimental')) {
    throw new Problem({
      asked,
      got: said,
      cause: `without the annotations ${VERSION} and ${CHANNEL} (standard or experimental) a verdict cannot name what it was given for`,
      next: `install a release of them: ${installCommand(connection, 'experimental')}`,
    });
  }
  return { version, channel };
}

function demandServing(asked: string, connection: Connection, needed: Crd[]): void {
  for (const { metadata, spec, status } of needed) {
    const established = status?.conditions?.find(({ type }) => type === 'Established');
    if (established?.status !== 'True') {
      throw new Problem({
        asked,
        got: `${metadata.name} is not established${established?.message ? `: ${established.message}` : ''}`,
        cause: 'it was applied a moment ago, it is being deleted, or another CRD has its names',
        next: `kubectl describe crd ${metadata.name} ${kubectlOptions(connection)}`,
      });
    }
    if (!spec.versions.some(({ name, served }) => name === 'v1' && served)) {
      throw new Problem({
        asked,
        got: `${metadata.name} serves ${spec.versions
          .filter(({ served }) => served)
          .map(({ name }) => name)
          .join(', ')}`,
        cause: 'the suites speak version v1 of the API',
        next: `upgrade the CRDs: ${installCommand(connection, 'experimental')}`,
      });
    }
  }
}

function notesOf(crds: Crd[], bundle: GatewayApi['versions'], untestable: string[]): string[] {
  const strays = crds
    .map(({ metadata }) => ({
      name: metadata.name,
      version: metadata.annotations?.[VERSION] ?? 'no version',
    }))
    .filter(({ version }) => version !== bundle.version)
    .map(({ name, version }) => `${name} ${version}`);
  return [
    ...(untestable.length
      ? [
          `Gateway API ${bundle.version} (${bundle.channel}) has no room for: ${untestable.join(', ')}: they cannot be tested here`,
        ]
      : []),
    ...(strays.length ? [`other Gateway API CRDs are not ${bundle.version}: ${strays.join(', ')}`] : []),
  ];
}

/** Compares release versions such as v1.5.0-rc.1; what is no release (a development build) counts as new. */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [releaseOf(version), releaseOf(than)];
  if (!one || !other || version.startsWith('v0.0.0')) return false;
  const index = one.findIndex((part, at) => part !== other[at]);
  return index !== -1 && (one[index] ?? 0) < (other[index] ?? 0);
}

function releaseOf(version: string): number[] | undefined {
  return /^v(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
}
