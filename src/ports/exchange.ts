import type { AssetId, Category, InstrumentId, Lots, Money, Side, Ticks, UnixMs } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type {
  AccountSettings,
  ExchangePosition,
  FeeRates,
  LeveragePair,
  PositionFilter,
  RecordKind,
  RecordOf,
  Wallet,
} from './exchange-account.ts';
import type { ExchangeMoney } from './exchange-money.ts';
import type { ExchangeMembers } from './exchange-members.ts';
import type { ExchangeChecks } from './exchange-checks.ts';
import type { ExchangeSpread } from './exchange-spread.ts';
import type { ExchangePositions } from './exchange-stops.ts';
import type { Credential } from './exchange-access.ts';
import type { ExchangeRefusal } from './exchange-refusal.ts';
import type { ExchangeInstrument } from './exchange-instrument.ts';
import type { ExchangeMarket, MarketEvent } from './exchange-market.ts';
import type {
  AmendOrder,
  ExchangeExecution,
  ExchangeOrder,
  ExchangeOrderRef,
  OrderFilter,
  OrderIds,
  PlaceOrder,
  TimeRange,
} from './exchange-order.ts';

export type * from './exchange-access.ts';
export type * from './exchange-account.ts';
export type * from './exchange-refusal.ts';
export type * from './exchange-members.ts';
export type * from './exchange-checks.ts';
export type * from './exchange-money.ts';
export type * from './exchange-stops.ts';
export * from './exchange-instrument.ts';
export * from './exchange-market.ts';
export * from './exchange-order.ts';
export * from './exchange-spread.ts';

/**
 * An exchange as its protocol server sees it. The paper exchange implements it; later the router does, so that
 * bots written for Bybit trade through it. In the core's words: the server maps them to its protocol's names, codes
 * and number formats. Writes resolve once what they answer is durable; events are published after that, in the order
 * in which the matching engine made them.
 */
export interface Exchange extends ExchangeMembers, ExchangePositions, ExchangeChecks {
  now(): UnixMs;
  credential(apiKey: string): Credential | null;
  instruments(category: Category): readonly ExchangeInstrument[];
  instrument(id: InstrumentId): ExchangeInstrument | null;

  /** At most `depth` levels a side, best first, and the sequence numbers that line up with the published book. */
  book(id: InstrumentId, depth: number): ExchangeBook;
  ticker(id: InstrumentId): ExchangeTicker;
  /** The past of the markets, and their rules. */
  readonly market: ExchangeMarket;
  /** Loans and margin of accounts. */
  readonly money: ExchangeMoney;
  /** The market of combos, which has instruments, orders and topics of its own. */
  readonly spread: ExchangeSpread;
  /** Newest first. */
  recentTrades(id: InstrumentId, limit: number): readonly PublicTrade[];

  place(uid: string, order: PlaceOrder): Promise<Result<OrderIds, ExchangeRefusal>>;
  amend(uid: string, ref: ExchangeOrderRef, change: AmendOrder): Promise<Result<OrderIds, ExchangeRefusal>>;
  cancel(uid: string, ref: ExchangeOrderRef): Promise<Result<OrderIds, ExchangeRefusal>>;
  cancelAll(uid: string, filter: OrderFilter): Promise<Result<readonly OrderIds[], ExchangeRefusal>>;

  /** Working orders, or with `recentlyClosed` the last 500 closed of the category; newest first. */
  orders(uid: string, filter: OrderFilter & { readonly recentlyClosed: boolean }): readonly ExchangeOrder[];
  /** Closed and open orders by creation time in [from, to], newest first. */
  orderHistory(uid: string, filter: OrderFilter & TimeRange): readonly ExchangeOrder[];
  /** By execution time in [from, to], newest first. */
  executions(uid: string, filter: OrderFilter & TimeRange): readonly ExchangeExecution[];

  wallet(uid: string): Wallet;
  settings(uid: string): AccountSettings;
  /** What else is known of an account by time in [from, to], newest first. */
  records<K extends RecordKind>(uid: string, kind: K, range: TimeRange): readonly RecordOf<K>[];
  feeRates(uid: string, id: InstrumentId): FeeRates;
  /** Flat positions included when an instrument is named. */
  positions(uid: string, filter: PositionFilter): readonly ExchangePosition[];
  setLeverage(uid: string, id: InstrumentId, leverage: LeveragePair): Promise<Result<void, ExchangeRefusal>>;

  onPublic(listener: (event: PublicEvent) => void): void;
  onPrivate(listener: (event: PrivateEvent) => void): void;
}

export type ExchangeLevel = Readonly<{ price: Ticks; qty: Lots }>;

export type ExchangeBook = Readonly<{
  instrument: InstrumentId;
  bids: readonly ExchangeLevel[];
  asks: readonly ExchangeLevel[];
  /** Grows by one with every change of the book of this instrument. */
  version: number;
  /** Cross sequence: grows over everything of this instrument, trades included. */
  seq: number;
  /** When the matching engine made this state. */
  at: UnixMs;
}>;

export type ExchangeTicker = Readonly<{
  instrument: InstrumentId;
  last: Money;
  index: Money;
  mark: Money;
  prev24h: Money;
  prev1h: Money;
  high24h: Money;
  low24h: Money;
  volume24h: Money;
  turnover24h: Money;
  /** Contracts open, one side counted; derivatives only. */
  openInterest: Money;
  fundingRate: Money;
  nextFundingAt: UnixMs | null;
  /** What the index would be delivered at if it stood still; null until the half hour before that. */
  predictedDelivery: Money | null;
  option: OptionPrices | null;
  tickDirection: 'PlusTick' | 'ZeroPlusTick' | 'MinusTick' | 'ZeroMinusTick';
}>;

/** Statistics, not money: volatilities are yearly fractions, zero where no volatility explains a price. */
export type OptionPrices = Readonly<{
  markIv: Money;
  bidIv: Money;
  askIv: Money;
  /** Price of the coin at delivery as the market of the option sees it. */
  underlying: Money;
  /** Vega for a hundredth of volatility, theta for a day. */
  greeks: Readonly<{ delta: Money; gamma: Money; vega: Money; theta: Money }>;
  /** Since it was listed. */
  totalVolume: Money;
  totalTurnover: Money;
}>;

export type PublicTrade = Readonly<{
  instrument: InstrumentId;
  tradeId: string;
  price: Money;
  qty: Money;
  aggressor: Side;
  at: UnixMs;
  seq: number;
  tickDirection: ExchangeTicker['tickDirection'];
  /** Options: how things stood, and the volatility that the price means. */
  option?: Readonly<{ mark: Money; index: Money; markIv: Money; tradeIv: Money }>;
}>;

export type PublicEvent = Readonly<
  /** The book changed; read it with `book`. Levels that changed, in listing units; quantity zero deletes. */
  | {
      type: 'book';
      instrument: InstrumentId;
      bids: readonly ExchangeLevel[];
      asks: readonly ExchangeLevel[];
      version: number;
      seq: number;
      at: UnixMs;
    }
  /** Trades of one match, oldest first. */
  | { type: 'trades'; instrument: InstrumentId; trades: readonly PublicTrade[] }
  | { type: 'ticker'; instrument: InstrumentId }
  | MarketEvent
>;

export type PrivateEvent = Readonly<{ uid: string; at: UnixMs }> &
  Readonly<
    | { type: 'order'; orders: readonly ExchangeOrder[] }
    | { type: 'execution'; executions: readonly ExchangeExecution[] }
    | { type: 'position'; positions: readonly ExchangePosition[] }
    | { type: 'wallet'; coins: readonly AssetId[] }
  >;
