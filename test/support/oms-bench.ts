import { InternalBook } from '../../src/adapters/internal/internal-book.ts';
import { InternalVenue } from '../../src/adapters/internal/internal-venue.ts';
import { money, ZERO } from '../../src/domain/decimal.ts';
import {
  type AccountId,
  type AssetId,
  type ClientOrderId,
  INTERNAL_VENUE,
  type InstrumentId,
  type Money,
  type OrderId,
  type PartitionId,
  type VenueId,
} from '../../src/domain/ids.ts';
import { type Instrument, instrument, listing, toLots, toTicks } from '../../src/domain/instrument.ts';
import { unwrap } from '../../src/domain/result.ts';
import { Loop } from '../../src/kernel/loop.ts';
import { Partition } from '../../src/kernel/partition.ts';
import { AccountLogic } from '../../src/oms/account.ts';
import type { OrderContext } from '../../src/oms/context.ts';
import { AccountEffects } from '../../src/oms/effects.ts';
import type { OrderRequest } from '../../src/oms/events.ts';
import type { Reply } from '../../src/oms/messages.ts';
import { progressOf, statusOf } from '../../src/oms/progress.ts';
import type { AccountState } from '../../src/oms/state.ts';
import type { EffectWorld } from '../../src/oms/world.ts';
import { silentLog } from '../../src/ports/log.ts';
import type { BookView, Level } from '../../src/ports/market.ts';
import { FakeVenue } from './fake-venue.ts';
import { ManualClock, settle } from './manual-clock.ts';
import { MemoryJournal } from './memory-journal.ts';

export const OTHER = 'bybit' as VenueId;
const coins = { base: 'BTC' as AssetId, quote: 'USDT' as AssetId, settle: 'USDT' as AssetId };

const terms = (venue: VenueId) => ({
  venue, tick: money('0.01'), step: money('0.001'), minQty: money('0.001'), maxLimitQty: money('1000'), maxMarketQty: money('1000'),
  minPrice: money('0.01'), maxPrice: money('100000'), minNotional: money('5'), maxLeverage: null,
}); // biome-ignore format: a table

export const BTCUSDT: Instrument = unwrap(
  instrument({
    category: 'spot',
    symbol: 'BTCUSDT',
    ...coins,
    listings: [unwrap(listing(terms(INTERNAL_VENUE))), unwrap(listing(terms(OTHER)))],
  }),
);

const NO_FEE = { maker: ZERO, taker: ZERO };
const TENTH_PERCENT = { maker: money('0.001'), taker: money('0.001') };

type Row = readonly [price: string, qty: string];
const levels = (rows: readonly Row[]): Level[] =>
  rows.map(([price, qty]) => ({
    price: unwrap(toTicks(BTCUSDT.grid, money(price))),
    qty: unwrap(toLots(BTCUSDT.grid, money(qty))),
  }));

/** One account over the real internal book and a scripted other venue: everything but sockets, disks and time is real. */
export class OmsBench {
  readonly clock: ManualClock;
  journal: MemoryJournal;
  readonly venue: FakeVenue;
  crashes: unknown[] = [];
  alarms: string[] = [];
  halted: string | null = null;
  /** What the effects of account 1 see of the world. */
  world!: EffectWorld;
  otherBids: readonly Row[] = [['99.90', '10']];
  otherAsks: readonly Row[] = [['100.10', '10']];
  otherFree: Money = money('1000000');
  loop!: Loop;
  book!: InternalBook;
  #desks = new Map<number, { logic: AccountLogic; effects: AccountEffects; internal: InternalVenue }>();
  fees: { from: number; n: number; amount: Money }[] = [];

  constructor(clock = new ManualClock(), journal = new MemoryJournal()) {
    this.clock = clock;
    this.journal = journal;
    this.venue = new FakeVenue(OTHER, BTCUSDT, clock);
    this.#build();
  }

