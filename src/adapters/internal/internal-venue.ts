import type { Balances } from '../../clearing/balances.ts';
import { formatDecimal, ZERO } from '../../domain/decimal.ts';
import { INTERNAL_VENUE, type InstrumentId, type Lots, type Money, type Ticks, type UnixMs } from '../../domain/ids.ts';
import { toLots, toTicks } from '../../domain/instrument.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  OrderRef,
  Outcome,
  QueryAnswer,
  RefusalCode,
  SubmitRequest,
  Unavailable,
  Venue,
  VenueBalance,
  VenueEvent,
  VenueExecution,
  VenueHealth,
  VenueList,
  VenueOrder,
  VenuePosition,
} from '../../ports/venue.ts';
import type { BookAnswer, InternalBook } from './internal-book.ts';

/** The internal books as one account sees them: just another venue, but one that shares the account's journal. */
export class InternalVenue implements Venue {
  readonly id = INTERNAL_VENUE;
  readonly sharesJournal = true;
  readonly #books: ReadonlyMap<InstrumentId, InternalBook>;
  readonly #account: number;
  readonly #balances: Balances;
  readonly #clock: Clock;
  #listener: (event: VenueEvent) => void = () => {};

  constructor(books: ReadonlyMap<InstrumentId, InternalBook>, account: number, balances: Balances, clock: Clock) {
    this.#books = books;
    this.#account = account;
    this.#balances = balances;
    this.#clock = clock;
  }

  /** Called by the books for each event of this account. */
  deliver(event: VenueEvent): void {
    this.#listener(event);
  }

  onEvent(listener: (event: VenueEvent) => void): void {
    this.#listener = listener;
  }

  submit(order: SubmitRequest): Promise<Outcome> {
    const { side, timeInForce, selfTrade } = order;
    const at = this.#clock.now();
    const command = { type: 'submit', at, account: this.#account, order: order.clientOrderId } as const;
    return this.#tell(order.instrument, (book) =>
      counted(book, order, (counts) => book.execute({ ...command, ...counts, side, timeInForce, selfTrade })),
    );
  }

  cancel(order: OrderRef): Promise<Outcome> {
    const at = this.#clock.now();
    const command = { type: 'cancel', at, account: this.#account, order: order.clientOrderId } as const;
    return this.#tell(order.instrument, (book) => book.execute(command));
  }

  amend(order: OrderRef, change: Readonly<{ price: Money; qty: Money }>): Promise<Outcome> {
    const at = this.#clock.now();
    const command = { type: 'amend', at, account: this.#account, order: order.clientOrderId } as const;
    return this.#tell(order.instrument, (book) =>
      counted(book, change, (counts) => book.execute({ ...command, ...counts })),
    );
  }

  #tell(instrument: InstrumentId, run: (book: InternalBook) => BookAnswer): Promise<Outcome> {
    const book = this.#books.get(instrument);
    const answer =
      book === undefined ? refused('INSTRUMENT_NOT_FOUND', `${instrument} has no internal book`) : run(book);
    if (answer.ok) return Promise.resolve({ type: 'acknowledged', venueOrderId: answer.venueOrderId });
    const { code, message } = answer;
    return Promise.resolve({ type: 'refused', refusal: { code, venueCode: code, message } });
  }

  query(order: OrderRef): Promise<QueryAnswer> {
    const book = this.#books.get(order.instrument);
    const found = book?.find(this.#account, order.clientOrderId) ?? null;
    if (found === null) return Promise.resolve(this.#notFound(order, book));
    return Promise.resolve({ type: 'found', order: found.view, executions: found.executions });
  }

  /** Absence is proof here. A book that may have forgotten the order proves nothing. */
  #notFound(order: OrderRef, book: InternalBook | undefined): QueryAnswer {
    if (book?.mayHaveForgotten(order) === true) {
      return { type: 'unavailable', reason: FORGOTTEN };
    }
    return { type: 'absent', asOf: this.#clock.now() };
  }

  openOrders(): Promise<Result<VenueList<VenueOrder>, Unavailable>> {
    const rows = [...this.#books.values()].flatMap((book) => book.working(this.#account));
    return Promise.resolve(ok({ rows, complete: true }));
  }

  executionsSince(since: UnixMs): Promise<Result<VenueList<VenueExecution>, Unavailable>> {
    const all: VenueExecution[] = [];
    for (const book of this.#books.values()) {
      const found = book.executionsSince(this.#account, since);
      if (found === null) return Promise.resolve(err({ code: 'UNAVAILABLE', reason: FORGOTTEN }));
      all.push(...found);
    }
    return Promise.resolve(ok({ rows: all.sort((a, b) => a.at - b.at), complete: true }));
  }

  balances(): Promise<Result<readonly VenueBalance[], Unavailable>> {
    const at = this.#clock.now();
    const rows = [...this.#balances.entries()].map(([asset, { total, held }]) => {
      return { asset, wallet: total, locked: held, margin: ZERO, borrowed: ZERO, at };
    });
    return Promise.resolve(ok(rows));
  }

  positions(): Promise<Result<readonly VenuePosition[], Unavailable>> {
    return Promise.resolve(ok([]));
  }

  health(): VenueHealth {
    return { ready: true, streaming: true, reason: null, lastMessageAt: this.#clock.now() };
  }
}

/** Why a book cannot answer about what lies further back than it remembers. */
const FORGOTTEN = 'the book does not remember that far back';

const refused = (code: RefusalCode, message: string): BookAnswer => ({ ok: false, code, message });

/** Decimals in the book's own ticks and lots; what does not lie on its grid never reaches it. */
function counted(
  { listing }: InternalBook,
  { price, qty }: Readonly<{ price: Money; qty: Money }>,
  run: (counts: Readonly<{ price: Ticks; qty: Lots }>) => BookAnswer,
): BookAnswer {
  const ticks = toTicks(listing, price);
  if (!ticks.ok) return refused('OFF_TICK', `the price is no multiple of the tick ${formatDecimal(listing.tick)}`);
  const lots = toLots(listing, qty);
  if (!lots.ok) return refused('OFF_STEP', `the quantity is no multiple of the step ${formatDecimal(listing.step)}`);
  return run({ price: ticks.value, qty: lots.value });
}
