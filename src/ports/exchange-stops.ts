import type { AssetId, InstrumentId, Money } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { ExchangeRefusal } from './exchange-refusal.ts';
import type { ExitTerms, PositionIdx } from './exchange-order.ts';

/** A price to get out at, or `none` to take away what is there; null leaves it. */
export type ExitSetting = ExitTerms | 'none' | null;

/**
 * Ways out of a position. `full`: of the whole position, whatever its size becomes, one of each kind. `partial`: one more
 * of each kind that is given, of `size`.
 */
export type TradingStop = Readonly<{
  instrument: InstrumentId;
  positionIdx: PositionIdx;
  mode: 'full' | 'partial';
  takeProfit: ExitSetting;
  stopLoss: ExitSetting;
  /** Distance from the best price since it is active. */
  trailing: Money | 'none' | null;
  /** Where the trailing stop becomes active; null: at once. */
  activePrice: Money | null;
  size: Money | null;
}>;

/** Positions as their owner directs them. */
export interface ExchangePositions {
  setTradingStop(uid: string, stop: TradingStop): Promise<Result<void, ExchangeRefusal>>;
  /** Hedge or one-way mode of one instrument, or of all that settle in a coin and are not in use. */
  setHedged(uid: string, of: InstrumentId | AssetId, hedged: boolean): Promise<Result<void, ExchangeRefusal>>;
}
