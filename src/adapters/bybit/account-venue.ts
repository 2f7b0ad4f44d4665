import type { Bybit, ExecutionPush, OrderPush, PositionPush, PrivateStream, TradeSocket, Wallet } from '@okd/bybit';
import type { InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  OrderRef, Outcome, QueryAnswer, SubmitRequest, Unavailable, VenueBalance, VenueEvent, VenueExecution, VenueHealth, VenueOrder, VenuePosition,
} from '../../ports/venue.ts'; // biome-ignore format: a list
import type { AccountVenue, LinkCheck, LinkView } from '../../ports/venue-access.ts';
import { AccountFacts } from './account-facts.ts';
import { linkViews, testLinks } from './links.ts';
import type { Listings } from './listings.ts';
import { executionOf, orderOf, positionOf } from './map.ts';
import { outcomeOf, unavailable } from './outcome.ts';
import { amendParams, cancelParams, createParams } from './order-params.ts';
import { queryOrder } from './query.ts';
import { BYBIT, known, TRADED, type Traded } from './words.ts';

/** A command that has waited this long for its turn is not sent any more. */
const COMMAND_TTL_MS = 4_000;
const SETTLE_COINS = ['USDT', 'USDC'] as const;

export type AccountVenueOptions = Readonly<{
  bybit: Bybit;
  listings: Listings;
  clock: Clock;
  uid: string;
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
  #listener: (event: VenueEvent) => void = () => {};
  #subscribed = false;
  #blocked: string | null = null;
  #lastMessageAt: UnixMs | null = null;

  constructor(options: AccountVenueOptions) {
    this.#options = options;
    this.#bybit = options.bybit;
    this.#listings = options.listings;
    this.uid = options.uid;
    this.#facts = new AccountFacts(options.bybit);
    this.#stream = this.#openStream();
    this.#trade = options.hasTradeSocket ? this.#bybit.tradeSocket() : null;
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

  async submit(request: SubmitRequest): Promise<Outcome> {
    const params = createParams(this.#listings, request);
    if (!params.ok) return { type: 'refused', refusal: params.error };
    return this.#note(await this.#entry.create(params.value, { ttlMs: COMMAND_TTL_MS }));
  }

  async amend(ref: OrderRef, change: Readonly<{ price: Money; qty: Money }>): Promise<Outcome> {
    const params = amendParams(this.#listings, ref, change);
    if (!params.ok) return { type: 'refused', refusal: params.error };
    return this.#note(await this.#entry.amend(params.value, { ttlMs: COMMAND_TTL_MS }));
  }

  async cancel(ref: OrderRef): Promise<Outcome> {
    const params = cancelParams(ref);
    if (params === null) return { type: 'unknown', reason: `${ref.instrument} is not traded here` };
    return this.#note(await this.#entry.cancel(params, { ttlMs: COMMAND_TTL_MS }));
  }

  /** Over the socket while it is logged in and wanted; else over REST. One command never takes both ways. */
  get #entry(): Bybit['orders'] | TradeSocket {
    const socket = this.#options.orderEntry === 'socket' && this.#trade?.isReady === true ? this.#trade : null;
    return socket ?? this.#bybit.orders;
  }

  /** A key that is barred stays barred until it is changed: nothing new is sent with it. */
  #note(written: Awaited<ReturnType<Bybit['orders']['create']>>): Outcome {
    const outcome = outcomeOf(written);
    if (outcome.type === 'refused' && outcome.refusal.code === 'ACCOUNT_BLOCKED')
      this.#blocked = outcome.refusal.message;
    return outcome;
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
    const reason = this.#blocked ?? (streaming ? null : 'The private stream is not connected.');
    return { ready: reason === null, streaming, reason, lastMessageAt: this.#lastMessageAt };
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
