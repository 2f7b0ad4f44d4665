import { ONE, ZERO } from '../../domain/decimal.ts';
import {
  type AssetId,
  type Category,
  type InstrumentId,
  instrumentId,
  type Money,
  type UnixMs,
} from '../../domain/ids.ts';
import type { FeeRates } from '../../ports/exchange.ts';
import type { PaperOptions } from '../config/types.ts';
import type { RiskSource } from '../money/account-risk.ts';
import type { SoundAccounts } from '../money/sound.ts';
import type { SpreadMarkets } from '../spread/spread-markets.ts';
import type { PaperState } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { TriggerIndex } from '../triggers/trigger-index.ts';
import type { Counters } from './counters.ts';

/** Everything that a decision reads: the state, the markets, the rules of this exchange. */
export type Desk = Readonly<{
  state: PaperState;
  counters: Counters;
  markets: ReadonlyMap<InstrumentId, Market>;
  /** Combos of the markets. */
  spreads: SpreadMarkets;
  options: PaperOptions;
  now: () => UnixMs;
  ratesOf: (uid: string, category: Category) => FeeRates;
  /** Number of an account in the matching engine; 0 is the synthetic one. */
  accountNumber: (uid: string) => number;
  risk: RiskSource;
  sound: SoundAccounts;
  triggers: TriggerIndex;
}>;

/** US dollars of one unit of a coin; zero where nobody knows. */
export const usdPrice = (asset: AssetId, index: (id: InstrumentId) => Money | null): Money =>
  DOLLARS.has(asset) ? ONE : (index(instrumentId('spot', `${asset}USDT`)) ?? ZERO);

const DOLLARS: ReadonlySet<string> = new Set(['USDT', 'USDC', 'USD']);

/** Stable coins count as a dollar, other coins by their index against the tether; nothing where that is not listed. */
export function riskSource(
  markets: ReadonlyMap<InstrumentId, Market>,
  ratesOf: (uid: string, category: Category) => FeeRates,
): RiskSource {
  return {
    market: (id) => markets.get(id),
    usd: (asset) => usdPrice(asset, (id) => markets.get(id)?.index() ?? null),
    taker: (uid, instrument) => ratesOf(uid, instrument.category).taker,
    rule: 'mark',
  };
}
