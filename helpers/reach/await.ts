import type { Address } from '../traffic/request.ts';
import { steadily } from '../traffic/steadily.ts';
import { connect } from './connect.ts';

/** Settles with true as soon as a TCP connection opens, with false when none did within the timeout (milliseconds). */
export async function awaitConnect(
  address: Address,
  { timeout, connect: each, signal }: { timeout: number; connect: number; signal?: AbortSignal | undefined },
): Promise<boolean> {
  const { steady } = await steadily(
    async () => {
      const came = await connect(address, each);
      return came === 'open' ? { right: true } : { right: false, wrong: came };
    },
    { times: 1, timeout, signal },
  );
  return steady;
}
