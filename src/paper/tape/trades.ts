import type { Money } from '../../domain/ids.ts';
import type { ExchangeTicker, PublicTrade } from '../../ports/exchange.ts';

export type TickDirection = ExchangeTicker['tickDirection'];

/** Against the trade before; an unchanged price keeps the direction and says so. */
export function tickDirection(last: Money, price: Money, before: TickDirection): TickDirection {
  if (price > last) return 'PlusTick';
  if (price < last) return 'MinusTick';
  return before === 'PlusTick' || before === 'ZeroPlusTick' ? 'ZeroPlusTick' : 'ZeroMinusTick';
}

const KEPT = 1000;

/** The last trades of one instrument. */
export class TradeRing {
  #trades: PublicTrade[] = [];

  push(trade: PublicTrade): void {
    this.#trades.push(trade);
    if (this.#trades.length >= 2 * KEPT) this.#trades = this.#trades.slice(-KEPT);
  }

  /** Newest first. */
  latest(limit: number): readonly PublicTrade[] {
    return this.#trades.slice(-Math.min(limit, KEPT)).reverse();
  }
}
