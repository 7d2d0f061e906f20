import { join } from 'node:path';
import { $, which } from 'zx';
import { Kube } from '../../helpers/kube/client.ts';
import { binaries, buildGo } from '../build/go.ts';
import { goRuntime } from '../go-runtime.ts';
import { pins } from '../pins.ts';
import { explain, shell } from '../shell.ts';
import type { ImageSource, Target } from '../target.ts';
import { isDualStack } from './dual-stack.ts';

export const istioNamespace = 'istio-system';

/** GatewayClass that istiod accepts: the managed cluster's own. */
export const gatewayClass = 'istio';

/**
 * The ingress gateway that the minimal profile leaves out: Istio serves Ingresses by the pods labelled
 * `istio: ingressgateway`, and reports the address of this Service in their status.
 */
export const ingressGateway = 'istio-ingressgateway';

const withIngressGateway = {
  'components.ingressGateways[0].name': ingressGateway,
  'components.ingressGateways[0].enabled': 'true',
  [`values.gateways.${ingressGateway}.autoscaleEnabled`]: 'false',
  [`values.gateways.${ingressGateway}.resources.requests.cpu`]: '10m',
  [`values.gateways.${ingressGateway}.resources.requests.memory`]: '16Mi',
};

/**
 * Small enough for two cores to run dozens of gateways; the defaults fill them with twelve. What all of them wait for
 * has a larger share of cores that are busy.
 */
const smallRequests = {
  'values.global.proxy.resources.requests.cpu': '10m',
  'values.global.proxy.resources.requests.memory': '16Mi',
  'values.pilot.resources.requests.cpu': '50m',
  'values.pilot.resources.requests.memory': '64Mi',
  'values.global.imagePullPolicy': 'IfNotPresent',
};

/** There is one istiod, and need be no other. */
const alone = {
  'values.pilot.autoscaleEnabled': 'false',
  'values.pilot.env.ENABLE_LEADER_ELECTION': 'false',
};

/**
 * A proxy makes a key when it starts; an RSA one is a third of the CPU that its agent takes. And gets what leads to all
 * Services of the cluster, whether a route names them or not.
 */
const littleWork = {
  'meshConfig.defaultConfig.proxyMetadata.ECC_SIGNATURE_ALGORITHM': 'ECDSA',
  'meshConfig.defaultConfig.proxyMetadata.GOGC': goRuntime.GOGC,
  'values.pilot.env.GOGC': goRuntime.GOGC,
  'values.pilot.env.PILOT_FILTER_GATEWAY_CLUSTER_CONFIG': 'true',
};

/** Stock Envoy lacks the filters that these would ask it for. */
const stockEnvoy = {
  'values.telemetry.enabled': 'false',
  'values.pilot.env.PILOT_ENABLE_METADATA_EXCHANGE': 'false',
  'values.pilot.env.PILOT_ENABLE_ALPN_FILTER': 'false',
};

/**
 * Without these a Gateway of a dual-stack cluster has an address of each family, as its Service prefers both, and its
 * proxy listens on the first one only.
 * @see https://istio.io/latest/docs/setup/additional-setup/dual-stack/
 */
const bothFamilies = {
  'values.pilot.env.ISTIO_DUAL_STACK': 'true',
  'meshConfig.defaultConfig.proxyMetadata.ISTIO_DUAL_STACK': 'true',
};

/** istioctl of the pinned release from the PATH, else built from its Go module. */
async function istioctl(): Promise<string> {
  const found = await which('istioctl', { nothrow: true });
  if (found && (await $`${found} version --remote=false`).stdout.includes(pins.istio.release)) return found;
  await buildGo('tools', () => {});
  return join(binaries('tools'), 'istioctl');
}

/** What `istioctl install` is told, as names and values. */
export async function istioRecipe(
  connection: Pick<Target, 'kubeconfig' | 'context'>,
  imageSource: ImageSource,
): Promise<string[]> {
  const kube = new Kube(connection);
  try {
    const source = imageSource === 'source';
    const values = {
      profile: 'minimal',
      hub: source ? 'localhost/istio' : 'docker.io/istio',
      tag: source ? pins.istio.sourceTag : pins.istio.release,
      ...withIngressGateway,
      ...smallRequests,
      ...alone,
      ...littleWork,
      ...(source ? stockEnvoy : {}),
      ...((await isDualStack(kube)) ? bothFamilies : {}),
    };
    return Object.entries(values).map(([key, value]) => `${key}=${value}`);
  } finally {
    await kube.close();
  }
}

/**
 * Installs Istio's minimal profile (istiod, as the task has it) and beside it the istio-ingressgateway of the default
 * one; settles when both are ready.
 * @returns what it was installed with, as istioRecipe has it
 * @throws Problem with istioctl's own words
 */
export async function installIstio({
  kubeconfig,
  context,
  imageSource = 'registry',
}: Pick<Target, 'kubeconfig' | 'context'> & { imageSource?: ImageSource }): Promise<string[]> {
  try {
    const program = await istioctl();
    const recipe = await istioRecipe({ kubeconfig, context }, imageSource);
    const set = recipe.flatMap((value) => ['--set', value]);
    // a list of kubeconfig files passes only through the environment
    await shell('istio', { KUBECONFIG: kubeconfig })`${program} install -y --context ${context} ${set}`;
    return recipe;
  } catch (error) {
    throw explain('istio', 'install Istio (minimal profile)', error);
  }
}
