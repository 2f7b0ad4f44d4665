import type { Category, InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import { type FeeRates, isFuture } from '../../ports/exchange.ts';
import type { PaperInstrument } from '../config/listings.ts';
import type { PaperOptions } from '../config/types.ts';
import type { MarginSource } from '../rules/margin.ts';
import type { PaperState } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { TriggerIndex } from '../triggers/trigger-index.ts';
import type { Counters } from './counters.ts';

/** Everything that a decision reads: the state, the markets, the rules of this exchange. */
export type Desk = Readonly<{
  state: PaperState;
  counters: Counters;
  markets: ReadonlyMap<InstrumentId, Market>;
  options: PaperOptions;
  now: () => UnixMs;
  ratesOf: (uid: string, category: Category) => FeeRates;
  /** Number of an account in the matching engine; 0 is the synthetic one. */
  accountNumber: (uid: string) => number;
  margin: MarginSource;
  triggers: TriggerIndex;
}>;

export function marginSource(
  markets: ReadonlyMap<InstrumentId, Market>,
  ratesOf: (uid: string, category: Category) => FeeRates,
): MarginSource {
  const perpetuals: PaperInstrument[] = [];
  for (const market of markets.values()) if (isFuture(market.instrument)) perpetuals.push(market.instrument);
  return {
    perpetuals,
    mark: (id: InstrumentId): Money => (markets.get(id) as Market).mark(),
    taker: (uid: string): Money => ratesOf(uid, 'linear').taker,
  };
}
