import { steadily } from '../traffic/steadily.ts';
import type { Road } from './road.ts';

/** Settles with true as soon as a connection opens by this road, with false when none did within the timeout (milliseconds). */
export async function awaitConnect(
  road: Pick<Road, 'connect'>,
  { timeout, connect: each, signal }: { timeout: number; connect: number; signal?: AbortSignal | undefined },
): Promise<boolean> {
  const { steady } = await steadily(
    async () => {
      const came = await road.connect(each);
      return came === 'open' ? { right: true } : { right: false, wrong: came };
    },
    { times: 1, timeout, signal },
  );
  return steady;
}