  #build(): void {
    this.loop = new Loop((error) => this.crashes.push(error));
    this.book = new InternalBook(BTCUSDT, this.journal);
    this.book.recover();
    this.book.listen({
      report: (number, event) => this.#desks.get(number)?.internal.deliver(event),
      traded: () => {},
      changed: () => {},
    });
    for (const number of [1, 2]) this.#open(number);
    this.venue.onEvent((event) =>
      this.desk(1).effects.post({ type: 'venue_event', at: this.clock.now(), venue: OTHER, event }),
    );
  }

  #open(number: number): void {
    const { clock, journal, loop } = this;
    const logic = new AccountLogic(`account:${number}` as PartitionId, 'test01');
    const world: EffectWorld = {
      loop,
      journal,
      clock,
      log: silentLog,
      venue: (id) => (id === INTERNAL_VENUE ? internal : number === 1 ? this.venue : null),
      instrument: () => BTCUSDT,
      context: () => this.context(),
      halted: () => this.halted,
      sendFee: ({ n, amount }) => {
        this.fees.push({ from: number, n, amount });
        logic.state.feesArrived(n);
      },
      changed: () => () => {},
      alarm: (code) => this.alarms.push(code),
    };
    if (number === 1) this.world = world;
    const effects = new AccountEffects(world, logic.state); // biome-ignore format: short members together
    const partition = new Partition(logic, journal, (outputs) => effects.release(outputs));
    partition.recover();
    effects.bind(partition);
    const internal = new InternalVenue(new Map([[BTCUSDT.id, this.book]]), number, logic.state.balances, clock);
    internal.onEvent((event) => effects.post({ type: 'venue_event', at: clock.now(), venue: INTERNAL_VENUE, event }));
    this.#desks.set(number, { logic, effects, internal });
    if (logic.state.account === null)
      effects.post({ type: 'open', at: clock.now(), account: `acc${number}` as AccountId, number, synthetic: false });
    else effects.post({ type: 'recovered', at: clock.now() });
  }

  desk(number: number) {
    const desk = this.#desks.get(number);
    if (desk === undefined) throw new Error(`no desk ${number}`);
    return desk;
  }

  get state(): AccountState {
    return this.desk(1).logic.state;
  }

  /** The process dies and starts again on what was durable. The venue lives on. */
  crash(): void {
    for (const { effects } of this.#desks.values()) effects.stop();
    this.journal = this.journal.afterCrash();
    this.#build();
  }

  context(): OrderContext {
    const now = this.clock.now();
    const internal = this.book.depth(50);
    const bookOf = (venue: VenueId, bids: readonly Level[], asks: readonly Level[]): BookView => ({
      venue, instrument: BTCUSDT.id, bids, asks, valid: true, seq: 1, at: now, receivedAt: now,
    }); // biome-ignore format: one line
    return {
      instrument: BTCUSDT,
      quoteScale: 8,
      quoteInUsdt: money('1'),
      reference: { price: money('100'), source: 'mid', at: now },
      halted: this.halted,
      venues: [
        {
          venue: INTERNAL_VENUE, book: bookOf(INTERNAL_VENUE, internal.bids, internal.asks), closed: null, fees: TENTH_PERCENT, routing: NO_FEE,
          buyFeeIn: 'quote', balances: [], marginRate: null,
        },
        {
          venue: OTHER, book: bookOf(OTHER, levels(this.otherBids), levels(this.otherAsks)), closed: null, fees: TENTH_PERCENT,
          routing: { maker: money('0.0005'), taker: money('0.0005') }, buyFeeIn: 'base',
          balances: [{ asset: coins.quote, free: this.otherFree, at: now }], marginRate: null,
        },
      ],
      settings: {
        maxSlippage: money('0.01'), priceCollar: money('0.1'), maxOrderNotional: null, preferInternal: money('1'),
        routing: { only: null, defaultVenue: INTERNAL_VENUE, smart: true, largeOrders: null, thresholds: [] },
      },
    }; // biome-ignore format: short members together
  }

  async deposit(number: number, asset: string, amount: string): Promise<void> {
    const message = {
      type: 'transfer',
      at: this.clock.now(),
      direction: 'deposit',
      asset: asset as AssetId,
      amount: money(amount),
      reference: 'r',
      actor: 'a',
      note: '',
      idempotency: null,
    } as const;
    await this.desk(number).effects.ask(
      (replyTo) => ({ ...message, replyTo }),
      () => null,
    );
  }

  submit(number: number, wish: Partial<OrderRequest> = {}): Promise<Reply> {
    const request: OrderRequest = {
      clientOrderId: null, instrument: BTCUSDT.id as InstrumentId, side: 'buy', type: 'market', qty: money('1'), quoteQty: null, price: null,
      timeInForce: wish.type === 'limit' ? 'gtc' : 'ioc', reduceOnly: false, selfTrade: 'cancel_taker', maxSlippage: null,
      routing: { strategy: 'smart', venues: null, caps: [], preferInternal: null }, ...wish,
    }; // biome-ignore format: short members together
    const fingerprint = JSON.stringify(request, (_k, v) => (typeof v === 'bigint' ? `${v}` : v));
    const message = {
      type: 'submit',
      at: this.clock.now(),
      request,
      fingerprint,
      context: this.context(),
      idempotency: null,
    } as const;
    return this.desk(number).effects.ask(
      (replyTo) => ({ ...message, replyTo }),
      (reply) => reply,
    );
  }

  cancel(order: OrderId): Promise<Reply> {
    return this.desk(1).effects.ask(
      (replyTo) => ({ type: 'cancel', at: this.clock.now(), order, actor: 'a', replyTo }),
      (reply) => reply,
    );
  }

  /** Rests an ask of account 2 on the internal book. */
  async internalAsk(price: string, qty: string): Promise<void> {
    const routing = { strategy: 'smart', venues: [INTERNAL_VENUE], caps: [], preferInternal: null } as const;
    const reply = await this.submit(2, {
      side: 'sell',
      type: 'limit',
      price: money(price),
      qty: money(qty),
      timeInForce: 'post_only',
      routing,
    });
    if (reply.type !== 'accepted') throw new Error(JSON.stringify(reply));
  }

  status(order: OrderId) {
    const parent = this.state.parent(order);
    const progress = progressOf(this.state, parent);
    return {
      status: statusOf(parent, progress),
      reason: parent.closed?.reason ?? null,
      cumQty: progress.cumQty,
      certainty: progress.certainty,
    };
  }

  /** The children of an order at the other venue. */
  children(order: OrderId): readonly ClientOrderId[] {
    return this.state
      .childrenOf(this.state.parent(order))
      .filter((child) => child.order.venue === OTHER)
      .map((child) => child.order.clientOrderId);
  }

  /** What all accounts and the platform hold of a coin, fees under way included. */
  total(asset: string): Money {
    let sum = 0n;
    for (const { logic } of this.#desks.values()) sum += logic.state.balances.of(asset as AssetId).total;
    if (asset === 'USDT') for (const fee of this.fees) sum += fee.amount;
    return sum as Money;
  }
}

export { settle };
