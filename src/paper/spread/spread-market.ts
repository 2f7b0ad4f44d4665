import { formatDecimal } from '../../domain/decimal.ts';
import type { Lots, Money, Ticks } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { MatchingEngine } from '../../matching/index.ts';
import type { ExchangeRefusal, SpreadInstrument, SpreadTrade } from '../../ports/exchange.ts';
import { OrderBook } from '../book/order-book.ts';
import type { Market } from '../tape/market.ts';

/**
 * One combo as it trades now. The matching engine knows prices above zero only: its prices are the combo's, moved up
 * by a constant.
 */
export class SpreadMarket {
  readonly book = new OrderBook(new MatchingEngine());
  /** Clients' orders in the book, with their accounts. */
  readonly working = new Map<string, string>();
  readonly terms: SpreadInstrument;
  readonly far: Market;
  readonly near: Market;
  /** What the legs were when the combo was made of them: with other terms it is another combo. */
  readonly #madeOf: readonly [unknown, unknown];
  readonly #shift: number;
  /** Grows by one with every change of the book. */
  version: number;
  direction: SpreadTrade['tickDirection'] = 'PlusTick';
  /** Price of the last trade. */
  last: Money | null = null;
  /** Marks of the legs when the orders were last held against them. */
  #lookedAt: readonly [Money, Money] | null = null;

  constructor(terms: SpreadInstrument, far: Market, near: Market, version: number) {
    this.terms = terms;
    this.far = far;
    this.near = near;
    this.#madeOf = [far.instrument, near.instrument];
    this.#shift = Number(terms.maxPrice / terms.tick) + 1;
    this.version = version;
  }

  get symbol(): string {
    return this.terms.symbol;
  }

  get instrument(): SpreadInstrument {
    return this.isTrading ? this.terms : { ...this.terms, status: 'settling' };
  }

  get isTrading(): boolean {
    return this.far.status === 'trading' && this.near.status === 'trading';
  }

  get isAsListed(): boolean {
    return this.far.instrument === this.#madeOf[0] && this.near.instrument === this.#madeOf[1];
  }

  /** Whether a leg's mark is another one than at the last call. */
  hasMoved(): boolean {
    const marks = [this.far.mark(), this.near.mark()] as const;
    const before = this.#lookedAt;
    this.#lookedAt = marks;
    return before === null || before[0] !== marks[0] || before[1] !== marks[1];
  }

  /** What agents quote around: the difference of what the legs are worth. */
  fairPrice(): Money {
    return (this.far.fairPrice() - this.near.fairPrice()) as Money;
  }

  /** The engine's price of a combo's price. */
  toTicks(price: Money): Result<Ticks, ExchangeRefusal> {
    const { tick, minPrice, maxPrice } = this.terms;
    if (price < minPrice || price > maxPrice) {
      const detail = `${formatDecimal(price)} is not in ${formatDecimal(minPrice)} … ${formatDecimal(maxPrice)}`;
      return err({ code: 'PRICE_OUT_OF_RANGE', detail });
    }
    if (price % tick !== 0n) {
      return err({
        code: 'OFF_TICK',
        detail: `${formatDecimal(price)} is no whole number of ticks of ${formatDecimal(tick)}`,
      });
    }
    return ok((Number(price / tick) + this.#shift) as Ticks);
  }

  priceOf(ticks: Ticks): Money {
    return (BigInt(ticks - this.#shift) * this.terms.tick) as Money;
  }

  /** The price as a count of the combo's own ticks. */
  unshifted(ticks: Ticks): Ticks {
    return (ticks - this.#shift) as Ticks;
  }

  /** The nearest price of the engine that is inside the combo's range; `away` in ticks from there. */
  nearest(ticks: number): Ticks {
    return Math.max(1, Math.min(2 * this.#shift - 1, Math.round(ticks) + this.#shift)) as Ticks;
  }

  qtyOf(lots: Lots): Money {
    return (BigInt(lots) * this.terms.step) as Money;
  }

  legs(): readonly [far: Market, near: Market] {
    return [this.far, this.near];
  }
}
