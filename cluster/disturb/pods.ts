import { GATEWAY_NAME_LABEL } from '../../helpers/gateway/types.ts';
import { isReady, type Pod, podKind } from '../../helpers/pods/types.ts';
import { istioNamespace } from '../istio/install.ts';
import { again } from './again.ts';
import type { Disturb } from './disturbance.ts';

/**
 * Deletes one of the pods with a label every now and then, as a drain of its node would: one that serves. If its successor
 * went before it was ready, there would be nothing to judge for longer than any case waits.
 */
const deletes =
  (what: string, mean: number, of: { namespace?: string; labels: string }): Disturb =>
  ({ kube, random }, signal, done) =>
    again({ mean, random, signal }, async () => {
      const { items } = await kube.list<Pod>({ ...podKind, ...of });
      const pods = items.filter(isReady);
      const pod = pods[Math.floor(random() * pods.length)];
      if (!pod) return;
      const { name, namespace } = pod.metadata;
      await kube.delete({ ...podKind, name, ...(namespace && { namespace }) });
      done(`deleted ${what}`);
    });

/** The pod of some Gateway, one every ten seconds or so. */
export const gateways = deletes('a pod of a Gateway', 10_000, { labels: GATEWAY_NAME_LABEL });

/** The controller's pod. */
export const istiod = deletes("istiod's pod", 30_000, { namespace: istioNamespace, labels: 'app=istiod' });
