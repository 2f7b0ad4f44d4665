import type { Lots, Money, Side, Ticks } from '../../domain/ids.ts';
import { floorLots, toLots, toTicks } from '../../domain/instrument.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Decision } from '../desk/decision.ts';
import type { Market } from '../tape/market.ts';
import { AssumedQueues } from './assumed-queues.ts';
import { type HistoryError, historyError } from './history-error.ts';
import type { BarPrice, HistoryEvent, HistoryKind, RecordedTrade } from './history-event.ts';
import { BAR_PARTS } from './kline-table.ts';
import { MadeQuotes, QUOTE_LEVELS, type Shown } from './made-quotes.ts';
import { inQueue, playTrade, type TradePrint } from './recorded-trades.ts';
import { ReplayedBook } from './replayed-book.ts';

/** How a book is made where none was recorded. Null: from what was traded. */
export type QuoteTerms = Readonly<{
  /** Between the touches, as a fraction of the price. */
  spread: Money;
  /** Shown on each level. */
  qty: Money | null;
  /** Before a client's order when the price comes to it. */
  queue: Money | null;
}>;

/** Trades of which the mean is taken, and how many times it a level shows. */
const MEAN_OF = 100;
const MEAN_TIMES = 10;

type Played = Result<void, HistoryError>;

/** What histories do to one market. */
export class ReplayedMarket {
  readonly market: Market;
  readonly #book: ReplayedBook | null;
  readonly #quotes: MadeQuotes;
  readonly #queues: AssumedQueues;
  readonly #terms: QuoteTerms;
  readonly #sizes: number[] = [];

  constructor(market: Market, kinds: ReadonlySet<HistoryKind>, terms: QuoteTerms) {
    this.market = market;
    this.#terms = terms;
    this.#book = kinds.has('book')
      ? new ReplayedBook(market, kinds.has('trades') ? 'along_the_queue' : 'from_the_end')
      : null;
    this.#quotes = new MadeQuotes(market, terms.spread);
    this.#queues = new AssumedQueues(market);
    market.replayed = true;
    // Where the index stood in an earlier run says nothing about the history.
    market.reference = null;
  }

  /** While trading is halted nothing trades: a recorded book changes, and recorded trades pass unseen. */
  play(decision: Decision, event: HistoryEvent): Played {
    if (event.kind === 'book') return this.#book?.apply(decision, event) ?? ok(undefined);
    if (this.market.status !== 'trading') return ok(undefined);
    return event.kind === 'trade' ? this.#trade(decision, event) : this.#bar(decision, event);
  }

  /** Takes all recorded and made quotes back; clients' orders stay. */
  clear(): void {
    this.#book?.clear();
    this.#quotes.clear();
  }

  /** The book was emptied. */
  forget(): void {
    this.#book?.forget();
    this.#quotes.forget();
    this.#queues.forget();
    this.#sizes.length = 0;
  }

  #trade(decision: Decision, event: RecordedTrade): Played {
    const trade = this.#print(event, event.qty);
    if (!trade.ok) return trade;
    const book = this.#book;
    if (book !== null) {
      playTrade(
        decision,
        this.market,
        trade.value,
        inQueue((order, qty) => book.traded(order, qty)),
      );
      return ok(undefined);
    }
    this.#sizes.push(trade.value.qty);
    if (this.#sizes.length > MEAN_OF) this.#sizes.shift();
    const shown = this.#lots(this.#terms.qty) ?? meanOf(this.#sizes);
    this.#between(decision, trade.value, { levels: QUOTE_LEVELS, qty: shown, exact: false });
    return ok(undefined);
  }

  /** A quarter of the bar's volume, what does not divide at its close. What is shown is a quarter on each side, too. */
  #bar(decision: Decision, event: BarPrice): Played {
    const whole = this.#print(event, event.volume);
    if (!whole.ok) return whole;
    const quarter = Math.floor(whole.value.qty / BAR_PARTS);
    const isLast = event.part === BAR_PARTS - 1;
    const qty = (isLast ? whole.value.qty - (BAR_PARTS - 1) * quarter : quarter) as Lots;
    const named = this.#lots(this.#terms.qty);
    const levels = named === null ? Math.min(QUOTE_LEVELS, quarter) : QUOTE_LEVELS;
    const shown = named ?? (Math.max(1, Math.floor(quarter / QUOTE_LEVELS)) as Lots);
    this.#between(decision, { ...whole.value, qty }, { levels, qty: shown, exact: true });
    return ok(undefined);
  }

  /** A trade between quotes that are made around it. */
  #between(decision: Decision, trade: TradePrint, shown: Shown): void {
    const queue = this.#queues.at(this.#lots(this.#terms.queue) ?? shown.qty);
    if (trade.qty > 0) playTrade(decision, this.market, trade, queue);
    this.#quotes.move(decision, trade, shown);
  }

  #print(event: RecordedTrade | BarPrice, qty: Money): Result<TradePrint, HistoryError> {
    const { listing } = this.market.instrument;
    const price = toTicks(listing, event.price);
    const lots = toLots(listing, qty);
    if (price.ok && lots.ok) return ok(printOf(event.side, price.value, lots.value));
    return err(historyError('REPLAY_OFF_GRID', event.line, 'price or quantity does not lie on the tick or step'));
  }

  #lots(qty: Money | null): Lots | null {
    return qty === null ? null : floorLots(this.market.instrument.listing, qty);
  }
}

const printOf = (side: Side, price: Ticks, qty: Lots): TradePrint => ({ side, price, qty });

const meanOf = (sizes: readonly number[]): Lots =>
  Math.max(1, Math.ceil((sizes.reduce((sum, size) => sum + size, 0) / sizes.length) * MEAN_TIMES)) as Lots;
