import type { Balances } from '../../clearing/balances.ts';
import { ZERO } from '../../domain/decimal.ts';
import { INTERNAL_VENUE, type InstrumentId, type UnixMs } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  OrderRef,
  Outcome,
  QueryAnswer,
  SubmitRequest,
  Unavailable,
  Venue,
  VenueBalance,
  VenueEvent,
  VenueExecution,
  VenueHealth,
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
    const { price, qty, side, timeInForce, selfTrade } = order;
    const at = this.#clock.now();
    const command = { type: 'submit', at, account: this.#account, order: order.clientOrderId } as const;
    return this.#tell(order.instrument, (book) =>
      book.execute({ ...command, side, price, qty, timeInForce, selfTrade }),
    );
  }

  cancel(order: OrderRef): Promise<Outcome> {
    const at = this.#clock.now();
    const command = { type: 'cancel', at, account: this.#account, order: order.clientOrderId } as const;
    return this.#tell(order.instrument, (book) => book.execute(command));
  }

  amend(order: OrderRef, change: Readonly<{ price: number; qty: number }>): Promise<Outcome> {
    const at = this.#clock.now();
    const command = { type: 'amend', at, account: this.#account, order: order.clientOrderId, ...change } as const;
    return this.#tell(order.instrument, (book) => book.execute(command));
  }

  #tell(instrument: InstrumentId, run: (book: InternalBook) => BookAnswer): Promise<Outcome> {
    const book = this.#books.get(instrument);
    if (book === undefined) {
      const refusal = {
        code: 'INSTRUMENT_NOT_FOUND',
        venueCode: '',
        message: `${instrument} has no internal book`,
      } as const;
      return Promise.resolve({ type: 'refused', refusal });
    }
    const answer = run(book);
    if (answer.ok) return Promise.resolve({ type: 'acknowledged', venueOrderId: answer.venueOrderId });
    const { code, message } = answer;
    return Promise.resolve({ type: 'refused', refusal: { code, venueCode: code, message } });
  }

  query(order: OrderRef): Promise<QueryAnswer> {
    const found = this.#books.get(order.instrument)?.find(this.#account, order.clientOrderId) ?? null;
    if (found === null) return Promise.resolve({ type: 'absent', asOf: this.#clock.now() });
    return Promise.resolve({ type: 'found', order: found.view, executions: found.executions });
  }

  openOrders(): Promise<Result<readonly VenueOrder[], Unavailable>> {
    return Promise.resolve(ok([...this.#books.values()].flatMap((book) => book.working(this.#account))));
  }

  executionsSince(since: UnixMs): Promise<Result<readonly VenueExecution[], Unavailable>> {
    const all = [...this.#books.values()].flatMap((book) => book.executionsSince(this.#account, since));
    return Promise.resolve(ok(all.sort((a, b) => a.at - b.at)));
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
