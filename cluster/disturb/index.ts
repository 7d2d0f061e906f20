import { apiServer } from './api-server.ts';
import { cores } from './cores.ts';
import type { Disturb } from './disturbance.ts';
import { latency } from './latency.ts';
import { loss } from './loss.ts';
import { gateways, istiod } from './pods.ts';

export const disturbances = {
  cores,
  'api-server': apiServer,
  gateways,
  istiod,
  latency,
  loss,
} satisfies Record<string, Disturb>;

export type DisturbanceName = keyof typeof disturbances;
