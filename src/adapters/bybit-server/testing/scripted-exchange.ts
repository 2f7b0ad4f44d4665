import { money, ZERO } from '../../../domain/decimal.ts';
import {
  type AssetId,
  type Category,
  INTERNAL_VENUE,
  type InstrumentId,
  instrumentId,
  type Lots,
  type Ticks,
  type UnixMs,
} from '../../../domain/ids.ts';
import { listing } from '../../../domain/instrument.ts';
import { err, ok, type Result, unwrap } from '../../../domain/result.ts';
import type {
  AccountRecord,
  AmendOrder,
  BorrowChecked,
  Credential,
  Exchange,
  ExchangeBook,
  ExchangeExecution,
  ExchangeInstrument,
  ExchangeLevel,
  ExchangeOrder,
  ExchangeOrderRef,
  ExchangePosition,
  ExchangeRefusal,
  ExchangeTicker,
  LeveragePair,
  OrderFilter,
  OrderIds,
  PlaceOrder,
  PreChecked,
  PositionFilter,
  PrivateEvent,
  PublicEvent,
  PublicTrade,
  RecordKind,
  RecordOf,
  StopKind,
  TimeRange,
  TradingStop,
  Wallet,
} from '../../../ports/exchange.ts';

import { NO_SPREADS } from './scripted-spread.ts';
import { ScriptedMarket } from './scripted-market.ts';
import { ScriptedMoney } from './scripted-money.ts';
import { ScriptedMembers } from './scripted-members.ts';

export const SPOT = instrumentId('spot', 'BTCUSDT');
export const LINEAR = instrumentId('linear', 'BTCUSDT');

const LISTINGS = {
  spot: { tick: '0.1', step: '0.000001', minQty: '0.000011', minNotional: '5' },
  linear: { tick: '0.1', step: '0.001', minQty: '0.001', minNotional: '5' },
} as const;

export function instrumentFor(category: 'spot' | 'linear', symbol: string): ExchangeInstrument {
  const terms = LISTINGS[category];
  return {
    id: instrumentId(category, symbol),
    category,
    symbol,
    base: symbol.replace('USDT', '') as AssetId,
    quote: 'USDT' as AssetId,
    settle: 'USDT' as AssetId,
    listing: unwrap(
      listing({
        venue: INTERNAL_VENUE,
        tick: money(terms.tick),
        step: money(terms.step),
        minQty: money(terms.minQty),
        maxLimitQty: money('1190'),
        maxMarketQty: money('500'),
        minPrice: money('0.1'),
        maxPrice: money('1999999.8'),
        minNotional: money(terms.minNotional),
        maxLeverage: category === 'spot' ? null : money('100'),
      }),
    ),
    quoteStep: money('0.0000001'),
    postOnlyMaxQty: 1_190_000 as Lots,
    status: 'trading',
    launchedAt: 1_585_526_400_000 as UnixMs,
    priceLimitX: money('0.01'),
    priceLimitY: money('0.02'),
    marginTrading: category === 'spot',
    contract:
      category === 'spot'
        ? null
        : {
            kind: 'perpetual',
            valuation: 'linear',
            leverage: { min: money('1'), max: money('100'), step: money('0.01') },
            funding: { intervalMin: 480, cap: money('0.005') },
            delivery: null,
            option: null,
          },
  };
}

const TICKER = {
  last: money('60000.1'),
  index: money('60001.23'),
  mark: money('60000.4'),
  prev24h: money('59000'),
  prev1h: money('59990'),
  high24h: money('61000'),
  low24h: money('58000.5'),
  volume24h: money('1234.567'),
  turnover24h: money('74074020.1234567'),
  openInterest: money('100.5'),
  fundingRate: money('0.0001'),
  nextFundingAt: 1_700_006_400_000 as UnixMs,
  predictedDelivery: null,
  option: null,
  tickDirection: 'PlusTick',
} as const;

type Book = Omit<ExchangeBook, 'instrument'>;
type Call = Readonly<{
  uid: string;
  what: string;
  order?: PlaceOrder;
  ref?: ExchangeOrderRef;
  change?: AmendOrder;
  filter?: OrderFilter;
  stop?: TradingStop;
}>;

