import type { UnixMs } from '../../domain/ids.ts';
import { MINUTE_MS } from '../candles/intervals.ts';
import type { Market } from '../tape/market.ts';

/** Something that has to be done for a market at a time. */
export type Due = Readonly<{ what: 'funding'; market: Market }>;

/** What falls due in (after, until], by its time, oldest first; of one time in the order of the markets. */
export function dueItems(markets: Iterable<Market>, after: UnixMs, until: UnixMs): ReadonlyMap<UnixMs, readonly Due[]> {
  const times = new Map<UnixMs, Due[]>();
  for (const market of markets) {
    const { contract, launchedAt } = market.instrument;
    const from = Math.max(after, launchedAt) as UnixMs;
    for (const at of boundaries(contract?.funding?.intervalMin ?? null, from, until)) {
      put(times, at, { what: 'funding', market });
    }
  }
  return new Map([...times].sort(([a], [b]) => a - b));
}

/** Multiples of an interval in (after, until]. */
function boundaries(intervalMin: number | null, after: UnixMs, until: UnixMs): readonly UnixMs[] {
  if (intervalMin === null) return [];
  const step = intervalMin * MINUTE_MS;
  const first = Math.floor(after / step) + 1;
  const count = Math.max(0, Math.floor(until / step) - first + 1);
  return Array.from({ length: count }, (_, index) => ((first + index) * step) as UnixMs);
}

function put(times: Map<UnixMs, Due[]>, at: UnixMs, due: Due): void {
  const known = times.get(at);
  if (known === undefined) times.set(at, [due]);
  else known.push(due);
}
