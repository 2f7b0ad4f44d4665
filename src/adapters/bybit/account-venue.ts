import type { Bybit, ExecutionPush, OrderPush, PositionPush, PrivateStream, TradeSocket, Wallet } from '@okd/bybit';
import type { Category, InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  OrderRef, Outcome, QueryAnswer, SubmitRequest, Unavailable, VenueBalance, VenueEvent, VenueExecution, VenueHealth, VenueOrder, VenuePosition,
} from '../../ports/venue.ts'; // biome-ignore format: a list
import type { AccountVenue, KeyReport, LinkCheck, LinkView } from '../../ports/venue-access.ts';
import { AccountFacts } from './account-facts.ts';
import { linkViews, testLinks } from './links.ts';
import type { Listings } from './listings.ts';
import { executionOf, orderOf, positionOf } from './map.ts';
import { OrderEntry } from './order-entry.ts';
import { unavailable } from './outcome.ts';
import { queryOrder } from './query.ts';
import { BYBIT, known, TRADED, type Traded } from './words.ts';

const SETTLE_COINS = ['USDT', 'USDC'] as const;

export type AccountVenueOptions = Readonly<{
  bybit: Bybit;
  listings: Listings;
  clock: Clock;
  report: KeyReport;
  /** False where the environment has no order entry over a socket. */
  hasTradeSocket: boolean;
  /** Orders leave over the trade socket while it is logged in, else over REST. */
  orderEntry: 'rest' | 'socket';
}>;

/** One account on Bybit, behind the venue port. */
export class BybitAccountVenue implements AccountVenue {
  readonly id = BYBIT;
  readonly sharesJournal = false;
  readonly uid: string;
  readonly #options: AccountVenueOptions;
  readonly #bybit: Bybit;
  readonly #listings: Listings;
  readonly #facts: AccountFacts;
  readonly #stream: PrivateStream;
  readonly #trade: TradeSocket | null;
  readonly #entry: OrderEntry;
  #listener: (event: VenueEvent) => void = () => {};
  #subscribed = false;
  #lastMessageAt: UnixMs | null = null;

  constructor(options: AccountVenueOptions) {
    this.#options = options;
    this.#bybit = options.bybit;
    this.#listings = options.listings;
    this.uid = options.report.uid;
    this.#facts = new AccountFacts(options.bybit);
    this.#stream = this.#openStream();
    this.#trade = options.hasTradeSocket ? this.#bybit.tradeSocket() : null;
    const socket = options.orderEntry === 'socket' ? this.#trade : null;
    this.#entry = new OrderEntry({ bybit: this.#bybit, listings: this.#listings, socket });
    void this.#bybit.serverClock.sync();
  }

