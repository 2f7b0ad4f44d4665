import { divide, money, multiply } from '../../domain/decimal.ts';
import type { InstrumentId, Money, Ticks, UnixMs } from '../../domain/ids.ts';
import { priceOf } from '../../domain/instrument.ts';
import { MatchingEngine } from '../../matching/index.ts';
import { OrderBook } from '../book/order-book.ts';
import type { ExchangeInstrument } from '../../ports/exchange.ts';
import type { PaperInstrument } from '../config/listings.ts';
import { forwardOf, SETTLEMENT_MS, type Settling, settlementPrice } from './fair-value.ts';
import { type OptionPrice, OptionPricer } from './option-pricer.ts';
import { PremiumMean } from './premium.ts';
import { TimeMean } from './time-mean.ts';
import type { TickDirection } from './trades.ts';
import { ALONE, CoinIndex, type MarketWorld } from './world.ts';

/** How far the mark may follow the book away from the index, as a fraction of it. */
const MARK_BAND = money('0.0005');
const SPOT_WINDOW_MS = 120_000;
const LINEAR_WINDOW_MS = 30_000;

/** One instrument as it trades now: its book and the prices that rules and accounts are measured by. */
export class Market {
  instrument: PaperInstrument;
  readonly premium: PremiumMean;
  book: OrderBook;
  status: ExchangeInstrument['status'] = 'trading';
  /** A recorded book is a market of its own: its middle is as good as an index. Clients' orders alone are not. */
  replayed = false;
  direction: TickDirection = 'PlusTick';
  /** Grows by one with every change of the book. */
  version = 0;
  readonly #world: MarketWorld;
  /** Of contracts: where their coin stands. */
  #coin: CoinIndex | null = null;
  #delivery: UnixMs | null = null;
  #pricer: OptionPricer | null = null;
  readonly #indexMean = new TimeMean(2 * SETTLEMENT_MS);
  #reference: Money | null = null;
  #last: Money;

  constructor(instrument: PaperInstrument, last: Money | null, world: MarketWorld = ALONE) {
    this.instrument = instrument;
    this.book = new OrderBook(new MatchingEngine());
    this.#last = last ?? instrument.reference;
    this.premium = new PremiumMean(instrument.category === 'spot' ? SPOT_WINDOW_MS : LINEAR_WINDOW_MS);
    this.#world = world;
    this.#priceBy(instrument);
  }

