import { money } from '../../domain/decimal.ts';
import type { ClientOrderId, ExecId, Lots, Money, PartitionId, Ticks, UnixMs, VenueOrderId } from '../../domain/ids.ts';
import { INTERNAL_VENUE } from '../../domain/ids.ts';
import { type Instrument, type Listing, notionalOf, priceOf, qtyOf } from '../../domain/instrument.ts';
import { invariant } from '../../domain/result.ts';
import { decodeText, encodeText } from '../../kernel/codec.ts';
import {
  MatchingEngine,
  type MatchingEvent,
  RULES_VERSION,
  SELF_TRADE_MODES,
  TIMES_IN_FORCE,
} from '../../matching/index.ts';
import type { Journal } from '../../ports/journal.ts';
import type { Level, MarketTrade } from '../../ports/market.ts';
import type { OrderRef, RefusalCode, VenueEvent, VenueExecution, VenueOrder } from '../../ports/venue.ts';
import { type BookRecord, HASH_EVERY } from './book-journal.ts';
import { type BookOrder, BookOrders } from './book-orders.ts';

export type BookCommand = Exclude<BookRecord, { type: 'opened' | 'state' }>;
export type BookAnswer = Readonly<
  { ok: true; venueOrderId: VenueOrderId } | { ok: false; code: RefusalCode; message: string }
>;

/** What a book tells: its accounts about their orders, everybody about its depth and trades. */
export type BookListener = Readonly<{
  report(account: number, event: VenueEvent): void;
  traded(trade: MarketTrade): void;
  changed(): void;
}>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const IDLE: BookListener = { report: () => {}, traded: () => {}, changed: () => {} };

/** The internal book of one instrument: a partition around a matching engine. It knows orders and accounts, no money. */
export class InternalBook {
  readonly id: PartitionId;
  readonly instrument: Instrument;
  readonly listing: Listing;
  readonly #journal: Journal;
  readonly #engine = new MatchingEngine();
  readonly #orders = new BookOrders();
  #listener = IDLE;
  #commands = 0;
  #lastNumber = 0;
  #changes = 0;
  #lastTrade: MarketTrade | null = null;
  #changedAt = 0 as UnixMs;

  constructor(instrument: Instrument, journal: Journal) {
    const listing = instrument.listings.get(INTERNAL_VENUE);
    invariant(listing !== undefined, `${instrument.id} is listed on the internal venue`);
    this.id = `book:${instrument.id}` as PartitionId;
    this.instrument = instrument;
    this.listing = listing;
    this.#journal = journal;
  }

  /** Runs the journalled commands again. Throws where the journal belongs to other rules, or comes out otherwise. */
  recover(): number {
    let records = 0;
    for (const { payload } of this.#journal.read(this.id, 1)) {
      this.#replay(decodeText(decoder.decode(payload)) as BookRecord);
      records += 1;
    }
    if (records === 0) {
      const { tick, step } = this.listing;
      this.#append({ type: 'opened', rules: RULES_VERSION, tick: `${tick}`, step: `${step}` });
    }
    return records;
  }

  listen(listener: BookListener): void {
    this.#listener = listener;
  }

  #replay(record: BookRecord): void {
    if (record.type === 'opened') {
      const { tick, step } = this.listing;
      invariant(
        record.rules === RULES_VERSION,
        `${this.id} was written by matching rules ${record.rules}, these are ${RULES_VERSION}`,
      );
      invariant(
        record.tick === `${tick}` && record.step === `${step}`,
        `${this.id} was written on another tick or step`,
      );
    } else if (record.type === 'state') {
      invariant(record.hash === this.#engine.hash(), `${this.id}: replay differs from what was journalled`);
    } else {
      this.#run(record);
    }
  }

  /** Journals a command and runs it. Throws JournalClosed with nothing done. Reports go out before this returns. */
  execute(command: BookCommand): BookAnswer {
    this.#journal.assertOpen();
    const known = this.#orders.find(command.order);
    if (command.type === 'submit') {
      if (known !== null) return refused('DUPLICATE_ORDER_ID', 'this book has an order under that id');
    } else if (known === null || known.account !== command.account) {
      return refused('ORDER_NOT_FOUND', 'no such order in this book');
    } else if (known.view.status !== 'working') {
      return refused('ORDER_ALREADY_FINAL', `the order is ${known.view.status}`);
    }
    this.#append(command);
    const answer = this.#run(command);
    if (this.#commands % HASH_EVERY === 0) this.#append({ type: 'state', hash: this.#engine.hash() });
    return answer;
  }

  #append(record: BookRecord): void {
    this.#journal.append(this.id, [encoder.encode(encodeText(record))]);
  }

  #run(command: BookCommand): BookAnswer {
    this.#commands += 1;
    const engine = this.#engine;
    if (command.type === 'submit') {
      const number = this.#open(command);
      const tif = TIMES_IN_FORCE.indexOf(command.timeInForce);
      const stp = SELF_TRADE_MODES.indexOf(command.selfTrade);
      engine.submit(number, command.account, command.side === 'buy' ? 0 : 1, command.price, command.qty, tif, stp);
    } else {
      const number = Number(this.#order(command.order).view.venueOrderId);
      if (command.type === 'cancel') engine.cancel(number);
      else engine.amend(number, command.price, command.qty);
    }
    const answer = this.#report(command);
    this.#orders.forget(command.at);
    return answer;
  }

