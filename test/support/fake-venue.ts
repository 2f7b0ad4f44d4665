import type { ClientOrderId, ExecId, Money, UnixMs, VenueId, VenueOrderId } from '../../src/domain/ids.ts';
import { type Instrument, notionalOf, priceOf, qtyOf } from '../../src/domain/instrument.ts';
import { ZERO } from '../../src/domain/decimal.ts';
import { ok, type Result } from '../../src/domain/result.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type {
  OrderRef, Outcome, QueryAnswer, SubmitRequest, Unavailable, Venue, VenueBalance, VenueEvent, VenueExecution, VenueHealth, VenueList, VenueOrder, VenuePosition,
} from '../../src/ports/venue.ts'; // biome-ignore format: a list

export type Held = { order: VenueOrder; executions: VenueExecution[] };

/** A venue that does what a test says: it keeps what it accepted, and tells it when the test wants it told. */
export class FakeVenue implements Venue {
  readonly id: VenueId;
  readonly sharesJournal = false;
  readonly instrument: Instrument;
  readonly #clock: Clock;
  readonly held = new Map<ClientOrderId, Held>();
  readonly submits: SubmitRequest[] = [];
  readonly cancels: OrderRef[] = [];
  streaming = true;
  /** What the next submit does; by default it is accepted and acknowledged. */
  onSubmit: (request: SubmitRequest) => Promise<Outcome> = (request) => this.accept(request);
  onCancel: (ref: OrderRef) => Promise<Outcome> = (ref) => this.cancelHeld(ref);
  onQuery: (ref: OrderRef) => QueryAnswer = (ref) => this.answer(ref);
  #listener: (event: VenueEvent) => void = () => {};
  #trades = 0;

  constructor(id: VenueId, instrument: Instrument, clock: Clock) {
    this.id = id;
    this.instrument = instrument;
    this.#clock = clock;
  }

  #listing() {
    const listing = this.instrument.listings.get(this.id);
    if (listing === undefined) throw new Error(`${this.id} does not list ${this.instrument.id}`);
    return listing;
  }

  /** Takes an order into the book, in silence. */
  hold(request: SubmitRequest): Held {
    const at = this.#clock.now();
    const held: Held = {
      executions: [],
      order: {
        clientOrderId: request.clientOrderId,
        venueOrderId: `V${this.held.size + 1}` as VenueOrderId,
        instrument: request.instrument,
        side: request.side,
        price: request.price,
        qty: request.qty,
        cumQty: ZERO,
        status: 'working',
        reason: null,
        createdAt: at,
        updatedAt: at,
      },
    };
    this.held.set(request.clientOrderId, held);
    return held;
  }

  accept(request: SubmitRequest): Promise<Outcome> {
    const held = this.hold(request);
    return Promise.resolve({ type: 'acknowledged', venueOrderId: held.order.venueOrderId });
  }

  cancelHeld(ref: OrderRef): Promise<Outcome> {
    const held = this.held.get(ref.clientOrderId);
    if (held === undefined || held.order.status !== 'working') {
      return Promise.resolve({
        type: 'refused',
        refusal: { code: 'ORDER_NOT_FOUND', venueCode: '170213', message: 'unknown order' },
      });
    }
    held.order = { ...held.order, status: 'canceled', reason: 'BY_USER', updatedAt: this.#clock.now() };
    this.tellOrder(ref.clientOrderId);
    return Promise.resolve({ type: 'acknowledged', venueOrderId: held.order.venueOrderId });
  }

  /** Executes part of a held order, at its own price unless told otherwise; told to nobody yet. */
  fill(id: ClientOrderId, lots: number, ticks?: number): VenueExecution {
    const held = this.of(id);
    const listing = this.#listing();
    this.#trades += 1;
    const price = ticks === undefined ? held.order.price : priceOf(listing, ticks as never);
    const qty = qtyOf(listing, lots as never);
    const notional = notionalOf(listing, Number(price / listing.tick) as never, lots as never);
    const execution: VenueExecution = {
      execId: `X${this.#trades}` as ExecId,
      clientOrderId: id,
      venueOrderId: held.order.venueOrderId,
      instrument: this.instrument.id,
      side: held.order.side,
      kind: 'trade',
      at: this.#clock.now(),
      price,
      qty,
      notional,
      fee: ZERO,
      feeAsset: this.instrument.base,
      liquidity: 'taker',
    };
    held.executions.push(execution);
    const cumQty = (held.order.cumQty + qty) as Money;
    const status = cumQty >= held.order.qty ? 'filled' : held.order.status;
    held.order = { ...held.order, cumQty, status, updatedAt: this.#clock.now() };
    return execution;
  }

  of(id: ClientOrderId): Held {
    const held = this.held.get(id);
    if (held === undefined) throw new Error(`no order ${id}`);
    return held;
  }

  tellOrder(id: ClientOrderId): void {
    this.#listener({ type: 'order', order: this.of(id).order });
  }
  tellFill(execution: VenueExecution): void {
    this.#listener({ type: 'execution', execution });
  }
  tell(event: VenueEvent): void {
    this.#listener(event);
  }

  answer(ref: OrderRef): QueryAnswer {
    const held = this.held.get(ref.clientOrderId);
    if (held === undefined) return { type: 'absent', asOf: this.#clock.now() };
    return { type: 'found', order: held.order, executions: [...held.executions] };
  }

  onEvent(listener: (event: VenueEvent) => void): void {
    this.#listener = listener;
  }
  submit(request: SubmitRequest): Promise<Outcome> {
    this.submits.push(request);
    return this.onSubmit(request);
  }
  cancel(ref: OrderRef): Promise<Outcome> {
    this.cancels.push(ref);
    return this.onCancel(ref);
  }
  amend(): Promise<Outcome> {
    return Promise.resolve({ type: 'unknown', reason: 'not scripted' });
  }
  query(ref: OrderRef): Promise<QueryAnswer> {
    return Promise.resolve(this.onQuery(ref));
  }
  /** False: the lists have a row that cannot be read. */
  complete = true;
  openOrders(): Promise<Result<VenueList<VenueOrder>, Unavailable>> {
    const rows = [...this.held.values()].filter(({ order }) => order.status === 'working').map(({ order }) => order);
    return Promise.resolve(ok({ rows, complete: this.complete }));
  }
  executionsSince(since: UnixMs): Promise<Result<VenueList<VenueExecution>, Unavailable>> {
    const rows = [...this.held.values()].flatMap(({ executions }) => executions.filter(({ at }) => at >= since));
    return Promise.resolve(ok({ rows, complete: this.complete }));
  }
  balances(): Promise<Result<readonly VenueBalance[], Unavailable>> {
    return Promise.resolve(ok([]));
  }
  positions(): Promise<Result<readonly VenuePosition[], Unavailable>> {
    return Promise.resolve(ok([]));
  }
  health(): VenueHealth {
    return { ready: true, streaming: this.streaming, reason: null, lastMessageAt: this.#clock.now() };
  }
}
