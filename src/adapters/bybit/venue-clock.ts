import type { Bybit } from '@okd/bybit';
import type { Unavailable } from '../../ports/venue.ts';
import { unavailable } from './outcome.ts';

/** Without Bybit's clock no reading can be said to reach to its now. Null once it is known. */
export async function readClock({ serverClock }: Bybit): Promise<Unavailable | null> {
  const synced = serverClock.skewMs() === null ? await serverClock.sync() : null;
  return synced === null || synced.ok ? null : unavailable(synced.error);
}
