import type { AssetId, Category, InstrumentId, Money, UnixMs, Side } from '../domain/ids.ts';
import { err, type Result } from '../domain/result.ts';
import type {
  AccountSettings,
  AmendOrder,
  CoinAmount,
  Credential,
  BorrowChecked,
  Exchange,
  ExchangeBook,
  ExchangeExecution,
  ExchangeInstrument,
  ExchangeMarket,
  ExchangeMoney,
  ExchangeOrder,
  ExchangeOrderRef,
  ExchangePosition,
  ExchangeRefusal,
  ExchangeTicker,
  FeeRates,
  GuardedProduct,
  KeyChange,
  LeveragePair,
  Member,
  NewSubKey,
  NewSubMember,
  NewTransfer,
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
  SettingsChange,
  TimeRange,
  TradingStop,
  Transfer,
  Wallet,
} from '../ports/exchange.ts';
import { JournalClosed } from '../ports/journal.ts';
import type { Rng } from '../ports/rng.ts';
import type { ExchangeClock } from './clocks.ts';
import type { Core, Decided } from './core.ts';
import { amendOrder } from './desk/amend.ts';
import { cancelAll, cancelOrder, cancelUnguarded } from './desk/cancel.ts';
import type { Decision } from './desk/decision.ts';
import { setLeverage } from './desk/leverage.ts';
import { disturbChange, placeDisturbed } from './disturbed.ts';
import { borrowCheck } from './desk/borrow-check.ts';
import { preCheck } from './desk/pre-check.ts';
import { setHedged } from './desk/switch-mode.ts';
import { setTradingStop } from './desk/trading-stop.ts';
import type { Faults } from './faults.ts';
import type { Credentials } from './members/credentials.ts';
import { adjustMoney, createDemoMember } from './members/demo-money.ts';
import {
  changeKey,
  createSubKey,
  createSubMember,
  deleteKey,
  deleteSubMember,
  freezeSubMember,
  memberOf,
  subMembersOf,
} from './members/members.ts';
import { changeSettings } from './members/settings.ts';
import { transfer, transferable } from './members/transfers.ts';
import { MoneyFront } from './money/exchange-money.ts';
import type { MarketData } from './market-data/market-data.ts';
import { SpreadFront } from './spread/front.ts';
import type { SpreadTape } from './spread/spread-tape.ts';
import type { Market } from './tape/market.ts';
import type { Tape } from './tape/tape.ts';
import { tickerOf } from './tape/ticker.ts';
import { positionsOf } from './views/positions.ts';
import type { Views } from './views/views.ts';
import { walletOf } from './views/wallet.ts';

export type ExchangeParts = Readonly<{
  core: Core;
  clock: ExchangeClock;
  markets: ReadonlyMap<InstrumentId, Market>;
  views: Views;
  tape: Tape;
  spreadTape: SpreadTape;
  faults: Faults;
  market: ExchangeMarket;
  past: MarketData;
  credentials: Credentials;
  rng: Rng;
  openedAt: UnixMs;
}>;

type Answer<T> = Promise<Result<T, ExchangeRefusal>>;

