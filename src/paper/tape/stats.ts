import { maximum, minimum } from '../../domain/decimal.ts';
import type { Money, UnixMs } from '../../domain/ids.ts';
import type { Candle } from '../../ports/exchange-market.ts';
import type { PublicTrade } from '../../ports/exchange.ts';
import type { TickDirection } from './trades.ts';

const BUCKET_MS = 300_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

type Bucket = {
  readonly start: number;
  first: Money;
  last: Money;
  high: Money;
  low: Money;
  volume: bigint;
  turnover: bigint;
};

export type DayStats = Readonly<{
  last: Money;
  prev24h: Money;
  prev1h: Money;
  high24h: Money;
  low24h: Money;
  volume24h: Money;
  turnover24h: Money;
  direction: TickDirection;
  /** Since the instrument is known. */
  total: Readonly<{ volume: Money; turnover: Money }>;
}>;

/** The last 24 hours of one instrument, in steps of five minutes. */
export class TradeStats {
  #buckets: Bucket[] = [];
  /** Price before the first bucket that is kept. */
  #before: Money;
  #last: Money;
  #direction: TickDirection = 'PlusTick';
  #total = { volume: 0n, turnover: 0n };

  constructor(price: Money) {
    this.#before = price;
    this.#last = price;
  }

  /** A trade, and what it is worth in the coin that turnover counts. */
  push(trade: Pick<PublicTrade, 'price' | 'qty' | 'at' | 'tickDirection'>, turnover: Money): void {
    const { price, qty, at } = trade;
    this.#drop(at);
    const start = at - (at % BUCKET_MS);
    let bucket = this.#buckets.at(-1);
    if (bucket === undefined || bucket.start !== start) {
      bucket = { start, first: price, last: price, high: price, low: price, volume: 0n, turnover: 0n };
      this.#buckets.push(bucket);
    }
    bucket.last = price;
    if (price > bucket.high) bucket.high = price;
    if (price < bucket.low) bucket.low = price;
    bucket.volume += qty;
    bucket.turnover += turnover;
    this.#total.volume += qty;
    this.#total.turnover += turnover;
    this.#last = price;
    this.#direction = trade.tickDirection;
  }

  /** Takes over what earlier runs saw: the minutes of the last day, oldest first, and every day. */
  recall(candles: readonly Candle[], days: readonly Candle[]): void {
    for (const day of days) {
      this.#total.volume += day.volume;
      this.#total.turnover += day.turnover;
    }
    for (const { start, open, high, low, close, volume, turnover } of candles) {
      if (volume === 0n) continue;
      const at = start - (start % BUCKET_MS);
      const bucket = this.#buckets.at(-1);
      if (bucket === undefined || bucket.start !== at) {
        this.#buckets.push({ start: at, first: open, last: close, high, low, volume, turnover });
        continue;
      }
      bucket.last = close;
      bucket.high = maximum(bucket.high, high);
      bucket.low = minimum(bucket.low, low);
      bucket.volume += volume;
      bucket.turnover += turnover;
    }
    this.#before = candles[0]?.open ?? this.#before;
  }

  /** Without trades every price is the last one. */
  read(now: UnixMs): DayStats {
    this.#drop(now);
    let high = this.#buckets[0]?.high ?? this.#last;
    let low = this.#buckets[0]?.low ?? this.#last;
    let volume = 0n;
    let turnover = 0n;
    let prev1h = this.#before;
    for (const bucket of this.#buckets) {
      if (bucket.high > high) high = bucket.high;
      if (bucket.low < low) low = bucket.low;
      volume += bucket.volume;
      turnover += bucket.turnover;
      if (bucket.start + BUCKET_MS <= now - HOUR_MS) prev1h = bucket.last;
    }
    return {
      last: this.#last,
      prev24h: this.#before,
      prev1h,
      high24h: high,
      low24h: low,
      volume24h: volume as Money,
      turnover24h: turnover as Money,
      direction: this.#direction,
      total: this.#total as DayStats['total'],
    };
  }

  #drop(now: UnixMs): void {
    const horizon = now - DAY_MS;
    let gone = 0;
    for (const bucket of this.#buckets) {
      if (bucket.start + BUCKET_MS > horizon) break;
      this.#before = bucket.last;
      gone += 1;
    }
    if (gone > 0) this.#buckets = this.#buckets.slice(gone);
  }
}
