import type { InstrumentId } from '../../domain/ids.ts';
import type { ExchangeLevel } from '../../ports/exchange.ts';
import type { Observation, Side, Snapshot, Taken } from '../statistics/profile.ts';
import type { Harness } from './harness.ts';

/** More levels than any book of agents has. */
const DEPTH = 1000;

/** Lets a market run and looks at it: at its book every so often, at all that is taken. Prices in ticks, sizes in lots. */
export async function observe(
  harness: Harness,
  instrument: InstrumentId,
  of: Readonly<{ forMs: number; everyMs: number }>,
): Promise<Observation> {
  const { exchange, clock, publics } = harness;
  const step = Number(exchange.instrument(instrument)?.listing.step);
  const books: Snapshot[] = [];
  const taken: Taken[] = [];
  publics.length = 0;
  for (let passed = 0; passed < of.forMs; passed += of.everyMs) {
    await clock.step?.(of.everyMs);
    for (const event of publics) {
      if (event.type !== 'trades' || event.instrument !== instrument) continue;
      const [first] = event.trades;
      const qty = event.trades.reduce((sum, one) => sum + Number(one.qty) / step, 0);
      if (first !== undefined) taken.push({ atMs: first.at, qty });
    }
    publics.length = 0;
    books.push(snapshotOf(exchange.book(instrument, DEPTH)));
  }
  return { everyMs: of.everyMs, books, taken };
}

export const snapshotOf = (book: Readonly<Record<'bids' | 'asks', readonly ExchangeLevel[]>>): Snapshot => ({
  bids: sideOf(book.bids),
  asks: sideOf(book.asks),
});
const sideOf = (levels: readonly ExchangeLevel[]): Side => levels.map(({ price, qty }) => [price, qty]);
