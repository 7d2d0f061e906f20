import { type GatewayClassObject, gatewayClassKind } from '../gateway/types.ts';
import type { Kube } from '../kube/client.ts';
import type { Manifest } from '../kube/manifests.ts';

/** What the fixtures' GatewayClasses are written for. */
const WRITTEN_FOR = 'istio.io/gateway-controller';

/**
 * GatewayClasses for Istio's controller ask for the one that the target's GatewayClass has; whatever else is there is
 * given as it is.
 * @param gatewayClass name of the target's
 * @throws ApiError
 */
export async function forController(
  manifests: Manifest[],
  kube: Kube,
  gatewayClass: string,
): Promise<Manifest[]> {
  const classes = manifests.filter(({ object }) => isWrittenFor(object as GatewayClassObject));
  if (classes.length === 0) return manifests;
  const target = await kube.get<GatewayClassObject>({ ...gatewayClassKind, name: gatewayClass });
  const controllerName = target?.spec.controllerName ?? WRITTEN_FOR;
  return manifests.map((manifest) => {
    if (!classes.includes(manifest)) return manifest;
    const { spec, ...object } = manifest.object as GatewayClassObject;
    return { ...manifest, object: { ...object, spec: { ...spec, controllerName } } };
  });
}

const isWrittenFor = ({ kind, spec }: GatewayClassObject): boolean =>
  kind === gatewayClassKind.kind && spec.controllerName === WRITTEN_FOR;