  #open(command: Extract<BookCommand, { type: 'submit' }>): number {
    this.#lastNumber += 1;
    const { listing } = this;
    const order: BookOrder = {
      account: command.account,
      executions: [],
      view: {
        clientOrderId: command.order,
        venueOrderId: `${this.#lastNumber}` as VenueOrderId,
        instrument: this.instrument.id,
        side: command.side,
        price: priceOf(listing, command.price as Ticks),
        qty: qtyOf(listing, command.qty as Lots),
        cumQty: money('0'),
        status: 'pending',
        reason: null,
        createdAt: command.at,
        updatedAt: command.at,
      },
    };
    this.#orders.add(this.#lastNumber, order);
    return this.#lastNumber;
  }

  #order(id: ClientOrderId): BookOrder {
    const order = this.#orders.find(id);
    invariant(order !== null, `${this.id} knows ${id}`);
    return order;
  }

  /** Turns the engine's events into reports: executions first, then each touched order's own picture, once. */
  #report(command: BookCommand): BookAnswer {
    const touched = new Set<BookOrder>();
    let rejection: string | null = null;
    for (const event of this.#engine.events.decodeAll()) {
      if (event.type === 'rejected') rejection = event.reason;
      else this.#take(event, command.at, touched);
    }
    if (rejection !== null) return this.#refuse(command, rejection);
    for (const order of touched) this.#listener.report(order.account, { type: 'order', order: order.view });
    this.#changes += 1;
    this.#changedAt = command.at;
    this.#listener.changed();
    return { ok: true, venueOrderId: this.#order(command.order).view.venueOrderId };
  }

  #refuse(command: BookCommand, reason: string): BookAnswer {
    if (command.type === 'submit') {
      this.#orders.end(this.#lastNumber, 'rejected', reason, command.at);
    }
    return refused(reason === 'NOT_MODIFIED' ? 'NOT_MODIFIED' : 'VENUE_REFUSED', reason);
  }

  #take(event: Exclude<MatchingEvent, { type: 'rejected' }>, at: UnixMs, touched: Set<BookOrder>): void {
    if (event.type === 'traded') return this.#trade(event, at, touched);
    const order = this.#orders.open(event.id);
    touched.add(order);
    switch (event.type) {
      case 'accepted':
        order.view = { ...order.view, status: 'working', updatedAt: at };
        return;
      case 'done':
        return this.#orders.end(event.id, 'filled', 'FILLED', at);
      case 'canceled':
        return this.#orders.end(event.id, 'canceled', event.reason, at);
      case 'reduced':
        order.view = { ...order.view, qty: qtyOf(this.listing, event.qty), updatedAt: at };
        return;
      case 'amended':
        order.view = {
          ...order.view,
          price: priceOf(this.listing, event.price),
          qty: qtyOf(this.listing, event.qty),
          updatedAt: at,
        };
        return;
    }
  }

  #trade(event: Extract<MatchingEvent, { type: 'traded' }>, at: UnixMs, touched: Set<BookOrder>): void {
    const { listing, instrument } = this;
    const price = priceOf(listing, event.price);
    const qty = qtyOf(listing, event.qty);
    const notional = notionalOf(listing, event.price, event.qty);
    for (const liquidity of ['maker', 'taker'] as const) {
      const order = this.#orders.open(liquidity === 'maker' ? event.makerId : event.takerId);
      const { view } = order;
      order.view = { ...view, cumQty: (view.cumQty + qty) as Money, updatedAt: at };
      const execution: VenueExecution = {
        execId: `${instrument.id}-${event.tradeSeq}-${view.side}` as ExecId,
        clientOrderId: view.clientOrderId,
        venueOrderId: view.venueOrderId,
        instrument: instrument.id,
        side: view.side,
        kind: 'trade',
        at,
        price,
        qty,
        notional,
        fee: money('0'),
        feeAsset: instrument.quote,
        liquidity,
      };
      order.executions.push(execution);
      touched.add(order);
      this.#listener.report(order.account, { type: 'execution', execution });
    }
    const tradeId = `${event.tradeSeq}`;
    this.#lastTrade = {
      venue: INTERNAL_VENUE,
      instrument: instrument.id,
      tradeId,
      price,
      qty,
      aggressor: event.aggressor,
      at,
    };
    this.#listener.traded(this.#lastTrade);
  }

  /** Null for an order that never was here, is another account's, or is forgotten: see `mayHaveForgotten`. */
  find(
    account: number,
    id: ClientOrderId,
  ): Readonly<{ view: VenueOrder; executions: readonly VenueExecution[] }> | null {
    const order = this.#orders.find(id);
    return order === null || order.account !== account ? null : order;
  }

  /** False where an order that is not found here surely never was here. */
  mayHaveForgotten(order: Pick<OrderRef, 'venueOrderId' | 'createdAt'>): boolean {
    return this.#orders.mayHaveForgotten(order);
  }

  working(account: number): readonly VenueOrder[] {
    return this.#orders.working(account);
  }

  /** Every execution of an account at or after `since`, oldest first; null where some may have been forgotten. */
  executionsSince(account: number, since: UnixMs): readonly VenueExecution[] | null {
    return this.#orders.executionsSince(account, since);
  }

  depth(levels: number): { bids: readonly Level[]; asks: readonly Level[] } {
    return this.#engine.depth(levels);
  }

  get lastTrade(): MarketTrade | null {
    return this.#lastTrade;
  }
  /** Number of changes so far, and when the last one was. */
  get version(): Readonly<{ seq: number; at: UnixMs }> {
    return { seq: this.#changes, at: this.#changedAt };
  }
  /** Deterministic hash of the engine's state. */
  hash(): number {
    return this.#engine.hash();
  }
}

const refused = (code: RefusalCode, message: string): BookAnswer => ({ ok: false, code, message });