  #openStream(): PrivateStream {
    return this.#bybit.privateStream({
      order: (row, meta) => this.#heard(() => this.#order(row), meta.receivedAt),
      execution: (row, meta) => this.#heard(() => this.#execution(row), meta.receivedAt),
      wallet: (row, meta) => this.#heard(() => this.#wallet(row, meta.creationTime), meta.receivedAt),
      position: (row, meta) => this.#heard(() => this.#position(row, meta.creationTime), meta.receivedAt),
      unreadable: ({ topic, text: content }) => this.#tell({ type: 'unreadable', topic, text: content }),
      subscribed: () => this.#link('up'),
      down: () => this.#link('down'),
    });
  }

  #heard(handle: () => void, at: number): void {
    this.#lastMessageAt = at as UnixMs;
    handle();
  }

  #link(state: 'up' | 'down'): void {
    this.#subscribed = state === 'up';
    if (state === 'up') void this.#facts.refresh();
    this.#tell({ type: 'link', state, at: this.#options.clock.now() });
  }

  #tell(event: VenueEvent): void {
    this.#listener(event);
  }

  #unreadable(topic: string, row: unknown): void {
    this.#tell({ type: 'unreadable', topic, text: JSON.stringify(row) });
  }

  #order(row: OrderPush): void {
    const category = this.#categoryOf(row.category);
    const order = category === null ? null : orderOf(category, row);
    if (order === null) this.#unreadable('order', row);
    else this.#tell({ type: 'order', order });
  }

  #execution(row: ExecutionPush): void {
    const category = this.#categoryOf(row.category);
    const coins = category === null ? null : this.#listings.coins(`${category}:${row.symbol}` as InstrumentId);
    const execution = category === null ? null : executionOf(category, row, coins);
    if (execution === null) this.#unreadable('execution', row);
    else if (execution !== 'cash') this.#tell({ type: 'execution', execution });
  }

  #wallet(row: Wallet, at: number): void {
    const balances = this.#facts.balances(row, at);
    this.#tell({ type: 'balance', balances });
  }

  #position(row: PositionPush, at: number): void {
    const category = this.#categoryOf(row.category);
    const position = category === null ? null : positionOf(category, row, at);
    if (position === null) return this.#unreadable('position', row);
    this.#facts.notePosition(position);
    this.#tell({ type: 'position', positions: [position] });
  }

  #categoryOf(word: OrderPush['category']): Traded | null {
    const category = known(word);
    return TRADED.find((one) => one === category) ?? null;
  }

  onEvent(listener: (event: VenueEvent) => void): void {
    this.#listener = listener;
  }

  submit(request: SubmitRequest): Promise<Outcome> {
    return this.#entry.submit(request);
  }

  amend(ref: OrderRef, change: Readonly<{ price: Money; qty: Money }>): Promise<Outcome> {
    return this.#entry.amend(ref, change);
  }

  cancel(ref: OrderRef): Promise<Outcome> {
    return this.#entry.cancel(ref);
  }

  query(ref: OrderRef): Promise<QueryAnswer> {
    return queryOrder(this.#bybit, this.#listings, ref, this.#options.clock.now());
  }

  async openOrders(): Promise<Result<readonly VenueOrder[], Unavailable>> {
    const rows: VenueOrder[] = [];
    const questions = [
      { category: 'spot' } as const,
      ...SETTLE_COINS.map((settleCoin) => ({ category: 'linear', settleCoin }) as const),
    ];
    for (const question of questions) {
      const listed = await this.#bybit.orders.allOpen(question);
      if (!listed.ok) return err(unavailable(listed.error));
      if (listed.value.unreadable.length > 0) return err({ code: 'UNAVAILABLE', reason: 'an order could not be read' });
      for (const row of listed.value.rows) {
        const order = orderOf(question.category, row);
        if (order === null) this.#unreadable('order list', row);
        else rows.push(order);
      }
    }
    return ok(rows);
  }

  async executionsSince(since: UnixMs): Promise<Result<readonly VenueExecution[], Unavailable>> {
    const rows: VenueExecution[] = [];
    for (const category of TRADED) {
      const listed = await this.#bybit.executions.since({ category, since });
      if (!listed.ok) return err(unavailable(listed.error));
      if (listed.value.unreadable.length > 0)
        return err({ code: 'UNAVAILABLE', reason: 'an execution could not be read' });
      for (const row of listed.value.rows) {
        const execution = executionOf(category, row, this.#listings.coins(`${category}:${row.symbol}` as InstrumentId));
        if (execution === null) this.#unreadable('execution list', row);
        else if (execution !== 'cash') rows.push(execution);
      }
    }
    return ok(rows.sort((a, b) => a.at - b.at));
  }

  balances(): Promise<Result<readonly VenueBalance[], Unavailable>> {
    return this.#facts.readBalances();
  }

  positions(): Promise<Result<readonly VenuePosition[], Unavailable>> {
    return this.#facts.readPositions(SETTLE_COINS);
  }

  fees(instrument: InstrumentId): Readonly<{ maker: Money; taker: Money }> | null {
    return this.#facts.fees(instrument);
  }

  leverage(instrument: InstrumentId): Money | null {
    return this.#facts.leverage(instrument);
  }

  health(): VenueHealth {
    const streaming = this.#subscribed;
    const reason = this.#entry.blocked ?? (streaming ? null : 'The private stream is not connected.');
    return { ready: reason === null, streaming, reason, lastMessageAt: this.#lastMessageAt };
  }

  permits(category: Category): boolean {
    const traded = TRADED.find((one) => one === category);
    return traded !== undefined && this.#options.report.canTrade.includes(category) && !this.#entry.isBarred(traded);
  }

  links(): readonly LinkView[] {
    const { clock } = this.#options;
    return linkViews({
      stream: this.#stream,
      trade: this.#trade,
      bybit: this.#bybit,
      clock,
      lastMessageAt: this.#lastMessageAt,
    });
  }

  clockSkewMs(): number | null {
    return this.#bybit.serverClock.skewMs();
  }

  test(): Promise<readonly LinkCheck[]> {
    return testLinks({ bybit: this.#bybit, clock: this.#options.clock, hasTradeSocket: this.#options.hasTradeSocket });
  }

  close(): Promise<void> {
    return this.#bybit.close();
  }
}
