import { money } from '../../domain/decimal.ts';
import type { Lots, Money, Side, Ticks } from '../../domain/ids.ts';
import { opposite } from '../../domain/ids.ts';
import type { Listing } from '../../domain/instrument.ts';
import type { TimeInForce } from '../../domain/order.ts';
import type { Outcome } from '../book/order-book.ts';
import type { MarketPlan, SizeTerms } from '../config/market-terms.ts';
import type { Decision } from '../desk/decision.ts';
import { settle } from '../desk/settle.ts';
import type { Market } from '../tape/market.ts';
import type { Quoter } from './agent.ts';

/** How far the price may go before distances that are fractions of it are measured anew. */
const STRETCH = 2;

/**
 * One symbol as its agents see it: prices are in ticks and quantities in lots, both with fractions until an order is
 * sent. All agents are one account, which has as much of everything as it needs.
 */
export class Pit {
  readonly market: Market;
  /** Everybody with orders in the book. */
  readonly quoters: Quoter[] = [];
  /** Where the agents believe the price to be. */
  fair = Number.NaN;
  /** Sizes of the orders that take. */
  readonly takes: SizeTerms;
  readonly #listing: Listing;
  readonly #spacing: number;
  /** Lots of a typical level. */
  readonly unitLots: number;
  readonly #leastLots: number;
  /** Fair price by which distances were measured last. */
  #measuredAt = Number.NaN;
  #unitTicks = 1;

  constructor(market: Market, terms: MarketPlan) {
    const { contract, listing, reference } = market.instrument;
    this.market = market;
    this.#listing = listing;
    this.takes = terms.takes;
    this.#spacing = Number(terms.spacing);
    this.unitLots = Number(money(terms.levelQty)) / Number(listing.step);
    const isInverse = contract?.valuation === 'inverse'; // its quantity is its value already
    const cheapest = Number(listing.minNotional) / (isInverse ? 1e18 : Number(reference));
    this.#leastLots = Math.max(1, listing.minQty, Math.ceil((cheapest * 1e18) / Number(listing.step)));
  }

  /** Tells everybody the fair price. */
  tell(fair: Money): void {
    this.fair = Number(fair) / Number(this.#listing.tick);
    const stretch = this.fair / this.#measuredAt;
    if (stretch < STRETCH && stretch > 1 / STRETCH) return;
    this.#measuredAt = this.fair;
    this.#unitTicks = this.fair * this.#spacing;
  }

  /** Ticks of one `spacing`, with fractions. It stays the same until the price has doubled or halved. */
  get unitTicks(): number {
    return this.#unitTicks;
  }

  /** Half-way between the touches; the fair price while a side is empty. */
  mid(): number {
    const bid = this.best('buy');
    const ask = this.best('sell');
    return bid === null || ask === null ? this.fair : (bid + ask) / 2;
  }

  best(side: Side): Ticks | null {
    return this.market.book.levels.best(side)?.price ?? null;
  }

  isPrice(price: number): boolean {
    return price >= this.#listing.minPrice && price <= this.#listing.maxPrice;
  }

  /** Whole lots that may be ordered. */
  lots(wanted: number): Lots {
    return Math.min(this.#listing.maxLimitQty, Math.max(this.#leastLots, Math.round(wanted))) as Lots;
  }

  /** Rests an order. Other agents' quotes in its way are taken back first; clients' are traded with. */
  rest(decision: Decision, side: Side, price: Ticks, qty: Lots): Outcome {
    const facing = opposite(side);
    const best = this.best(facing);
    if (best !== null && (side === 'buy' ? best <= price : best >= price)) {
      for (const quoter of this.quoters) quoter.retreat(facing, price);
    }
    return this.#submit(decision, side, price, qty, 'gtc');
  }

  /** Takes what is there up to a price; the lots that it got. */
  take(decision: Decision, side: Side, limit: number, qty: Lots): number {
    const { minPrice, maxPrice } = this.#listing;
    const price = Math.min(maxPrice, Math.max(minPrice, Math.round(limit))) as Ticks;
    const outcome = this.#submit(decision, side, price, qty, 'ioc');
    return qty - outcome.leaves;
  }

  #submit(decision: Decision, side: Side, price: Ticks, qty: Lots, timeInForce: TimeInForce): Outcome {
    const order = { owner: null, account: 0, side, price, qty, timeInForce, selfTrade: 'none' } as const;
    const outcome = this.market.book.submit(order);
    settle(decision, this.market, null, side, outcome);
    return outcome;
  }
}
