import { formatDecimal, money } from '../../src/domain/decimal.ts';
import type { Money } from '../../src/domain/ids.ts';

/** Sums of decimal strings per coin, exact to the last digit. */
export class Sums {
  readonly #sums = new Map<string, bigint>();

  constructor(opening: Readonly<Record<string, string>> = {}) {
    for (const [asset, amount] of Object.entries(opening)) this.add(asset, amount);
  }

  add(asset: string, amount: string): this {
    return this.#change(asset, money(amount));
  }

  take(asset: string, amount: string): this {
    return this.#change(asset, -money(amount));
  }

  #change(asset: string, by: bigint): this {
    this.#sums.set(asset, (this.#sums.get(asset) ?? 0n) + by);
    return this;
  }

  of(asset: string): string {
    return formatDecimal((this.#sums.get(asset) ?? 0n) as Money);
  }

  /** Coins with anything in them, by name. */
  all(): Record<string, string> {
    const rows = [...this.#sums].filter(([, sum]) => sum !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(rows.map(([asset, sum]) => [asset, formatDecimal(sum as Money)]));
  }
}

/** The shortest spelling: `1.50` and `1.5` are the same amount. */
export const plain = (amount: string): string => formatDecimal(money(amount));
export const times = (price: string, qty: string): string =>
  formatDecimal(((money(price) * money(qty)) / 10n ** 18n) as Money);