  #priceBy(instrument: PaperInstrument): void {
    const { contract, base, listing } = instrument;
    this.#coin = contract === null ? null : new CoinIndex(this.#world, instrument);
    this.#delivery = contract?.delivery?.at ?? null;
    this.#pricer = contract?.kind === 'option' ? new OptionPricer(contract, base, listing.tick) : null;
  }

  /** Takes on other terms. With another tick or step the book is a new one: whoever had orders in it puts them back. */
  relist(instrument: PaperInstrument): void {
    const { tick, step } = this.instrument.listing;
    const isSameGrid = tick === instrument.listing.tick && step === instrument.listing.step;
    this.instrument = instrument;
    if (!isSameGrid) this.book = new OrderBook(new MatchingEngine());
    this.#priceBy(instrument);
  }

  get id(): InstrumentId {
    return this.instrument.id;
  }

  /** Where the index stands when somebody says so: the agents, or a test. */
  get reference(): Money | null {
    return this.#reference;
  }
  set reference(price: Money | null) {
    this.#reference = price;
    this.#keepIndex();
  }

  /** Price of the last trade. */
  get last(): Money {
    return this.#last;
  }
  set last(price: Money) {
    this.#last = price;
    this.#keepIndex();
  }

  /** Its time has come: it is delivered, and trades no more. */
  get isDue(): boolean {
    return this.#delivery !== null && this.#world.now() >= this.#delivery;
  }

  /** Half-way between the touches; null while one side is empty. */
  mid(): Money | null {
    const bid = this.book.levels.best('buy');
    const ask = this.book.levels.best('sell');
    if (bid === null || ask === null) return null;
    return ((this.#price(bid.price) + this.#price(ask.price)) / 2n) as Money;
  }

  /**
   * The reference where there is one, else the middle of a replayed book; else, of a contract where its coin stands on
   * spot, and of anything else the last trade. Rounded to the tick of who says it.
   */
  index(): Money {
    const own = this.#reference ?? (this.replayed ? this.mid() : null);
    if (own !== null) return this.#pricer === null ? this.#rounded(own) : own;
    const coin = this.#coin?.price() ?? null;
    if (coin !== null) return coin;
    return this.instrument.contract?.option?.strike ?? this.#rounded(this.#last);
  }

  /** Whether the index is that of its coin on spot, which then need not be written down. */
  get followsCoin(): boolean {
    return !this.replayed && this.#coin?.market !== undefined;
  }

  /** Average of the index since a time, as far back as it is known; the index, where it is not. */
  meanIndex(from: UnixMs): Money {
    const own = this.#reference !== null || this.replayed || this.#coin?.market === undefined;
    if (!own) return this.#coin?.mean(from) ?? this.index();
    return this.#indexMean.between(from, this.#world.now()) ?? this.index();
  }

  /**
   * Of perpetuals the index, of dated futures it with carry, moved towards the mid price of the book, but never further
   * than the band; rounded to a tick. Of options what the model says. Of pairs the index.
   */
  mark(): Money {
    if (this.instrument.contract === null) return this.index();
    if (this.#pricer !== null) return this.optionPrice().mark;
    const base = this.forward();
    const most = this.#isSettling() ? 0n : multiply(base, MARK_BAND, 'toward_zero');
    const apart = (this.mid() ?? base) - base;
    const moved = apart > most ? most : apart < -most ? -most : apart;
    return this.#rounded(base + moved);
  }

  /** What the contract is worth by itself, whatever its book says: the price that agents quote around. */
  fairPrice(): Money {
    return this.#pricer === null ? this.forward() : this.optionPrice().fair;
  }

  /** The index, and of what is dated with the carry to its delivery. */
  forward(): Money {
    const settling = this.#settling();
    return settling === null ? this.index() : forwardOf(settling);
  }

  /** What a dated contract would be delivered at, as far as it is known; of others the index. */
  settlementPrice(): Money {
    const settling = this.#settling();
    return settling === null ? this.index() : settlementPrice(settling);
  }

  /** Price, volatility and greeks of an option by its model. Computed when it is asked for. Throws for anything else. */
  optionPrice(): OptionPrice {
    return this.#option().price(this.forward(), this.#world.now());
  }

  /** Price of an option at a volatility (0.1 is 10 %), not rounded to its tick. Throws for anything else. */
  priceAtVol(iv: Money): Money {
    return this.#option().priceAtVol(iv, this.forward(), this.#world.now());
  }

  /** Volatility of an option's price; zero where there is none. Throws for anything else. */
  volOf(price: Money): Money {
    return this.#option().volOf(price, this.forward(), this.#world.now());
  }

  /** Keeps the mean premium, of books that are a market: a few clients' orders would make it anything. */
  observe(at: UnixMs): void {
    if (this.replayed) this.#keepIndex();
    const mid = this.#reference === null && !this.replayed ? null : this.mid();
    if (mid !== null) this.premium.observe(at, mid, this.forward());
  }

  #keepIndex(): void {
    this.#indexMean.observe(this.#world.now(), this.index());
  }

  #option(): OptionPricer {
    if (this.#pricer === null) throw new RangeError(`${this.id} is no option`);
    return this.#pricer;
  }

  #settling(): Settling | null {
    if (this.#delivery === null) return null;
    const mean = (from: UnixMs): Money => this.meanIndex(from);
    return { index: this.index(), mean, now: this.#world.now(), delivery: this.#delivery };
  }

  #isSettling(): boolean {
    return this.#delivery !== null && this.#delivery - this.#world.now() < SETTLEMENT_MS;
  }

  #rounded(price: bigint): Money {
    const { tick } = this.instrument.listing;
    return (divide(price, tick, 'half_even') * tick) as Money;
  }

  #price(ticks: Ticks): Money {
    return priceOf(this.instrument.listing, ticks);
  }
}
