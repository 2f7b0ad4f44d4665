import { divide, money, multiply } from '../../domain/decimal.ts';
import type { InstrumentId, Money, Ticks, UnixMs } from '../../domain/ids.ts';
import { priceOf } from '../../domain/instrument.ts';
import { MatchingEngine } from '../../matching/index.ts';
import { OrderBook } from '../book/order-book.ts';
import type { ExchangeInstrument } from '../../ports/exchange.ts';
import type { PaperInstrument } from '../config/listings.ts';
import { PremiumMean } from './premium.ts';
import type { TickDirection } from './trades.ts';

/** How far the mark may follow the book away from the index, as a fraction of it. */
const MARK_BAND = money('0.0005');
const SPOT_WINDOW_MS = 120_000;
const LINEAR_WINDOW_MS = 30_000;

/** One instrument as it trades now: its book and the prices that rules and accounts are measured by. */
export class Market {
  readonly instrument: PaperInstrument;
  readonly premium: PremiumMean;
  readonly book: OrderBook;
  status: ExchangeInstrument['status'] = 'trading';
  /** Where the index stands when somebody says so: the agents, or a test. */
  reference: Money | null = null;
  /** A recorded book is a market of its own: its middle is as good as an index. Clients' orders alone are not. */
  replayed = false;
  last: Money;
  direction: TickDirection = 'PlusTick';
  /** Grows by one with every change of the book. */
  version = 0;

  constructor(instrument: PaperInstrument, last: Money | null) {
    this.instrument = instrument;
    this.book = new OrderBook(new MatchingEngine());
    this.last = last ?? instrument.reference;
    this.premium = new PremiumMean(instrument.category === 'spot' ? SPOT_WINDOW_MS : LINEAR_WINDOW_MS);
  }

  get id(): InstrumentId {
    return this.instrument.id;
  }

  /** Half-way between the touches; null while one side is empty. */
  mid(): Money | null {
    const bid = this.book.levels.best('buy');
    const ask = this.book.levels.best('sell');
    if (bid === null || ask === null) return null;
    return ((this.#price(bid.price) + this.#price(ask.price)) / 2n) as Money;
  }

  /** The reference where there is one, else the middle of a replayed book, else the last trade; rounded to a tick. */
  index(): Money {
    return this.#rounded(this.reference ?? (this.replayed ? this.mid() : null) ?? this.last);
  }

  /** Index, moved towards the mid price of the book, but never further than the band; rounded to a tick. */
  mark(): Money {
    const index = this.index();
    if (this.instrument.category === 'spot') return index;
    const most = multiply(index, MARK_BAND, 'toward_zero');
    const apart = (this.mid() ?? index) - index;
    const moved = apart > most ? most : apart < -most ? -most : apart;
    return this.#rounded(index + moved);
  }

  /** Keeps the mean premium, of books that are a market: a few clients' orders would make it anything. */
  observe(at: UnixMs): void {
    const mid = this.reference === null && !this.replayed ? null : this.mid();
    if (mid !== null) this.premium.observe(at, mid, this.index());
  }

  #rounded(price: bigint): Money {
    const { tick } = this.instrument.listing;
    return (divide(price, tick, 'half_even') * tick) as Money;
  }

  #price(ticks: Ticks): Money {
    return priceOf(this.instrument.listing, ticks);
  }
}
