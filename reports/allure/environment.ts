import type { Run } from '../run.ts';

/** What stands on the front page of the Allure report. */
export function environmentOf({
  id,
  target,
  reach,
}: Pick<Run, 'id' | 'target' | 'reach'>): Record<string, string> {
  const { context, gatewayClass, imageSource, versions } = target;
  return {
    run: id,
    context,
    Kubernetes: versions.kubernetes,
    'Gateway API': `${versions.gatewayApi.version} ${versions.gatewayApi.channel}`,
    implementation: versions.implementation,
    GatewayClass: gatewayClass,
    images: imageSource,
    ...(reach && { reach: reach.way }),
  };
}
