import { availableParallelism } from 'node:os';

/**
 * Environment of the Go programs that every gateway of the managed cluster needs. Their heaps are small and much is
 * thrown away: collecting it less often costs memory that is there. Threads that look for work cost more than they do
 * where cores are few; and the gateways need some of these.
 * @see https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
export const goRuntime = {
  GOGC: '300',
  GOMAXPROCS: String(Math.ceil(availableParallelism() / 2)),
};
