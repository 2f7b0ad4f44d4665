import type { Side } from '../domain/ids.ts';
import type { SelfTradePrevention, TimeInForce } from '../domain/order.ts';

/**
 * Small integers for the hot path, and the words that they stand for. A code is the word's place in its list, and
 * journals hold codes: lists only grow at the end, and a change of what a word means raises `RULES_VERSION`.
 */

/** Version of the matching rules. A journal is replayed by the version that wrote it. */
export const RULES_VERSION = 1;

export const BUY = 0;
export const SELL = 1;
export type SideCode = typeof BUY | typeof SELL;
export const SIDES = ['buy', 'sell'] as const satisfies readonly Side[];

export const GTC = 0;
export const IOC = 1;
export const FOK = 2;
export const POST_ONLY = 3;
export type TimeInForceCode = typeof GTC | typeof IOC | typeof FOK | typeof POST_ONLY;
export const TIMES_IN_FORCE = ['gtc', 'ioc', 'fok', 'post_only'] as const satisfies readonly TimeInForce[];

export const STP_NONE = 0;
export const STP_CANCEL_MAKER = 1;
export const STP_CANCEL_TAKER = 2;
export const STP_CANCEL_BOTH = 3;
export type SelfTradeCode =
  | typeof STP_NONE
  | typeof STP_CANCEL_MAKER
  | typeof STP_CANCEL_TAKER
  | typeof STP_CANCEL_BOTH;
export const SELF_TRADE_MODES = [
  'none',
  'cancel_maker',
  'cancel_taker',
  'cancel_both',
] as const satisfies readonly SelfTradePrevention[];

export const ACCEPTED = 0;
export const TRADED = 1;
export const DONE = 2;
export const CANCELED = 3;
export const REJECTED = 4;
export const REDUCED = 5;
export const AMENDED = 6;
export const EVENT_TYPES = ['accepted', 'traded', 'done', 'canceled', 'rejected', 'reduced', 'amended'] as const;

export const CANCEL_REASONS = [
  'REQUESTED', // a cancel command
  'ALL_OF_ACCOUNT', // a cancel_all command
  'SELF_TRADE', // self-trade prevention, of the maker or of the taker
  'POST_ONLY_WOULD_TAKE', // post-only, and its price reaches the other side
  'NOT_FILLED_AT_ONCE', // what an immediate-or-cancel or market order left
  'NOT_WHOLLY_FILLABLE', // fill-or-kill, and less than its quantity was to be had
] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];
export const BY_REQUEST = 0;
export const BY_CANCEL_ALL = 1;
export const BY_SELF_TRADE = 2;
export const BY_POST_ONLY = 3;
export const BY_IMMEDIATE = 4;
export const BY_FILL_OR_KILL = 5;

export const REJECT_REASONS = [
  'ID_OUT_OF_RANGE', // ids, prices and quantities are integers in 1 … 2^53-1
  'ACCOUNT_OUT_OF_RANGE', // 0 … 2^53-1
  'PRICE_OUT_OF_RANGE',
  'QTY_OUT_OF_RANGE',
  'UNKNOWN_CODE', // side, time in force or self-trade mode that this version does not know
  'DUPLICATE_ORDER_ID', // an order with this id is in the book
  'ORDER_NOT_FOUND', // unknown, or final already
  'MARKET_CANNOT_REST', // a market order is immediate-or-cancel or fill-or-kill
  'LEVEL_FULL', // the price level's quantity would pass 2^53-1
  'QTY_NOT_ABOVE_FILLED', // amend to a quantity that has been filled already
  'NOT_MODIFIED', // amend to the price and quantity that the order has
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];
export const BAD_ID = 0;
export const BAD_ACCOUNT = 1;
export const BAD_PRICE = 2;
export const BAD_QTY = 3;
export const BAD_CODE = 4;
export const DUPLICATE_ID = 5;
export const NOT_FOUND = 6;
export const MARKET_CANNOT_REST = 7;
export const LEVEL_FULL = 8;
export const QTY_NOT_ABOVE_FILLED = 9;
export const NOT_MODIFIED = 10;
