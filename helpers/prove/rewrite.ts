import { listAt } from '../gateway/foreign.ts';
import type { Condition, KubeObject } from '../kube/objects.ts';
import type { StatusDoes } from './catalogue.ts';

interface Part {
  conditions?: Condition[];
  name?: string;
  attachedRoutes?: number;
  supportedKinds?: object[];
  parentRef?: { name: string };
  ancestorRef?: { name: string };
}

interface Status extends Part {
  listeners?: Part[];
  parents?: Part[];
  ancestors?: Part[];
  addresses?: object[];
  loadBalancer?: { ingress?: object[] };
}

/** The object as a saboteur tells it. What the fault does not find in it is left as it is. */
export function rewritten(object: KubeObject, does: StatusDoes): KubeObject {
  const copy = structuredClone(object);
  const status = copy.status as Status | undefined;
  if (status) rewriteStatus(status, copy.metadata.generation ?? 0, does);
  if (does.bare) {
    delete copy.status;
    delete copy.metadata.labels;
    delete copy.metadata.annotations;
  }
  const { dropLabel, dropAnnotation, dropEntry, changeEntry } = does;
  if (dropLabel !== undefined) delete copy.metadata.labels?.[dropLabel];
  if (dropAnnotation !== undefined) delete copy.metadata.annotations?.[dropAnnotation];
  if (dropEntry !== undefined) listAt(copy, dropEntry).splice(0);
  if (changeEntry !== undefined)
    for (const entry of listAt(copy, changeEntry)) changeTime(entry as Record<string, unknown>);
  return copy;
}

function rewriteStatus(status: Status, generation: number, does: StatusDoes): void {
  const { listeners = [], parents = [], ancestors = [] } = status;
  const parts = [status, ...listeners, ...parents, ...ancestors];
  for (const part of parts) part.conditions &&= conditionsOf(part.conditions, generation, does);
  if (does.part !== undefined) {
    for (const listener of listeners) listener.name = does.part;
    for (const { parentRef, ancestorRef } of [...parents, ...ancestors])
      Object.assign(parentRef ?? ancestorRef ?? {}, { name: does.part });
  }
  const { attachedRoutes: more = 0, addKind, dropKinds, addAddress, dropAddresses, addListener } = does;
  for (const listener of listeners) {
    listener.attachedRoutes = (listener.attachedRoutes ?? 0) + more;
    if (addKind !== undefined)
      listener.supportedKinds = [...(listener.supportedKinds ?? []), { kind: addKind }];
    if (dropKinds) listener.supportedKinds = [];
  }
  const { loadBalancer } = status;
  if (addAddress !== undefined) {
    status.addresses = [...(status.addresses ?? []), { type: 'IPAddress', value: addAddress }];
    if (loadBalancer) loadBalancer.ingress = [...(loadBalancer.ingress ?? []), { ip: addAddress }];
  }
  if (dropAddresses) {
    status.addresses = [];
    if (loadBalancer) loadBalancer.ingress = [];
  }
  if (addListener !== undefined) status.listeners = [...listeners, { ...listeners[0], name: addListener }];
}

function conditionsOf(
  conditions: Condition[],
  generation: number,
  { condition, is = {}, dropCondition, addCondition, messages }: StatusDoes,
): Condition[] {
  const changed = conditions
    .filter(({ type }) => type !== dropCondition)
    .map((one) => (one.type === condition ? changedCondition(one, is) : one))
    .map((one) => (messages === undefined ? one : { ...one, message: messages }));
  if (addCondition === undefined) return changed;
  return [
    ...changed,
    { type: addCondition, status: 'True', reason: 'IngressConformanceFault', observedGeneration: generation },
  ];
}

function changedCondition(condition: Condition, is: NonNullable<StatusDoes['is']>): Condition {
  const { status, reason, observedGeneration = 1 } = condition;
  return {
    ...condition,
    status: is.status === undefined ? status : status === 'True' ? 'False' : 'True',
    ...((is.reason ?? reason) !== undefined && { reason: is.reason ?? reason }),
    observedGeneration: is.observedGeneration === undefined ? observedGeneration : observedGeneration - 1,
  } as Condition;
}

/** Of a condition, or of the conditions of a parent. */
function changeTime(entry: Record<string, unknown>): void {
  for (const each of [entry, ...((entry.conditions as Record<string, unknown>[] | undefined) ?? [])])
    each.lastTransitionTime = '2001-01-01T00:00:00Z';
}