/** The port of a protocol server, on top of the decisions and the views. */
export class ExchangeFront implements Exchange {
  readonly market: ExchangeMarket;
  readonly money: ExchangeMoney;
  readonly spread: SpreadFront;
  readonly #parts: ExchangeParts;
  readonly #publicListeners: ((event: PublicEvent) => void)[] = [];
  readonly #privateListeners: ((event: PrivateEvent) => void)[] = [];

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    this.market = parts.market;
    this.money = new MoneyFront({ ...parts, desk: parts.core.desk, answer: (run) => this.#answer(run) });
    const { core, views, spreadTape } = parts;
    this.spread = new SpreadFront({ core, views, spreadTape, answer: (run) => this.#answer(run) });
  }

  now(): UnixMs {
    return this.#parts.clock.now();
  }

  credential(apiKey: string): Credential | null {
    return this.#parts.credentials.get(apiKey) ?? null;
  }

  instruments(category: Category): readonly ExchangeInstrument[] {
    const markets = [...this.#parts.markets.values()];
    return markets.filter((market) => market.instrument.category === category).map(listed);
  }

  instrument(id: InstrumentId): ExchangeInstrument | null {
    const market = this.#parts.markets.get(id);
    return market === undefined ? null : listed(market);
  }

  book(id: InstrumentId, depth: number): ExchangeBook {
    return this.#parts.tape.book(id, depth);
  }

  ticker(id: InstrumentId): ExchangeTicker {
    const { markets, tape, views } = this.#parts;
    return tickerOf(
      markets.get(id) as Market,
      tape.of(id).stats,
      views.accounts,
      this.now(),
      this.#parts.past.fundingRate(id, this.now()),
    );
  }

  recentTrades(id: InstrumentId, limit: number): readonly PublicTrade[] {
    return this.#parts.tape.of(id).trades.latest(limit);
  }

  place(uid: string, order: PlaceOrder): Answer<OrderIds> {
    return placeDisturbed(this.#parts, (run) => this.#answer(run), uid, order);
  }

  async amend(uid: string, ref: ExchangeOrderRef, change: AmendOrder): Answer<OrderIds> {
    const ignored = await disturbChange(this.#parts, 'order.amend', uid, ref);
    return ignored ?? this.#answer((decision) => amendOrder(decision, uid, ref, change));
  }

  async cancel(uid: string, ref: ExchangeOrderRef): Answer<OrderIds> {
    const ignored = await disturbChange(this.#parts, 'order.cancel', uid, ref);
    return ignored ?? this.#answer((decision) => cancelOrder(decision, uid, ref));
  }

  cancelAll(uid: string, filter: OrderFilter): Answer<readonly OrderIds[]> {
    return this.#answer((decision) => ({ ok: true, value: cancelAll(decision, uid, filter, 'by_user') }));
  }

  orders(uid: string, filter: OrderFilter & { readonly recentlyClosed: boolean }): readonly ExchangeOrder[] {
    const { views } = this.#parts;
    return filter.recentlyClosed ? views.recentlyClosed(uid, filter) : views.openOrders(uid, filter);
  }

  orderHistory(uid: string, filter: OrderFilter & TimeRange): readonly ExchangeOrder[] {
    return this.#parts.views.orderHistory(uid, filter, this.now());
  }

  executions(uid: string, filter: OrderFilter & TimeRange): readonly ExchangeExecution[] {
    return this.#parts.views.executions(uid, filter);
  }

  wallet(uid: string): Wallet {
    const { views, core } = this.#parts;
    return walletOf(core.desk.risk, views.account(uid));
  }

  settings(uid: string): AccountSettings {
    return this.#parts.views.account(uid).settings.current;
  }

  records<K extends RecordKind>(uid: string, kind: K, range: TimeRange): readonly RecordOf<K>[] {
    return this.#parts.views.records(uid, kind, range);
  }

  feeRates(uid: string, id: InstrumentId): FeeRates {
    const category = this.#parts.markets.get(id)?.instrument.category ?? 'spot';
    return this.#parts.core.desk.ratesOf(uid, category);
  }

  positions(uid: string, filter: PositionFilter): readonly ExchangePosition[] {
    const { views, core, markets } = this.#parts;
    return positionsOf({ risk: core.desk.risk, markets }, views.account(uid), filter);
  }

  preCheck(uid: string, order: PlaceOrder): Answer<PreChecked> {
    return this.#answer((decision) => preCheck(decision, uid, order));
  }

  borrowCheck(uid: string, id: InstrumentId, side: Side): BorrowChecked {
    return borrowCheck(this.#parts.core.desk, this.#parts.views.account(uid), id, side);
  }

  cancelUnguarded(uid: string, product: GuardedProduct): Answer<number> {
    return this.#answer((decision) => ({ ok: true, value: cancelUnguarded(decision, uid, product) }));
  }

  setTradingStop(uid: string, stop: TradingStop): Answer<void> {
    return this.#answer((decision) => setTradingStop(decision, uid, stop));
  }

  setHedged(uid: string, of: InstrumentId | AssetId, hedged: boolean): Answer<void> {
    return this.#answer((decision) => setHedged(decision, uid, of, hedged));
  }

  setLeverage(uid: string, id: InstrumentId, leverage: LeveragePair): Answer<void> {
    return this.#answer((decision) => setLeverage(decision, uid, id, leverage));
  }

  member(uid: string): Member | null {
    const { core, openedAt } = this.#parts;
    return memberOf(core.desk.state, uid, openedAt);
  }

  subMembers(uid: string): readonly Member[] {
    return subMembersOf(this.#parts.core.desk.state, uid);
  }

  keysOf(uid: string): readonly Credential[] {
    return this.#parts.credentials.of(uid);
  }

  createSubMember(uid: string, sub: NewSubMember): Answer<Member> {
    return this.#answer((decision) => createSubMember(decision, uid, sub));
  }

  createDemoMember(uid: string): Answer<Member> {
    return this.#answer((decision) => createDemoMember(decision, uid));
  }

  freezeSubMember(uid: string, sub: string, frozen: boolean): Answer<void> {
    return this.#answer((decision) => freezeSubMember(decision, uid, sub, frozen));
  }

  deleteSubMember(uid: string, sub: string): Answer<void> {
    return this.#answer((decision) => deleteSubMember(decision, uid, sub));
  }

  createSubKey(uid: string, key: NewSubKey): Answer<Credential> {
    const { credentials, rng } = this.#parts;
    return this.#answer((decision) => createSubKey(decision, uid, key, credentials, rng));
  }

  changeKey(uid: string, apiKey: string, change: KeyChange): Answer<Credential> {
    return this.#answer((decision) => changeKey(decision, uid, apiKey, change, this.#parts.credentials));
  }

  deleteKey(uid: string, apiKey: string): Answer<void> {
    return this.#answer((decision) => deleteKey(decision, uid, apiKey, this.#parts.credentials));
  }

  funding(uid: string): ReadonlyMap<AssetId, Money> {
    return this.#parts.views.account(uid).fund;
  }

  transferable(uid: string, asset: AssetId): Money {
    return transferable(this.#parts.core.desk, uid, asset);
  }

  transfer(uid: string, wanted: NewTransfer): Answer<Transfer> {
    return this.#answer((decision) => transfer(decision, uid, wanted));
  }

  adjustMoney(uid: string, amounts: readonly CoinAmount[]): Answer<void> {
    return this.#answer((decision) => adjustMoney(decision, uid, amounts));
  }

  usdPrice(asset: AssetId): Money {
    return this.#parts.core.desk.risk.usd(asset);
  }

  changeSettings(uid: string, change: SettingsChange): Answer<AccountSettings> {
    return this.#answer((decision) => changeSettings(decision, uid, change));
  }

  onPublic(listener: (event: PublicEvent) => void): void {
    this.#publicListeners.push(listener);
  }

  onPrivate(listener: (event: PrivateEvent) => void): void {
    this.#privateListeners.push(listener);
  }

  tellPublic(event: PublicEvent): void {
    for (const listener of this.#publicListeners) listener(event);
  }

  tellPrivate(event: PrivateEvent): void {
    for (const listener of this.#privateListeners) listener(event);
  }

  /**
   * A decision and its answer, once both are durable. An exchange whose journal is closed refuses; one whose journal
   * fails while it waits rejects, because then nobody knows whether the decision will be there after a restart.
   */
  async #answer<T>(run: (decision: Decision) => Result<T, ExchangeRefusal>): Answer<T> {
    let decided: Decided<Result<T, ExchangeRefusal>>;
    try {
      decided = this.#parts.core.decide(run);
    } catch (error) {
      if (error instanceof JournalClosed) return err({ code: 'UNAVAILABLE', detail: error.message });
      throw error;
    }
    await decided.durable;
    return decided.value;
  }
}

const listed = (market: Market): ExchangeInstrument => ({ ...market.instrument, status: market.status });