/** Says what a test has put into it, and remembers what it was asked. */
export class ScriptedExchange extends ScriptedMembers implements Exchange {
  time = 1_700_000_000_000;
  readonly calls: Call[] = [];
  readonly market = new ScriptedMarket();
  readonly money = new ScriptedMoney(this);
  readonly spread = NO_SPREADS;
  readonly listed = new Map<InstrumentId, ExchangeInstrument>();
  readonly books = new Map<InstrumentId, Book>();
  readonly tickers = new Map<InstrumentId, ExchangeTicker>();
  readonly trades = new Map<InstrumentId, readonly PublicTrade[]>();
  open: readonly ExchangeOrder[] = [];
  closed: readonly ExchangeOrder[] = [];
  filled: readonly ExchangeExecution[] = [];
  held: readonly ExchangePosition[] = [];
  funds: Wallet = EMPTY_WALLET;
  #placed = 0;
  readonly #publicListeners: ((event: PublicEvent) => void)[] = [];
  readonly #privateListeners: ((event: PrivateEvent) => void)[] = [];

  constructor() {
    super();
    this.addKey({});
    for (const category of ['spot', 'linear'] as const) {
      const instrument = instrumentFor(category, 'BTCUSDT');
      this.listed.set(instrument.id, instrument);
      this.tickers.set(instrument.id, { instrument: instrument.id, ...TICKER });
      this.setBook(instrument.id, [[600_000, 5]], [[600_010, 7]]);
    }
  }

  addKey(key: Partial<Credential>): Credential {
    const credential: Credential = {
      uid: '1001',
      apiKey: 'key',
      apiSecret: 'secret',
      readOnly: false,
      permissions: { Spot: ['SpotTrade'], ContractTrade: ['Order', 'Position'] },
      ips: [],
      createdAt: 1_690_000_000_000 as UnixMs,
      expiresAt: null,
      note: '',
      ...key,
    };
    this.credentials.set(credential.apiKey, credential);
    return credential;
  }

  /** A new state of a book, in ticks and lots; published when `publish` is given. */
  setBook(
    id: InstrumentId,
    bids: readonly [number, number][],
    asks: readonly [number, number][],
    publish = false,
  ): void {
    const before = this.books.get(id);
    const rows = (levels: readonly [number, number][]): ExchangeLevel[] =>
      levels.map(([price, qty]) => ({ price: price as Ticks, qty: qty as Lots }));
    const version = (before?.version ?? 0) + 1;
    const seq = (before?.seq ?? 1000) + 7;
    const at = this.time as UnixMs;
    this.books.set(id, { bids: rows(bids), asks: rows(asks), version, seq, at });
    if (publish) this.publish({ type: 'book', instrument: id, bids: [], asks: [], version, seq, at });
  }

  publish(event: PublicEvent): void {
    for (const listener of this.#publicListeners) listener(event);
  }

  tell(event: PrivateEvent): void {
    for (const listener of this.#privateListeners) listener(event);
  }

  now = (): UnixMs => this.time as UnixMs;
  instruments = (category: Category): readonly ExchangeInstrument[] =>
    [...this.listed.values()].filter((instrument) => instrument.category === category);
  instrument = (id: InstrumentId): ExchangeInstrument | null => this.listed.get(id) ?? null;

  book(id: InstrumentId, depth: number): ExchangeBook {
    const book = this.books.get(id) as Book;
    return { instrument: id, ...book, bids: book.bids.slice(0, depth), asks: book.asks.slice(0, depth) };
  }

  ticker = (id: InstrumentId): ExchangeTicker => this.tickers.get(id) as ExchangeTicker;
  recentTrades = (id: InstrumentId, limit: number): readonly PublicTrade[] =>
    (this.trades.get(id) ?? []).slice(0, limit);

  place(uid: string, order: PlaceOrder): Promise<Result<OrderIds, ExchangeRefusal>> {
    this.#placed += 1;
    return this.#answer(
      { uid, what: 'place', order },
      { orderId: `order-${this.#placed}`, clientOrderId: order.clientOrderId },
    );
  }

  amend(uid: string, ref: ExchangeOrderRef, change: AmendOrder): Promise<Result<OrderIds, ExchangeRefusal>> {
    return this.#answer(
      { uid, what: 'amend', ref, change },
      { orderId: ref.orderId ?? 'found', clientOrderId: ref.clientOrderId },
    );
  }

