import type { InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import { splitInstrumentId } from '../../domain/ids.ts';
import type { ExchangeOrder, PublicTrade, SpreadTrade } from '../../ports/exchange.ts';
import type { LevelChanges } from '../book/order-book.ts';
import type { MarketFact } from '../market-data/facts.ts';
import { applyEvent } from '../state/apply.ts';
import { forgetClosed } from '../state/apply-orders.ts';
import type { Change } from '../state/changes.ts';
import type { PaperEvent, TradeHalf } from '../state/events.ts';
import type { SpreadMarket } from '../spread/spread-market.ts';
import type { Market } from '../tape/market.ts';
import type { Desk } from './desk.ts';

/** A change of one instrument's book, with the sequences that it got. */
export type BookChange = LevelChanges &
  Readonly<{ instrument: InstrumentId; version: number; seq: number; at: UnixMs }>;

/** The same of a combo: its levels in the engine's prices. */
export type SpreadBookChange = LevelChanges &
  Readonly<{ market: SpreadMarket; version: number; seq: number; at: UnixMs }>;

/** After these an account may be unsound at the prices at which it was sound. */
const CHANGES_TERMS: ReadonlySet<PaperEvent['type']> = new Set([
  'opened', 'restored', 'fees_set', 'listed', 'delisted', 'status_set',
]); // biome-ignore format: a list

/** A contract of an account whose orders or position changed. */
export type Touched = Readonly<{ uid: string; market: Market }>;

/** An order as its last fill left it, and what its fills opened. */
export type Filled = Readonly<{ uid: string; order: ExchangeOrder; opened: Money }>;

const DAY_MS = 86_400_000;

/**
 * One decision in the making: events are applied as they are found, so that the rest of it sees them. What it
 * collected is then recorded, made durable and published together.
 */
export class Decision {
  readonly desk: Desk;
  readonly at: UnixMs;
  readonly events: PaperEvent[] = [];
  readonly changes: Change[] = [];
  readonly trades: PublicTrade[] = [];
  readonly books: BookChange[] = [];
  /** Trades of combos, and of whichever's book changed the levels. */
  readonly spreadTrades: SpreadTrade[] = [];
  readonly spreadBooks: SpreadBookChange[] = [];
  /** Combos that ended: their books are no more. */
  readonly spreadsGone: string[] = [];
  /** What the histories of the markets are to keep, and their topics to tell. */
  readonly facts: MarketFact[] = [];
  /** Orders whose arrival or amendment is to be told before what they traded. */
  readonly arrived = new Set<string>();
  #traded = 0;
  #filled = new Map<string, Filled>();
  #touched = new Map<string, Touched>();
  /** Orders that were triggered: their owners are told of it before anything else happens to them. */
  readonly triggered = new Set<string>();
  /** Orders of which nothing is told while they wait: a trailing stop that only moved. */
  readonly unheard = new Set<string>();
  readonly #seqs = new Map<Market | SpreadMarket, number>();

  constructor(desk: Desk) {
    this.desk = desk;
    this.at = desk.now();
    forgetClosed(desk.state, (this.at - DAY_MS) as UnixMs, desk.options.clientOrderIds === 'open_24h');
    const reservation = desk.counters.reservation();
    if (reservation !== null) this.emit(reservation);
  }

  emit(event: PaperEvent): void {
    this.events.push(event);
    for (const change of applyEvent(this.desk.state, event)) {
      this.changes.push(change);
      if (change.type === 'order') this.desk.triggers.observe(change.uid, change.facts.order);
    }
    if (event.type === 'opened') this.desk.triggers.clear();
    if (CHANGES_TERMS.has(event.type)) this.desk.sound.clear();
    if (event.type === 'traded') for (const half of [event.taker, event.maker]) this.#noteFill(half, event.qty);
  }

  /** Remembers what an order filled that brought ways out along. */
  #noteFill({ uid, orderId, position }: TradeHalf, qty: Money): void {
    const order = orderId === null ? undefined : this.desk.state.accounts.get(uid)?.open.get(orderId)?.order;
    if (order === undefined || order.exits === null) return;
    const before = this.#filled.get(order.orderId)?.opened ?? 0n;
    const opened = (before + qty - (position?.closedQty ?? 0n)) as Money;
    this.#filled.set(order.orderId, { uid, order, opened });
  }

  /** Fills since the last look of orders whose ways out are to be set up. */
  takeFilled(): ReadonlyMap<string, Filled> {
    const filled = this.#filled;
    if (filled.size > 0) this.#filled = new Map();
    return filled;
  }

  /** Cross sequence of this decision in one instrument: one for all fills of a match. */
  seq(market: Market | SpreadMarket): number {
    let seq = this.#seqs.get(market);
    if (seq === undefined) this.#seqs.set(market, (seq = this.desk.counters.seq()));
    return seq;
  }

  touch(uid: string, market: Market): void {
    if (market.instrument.contract !== null) this.#touched.set(`${uid}/${market.id}`, { uid, market });
  }

  /** What has to be looked at since the last look. */
  takeTouched(): readonly Touched[] {
    const touched = [...this.#touched.values()];
    if (touched.length > 0) this.#touched = new Map();
    return touched;
  }

  /** The trades since the last look, oldest first. */
  takeTraded(): readonly PublicTrade[] {
    const traded = this.trades.slice(this.#traded);
    this.#traded = this.trades.length;
    return traded;
  }

  collectSpreadBook(market: SpreadMarket): void {
    const levels = market.book.takeChanges();
    if (levels === null) return;
    market.version += 1;
    this.spreadBooks.push({ ...levels, market, version: market.version, seq: this.seq(market), at: this.at });
  }

  /** Takes over what happened to the level quantities since the last decision. */
  collectBook(market: Market): void {
    const levels = market.book.takeChanges();
    if (levels === null) return;
    market.version += 1;
    market.observe(this.at);
    this.books.push({ ...levels, instrument: market.id, version: market.version, seq: this.seq(market), at: this.at });
  }
}

export const categoryOf = (id: InstrumentId) => splitInstrumentId(id).category;
