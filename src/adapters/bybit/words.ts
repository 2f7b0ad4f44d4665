import { isRecognised, type Category as WireCategory, type Unrecognised } from '@okd/bybit';
import { formatDecimal, parseDecimal, ZERO } from '../../domain/decimal.ts';
import {
  type Category,
  type InstrumentId,
  instrumentId,
  type Money,
  type Side,
  splitInstrumentId,
  type VenueId,
} from '../../domain/ids.ts';
import type { SelfTradePrevention, TimeInForce } from '../../domain/order.ts';

export const BYBIT = 'bybit' as VenueId;

/** Bybit's words for ours, and back. Nothing here guesses: what is not known comes back as null. */

/** Decimal text of the wire as an exact amount; null where there is none, or where it needs more digits than are kept. */
export function amount(text: string | null | undefined): Money | null {
  if (text === null || text === undefined) return null;
  const parsed = parseDecimal(text);
  return parsed.ok ? parsed.value : null;
}

/** As `amount`, where nothing said means nothing there: zero. What is said and cannot be read is null, never zero. */
export const amountOrZero = (text: string | null | undefined): Money | null =>
  text === null || text === undefined ? ZERO : amount(text);

export const text = formatDecimal;

export const sideWord = (side: Side): 'Buy' | 'Sell' => (side === 'buy' ? 'Buy' : 'Sell');

export function sideOf(word: 'Buy' | 'Sell' | Unrecognised): Side | null {
  if (word === 'Buy') return 'buy';
  return word === 'Sell' ? 'sell' : null;
}

const TIF = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', post_only: 'PostOnly' } as const satisfies Record<
  TimeInForce,
  string
>;
export const timeInForceWord = (tif: TimeInForce): (typeof TIF)[TimeInForce] => TIF[tif];

const SMP = {
  none: 'None',
  cancel_maker: 'CancelMaker',
  cancel_taker: 'CancelTaker',
  cancel_both: 'CancelBoth',
} as const;
export const selfTradeWord = (stp: SelfTradePrevention): (typeof SMP)[SelfTradePrevention] => SMP[stp];

/** Categories that this adapter trades. */
export const TRADED = ['spot', 'linear'] as const satisfies readonly (Category & WireCategory)[];
export type Traded = (typeof TRADED)[number];

export function tradedOf(id: InstrumentId): { category: Traded; symbol: string } | null {
  const { category, symbol } = splitInstrumentId(id);
  const traded = TRADED.find((one) => one === category);
  return traded === undefined ? null : { category: traded, symbol };
}

export const idOf = (category: Traded, symbol: string): InstrumentId => instrumentId(category, symbol);

/** A word of an enum, or null where this version does not know it. */
export const known = <T extends string>(word: T | Unrecognised | null): T | null =>
  word !== null && isRecognised(word) ? word : null;

/** Linear is listed by the coin it settles in. */
export const SETTLE_COINS = ['USDT', 'USDC'] as const;

/** Why an order ended, in our stable words (Bybit: docs/v5/enum, cancelType and rejectReason). */
const REASONS: Readonly<Record<string, string>> = {
  EC_PostOnlyWillTakeLiquidity: 'POST_ONLY_WOULD_TAKE',
  EC_NoImmediateQtyToFill: 'NOT_FILLED_AT_ONCE',
  EC_CancelForNoFullFill: 'NOT_WHOLLY_FILLABLE',
  EC_NoEnoughQtyToFill: 'NOT_WHOLLY_FILLABLE',
  EC_PerCancelRequest: 'CANCELED_BY_USER',
  EC_BySelfMatch: 'SELF_TRADE',
  EC_InvalidSymbolStatus: 'INSTRUMENT_NOT_TRADING',
  EC_ReachRiskPriceLimit: 'PRICE_OUT_OF_RANGE',
  EC_ReachMarketPriceLimit: 'PRICE_OUT_OF_RANGE',
  EC_QtyCannotBeZero: 'QTY_OUT_OF_RANGE',
  CancelByUser: 'CANCELED_BY_USER',
  CancelByReduceOnly: 'REDUCE_ONLY',
  CancelBySmp: 'SELF_TRADE',
  CancelByDCP: 'CANCELED_ON_DISCONNECT',
  CancelBySettle: 'INSTRUMENT_NOT_TRADING',
  CancelByDelivery: 'INSTRUMENT_NOT_TRADING',
  CancelByPrepareLiq: 'LIQUIDATION',
  CancelAllBeforeLiq: 'LIQUIDATION',
  CancelByPrepareAdl: 'AUTO_DELEVERAGE',
  CancelAllBeforeAdl: 'AUTO_DELEVERAGE',
};

export const endReason = (rejectReason: string | null, cancelType: string | null): string =>
  REASONS[rejectReason ?? ''] ?? REASONS[cancelType ?? ''] ?? 'CANCELED_BY_VENUE';