  cancel(uid: string, ref: ExchangeOrderRef): Promise<Result<OrderIds, ExchangeRefusal>> {
    return this.#answer(
      { uid, what: 'cancel', ref },
      { orderId: ref.orderId ?? 'found', clientOrderId: ref.clientOrderId },
    );
  }

  async cancelAll(uid: string, filter: OrderFilter): Promise<Result<readonly OrderIds[], ExchangeRefusal>> {
    const result = await this.#answer({ uid, what: 'cancelAll', filter }, { orderId: 'one', clientOrderId: 'mine' });
    return result.ok ? ok([result.value]) : result;
  }

  async setLeverage(uid: string, _id: InstrumentId, leverage: LeveragePair): Promise<Result<void, ExchangeRefusal>> {
    this.calls.push({ uid, what: `leverage ${leverage.buy}` });
    return this.refusal === null ? ok(undefined) : err(this.refusal);
  }

  preChecked: PreChecked | null = null;
  async preCheck(uid: string, order: PlaceOrder): Promise<Result<PreChecked, ExchangeRefusal>> {
    this.calls.push({ uid, what: 'pre-check', order });
    const none = { initial: ZERO, maintenance: ZERO };
    if (this.refusal !== null) return err(this.refusal);
    return ok(this.preChecked ?? { orderId: 'checked', before: none, after: none, refusal: null });
  }

  borrowCheck = (): BorrowChecked => ({
    maxQty: money('6.60654'),
    maxAmount: money('218014.013307971'),
    ownQty: money('0.27289'),
    ownAmount: money('9004.75628594'),
    borrows: 'USDT' as AssetId,
  });

  async cancelUnguarded(uid: string, product: string): Promise<Result<number, ExchangeRefusal>> {
    this.calls.push({ uid, what: `unguarded ${product}` });
    return this.refusal === null ? ok(1) : err(this.refusal);
  }

  async setTradingStop(uid: string, stop: TradingStop): Promise<Result<void, ExchangeRefusal>> {
    this.calls.push({ uid, what: 'trading stop', stop });
    return this.refusal === null ? ok(undefined) : err(this.refusal);
  }

  async setHedged(uid: string, of: string, hedged: boolean): Promise<Result<void, ExchangeRefusal>> {
    this.calls.push({ uid, what: `hedged ${of} ${hedged}` });
    return this.refusal === null ? ok(undefined) : err(this.refusal);
  }

  orders = (_uid: string, filter: OrderFilter & { readonly recentlyClosed: boolean }): readonly ExchangeOrder[] =>
    (filter.recentlyClosed ? this.closed : this.open).filter((order) => isWanted(order, filter));
  orderHistory = (_uid: string, filter: OrderFilter & TimeRange): readonly ExchangeOrder[] =>
    [...this.open, ...this.closed].filter(
      (order) => isWanted(order, filter) && order.createdAt >= filter.from && order.createdAt <= filter.to,
    );
  executions = (_uid: string, filter: OrderFilter & TimeRange): readonly ExchangeExecution[] =>
    this.filled.filter((one) => isWanted(one, filter) && one.at >= filter.from && one.at <= filter.to);
  wallet = (): Wallet => this.funds;
  kept: readonly AccountRecord[] = [];
  records<K extends RecordKind>(_uid: string, kind: K, { from, to }: TimeRange): readonly RecordOf<K>[] {
    return this.kept.filter((one): one is RecordOf<K> => one.kind === kind && one.at >= from && one.at <= to);
  }
  feeRates = () => ({ maker: money('0.0002'), taker: money('0.00055') });
  positions = (_uid: string, filter: PositionFilter): readonly ExchangePosition[] =>
    this.held.filter((position) => filter.instrument === null || position.instrument === filter.instrument);

  onPublic(listener: (event: PublicEvent) => void): void {
    this.#publicListeners.push(listener);
  }

  onPrivate(listener: (event: PrivateEvent) => void): void {
    this.#privateListeners.push(listener);
  }

  #answer(call: Call, ids: OrderIds): Promise<Result<OrderIds, ExchangeRefusal>> {
    this.calls.push(call);
    return Promise.resolve(this.refusal === null ? ok(ids) : err(this.refusal));
  }
}

type Named = Readonly<{ instrument: InstrumentId; orderId: string; clientOrderId: string | null }>;

const isWanted = (item: Named & { readonly stopKind: StopKind | null }, filter: OrderFilter): boolean =>
  (filter.kinds?.includes(item.stopKind) ?? true) &&
  item.instrument.startsWith(`${filter.category}:`) &&
  (filter.instrument === null || item.instrument === filter.instrument) &&
  (filter.orderId === null || item.orderId === filter.orderId) &&
  (filter.clientOrderId === null || item.clientOrderId === filter.clientOrderId);

const EMPTY_WALLET: Wallet = {
  coins: [],
  totals: {
    equity: ZERO,
    walletBalance: ZERO,
    marginBalance: ZERO,
    available: ZERO,
    perpUnrealised: ZERO,
    initialMargin: ZERO,
    maintenanceMargin: ZERO,
  },
};
