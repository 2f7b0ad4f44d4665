import { divide, money } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { gaussian, type Rng } from '../../ports/rng.ts';

const DAY_MS = 86_400_000;
/** Prices move at whole steps of time, however often one looks: who looks decides nothing. */
const STEP_MS = 500;
const STEP_DAYS = STEP_MS / DAY_MS;
/** The walk forgets half of its way within about two days, so that a long run stays near where it began. */
const REVERSION = 1 - Math.exp(-0.35 * STEP_DAYS);
/** Steps are whole parts of a billion: chance decides a count, the price itself stays exact. */
const PARTS = 1_000_000_000n;
const LEAST = money('0.000001');
/** Furthest that one step goes. */
const MOST_MOVE = 0.05;

/** Standard deviation of each mood. */
const MOOD = 0.3;
/**
 * How lively the market is, as a factor of its usual volatility: the exponential of two processes that return to their
 * mean, one within minutes, one within hours, so that large moves follow large ones (Cont 2001, fact 6). Its mean
 * square is 1.
 */
const MOODS = [5 * 60_000, 4 * 3_600_000].map((memoryMs) => ({
  keeps: Math.exp(-STEP_MS / memoryMs),
  moves: MOOD * Math.sqrt(1 - Math.exp((-2 * STEP_MS) / memoryMs)),
}));
const MOOD_VARIANCE = MOODS.length * MOOD ** 2;

/** A point of a path: exchange time in milliseconds, and the price that is to be there then. */
export type PathPoint = Readonly<{ atMs: number; price: Money }>;

/** The price of one coin: a slow random walk, or a path that somebody set. */
export class Walk {
  readonly #rng: Rng;
  readonly #stepVolatility: number;
  readonly #moods = MOODS.map(() => 0);
  /** Where it returns to. */
  #anchor: Money;
  #price: Money;
  /** Time of the last step; null before the first look. */
  #at: number | null = null;
  #path: readonly PathPoint[] = [];

  constructor(rng: Rng, of: Readonly<{ anchor: Money; price: Money; dailyVolatility: number }>) {
    this.#rng = rng;
    this.#anchor = of.anchor;
    this.#price = of.price;
    this.#stepVolatility = of.dailyVolatility * Math.sqrt(STEP_DAYS);
  }

  get price(): Money {
    return this.#price;
  }

  get isOnPath(): boolean {
    return this.#path.length > 0;
  }

  /** Goes on to a time. */
  advance(now: number): void {
    this.#at ??= now;
    if (this.#path.length > 0) this.#follow(now);
    for (; this.#at + STEP_MS <= now; this.#at += STEP_MS) this.#step();
  }

  /** Goes on from a time without having moved since the last. */
  skipTo(now: number): void {
    this.#at = now;
  }

  /** Puts it somewhere, where it then belongs; false below a millionth. */
  set(price: Money): boolean {
    if (price < LEAST) return false;
    this.#path = [];
    this.#anchor = price;
    this.#price = price;
    return true;
  }

  /** Follows points in order of time, on straight lines from where it is now, then walks on from the last. */
  follow(points: readonly PathPoint[], now: number): boolean {
    if (
      points.length === 0 ||
      points.some((point, i) => point.price < LEAST || point.atMs < (points[i - 1]?.atMs ?? 0))
    )
      return false;
    const later = points.filter((point) => point.atMs > now);
    const before = points[points.length - later.length - 1]; // the last point that is over
    const from = before ?? { atMs: now, price: this.#price };
    this.#path = [from, ...later];
    this.#follow(now);
    return true;
  }

  #follow(now: number): void {
    while ((this.#path[1]?.atMs ?? Number.POSITIVE_INFINITY) <= now) this.#path = this.#path.slice(1);
    const [from, to] = this.#path;
    if (from === undefined) return;
    if (to === undefined) {
      this.set(from.price);
      this.#at = Math.max(this.#at ?? now, from.atMs);
      return;
    }
    const way = BigInt(Math.round(now - from.atMs)) * (to.price - from.price);
    this.#price = (from.price + divide(way, BigInt(Math.round(to.atMs - from.atMs)), 'half_even')) as Money;
    this.#at = now;
  }

  #step(): void {
    let mood = -MOOD_VARIANCE;
    for (const [i, { keeps, moves }] of MOODS.entries()) {
      const value = (this.#moods[i] ?? 0) * keeps + moves * gaussian(this.#rng);
      this.#moods[i] = value;
      mood += value;
    }
    const away = Number(this.#price - this.#anchor) / Number(this.#anchor);
    const move = this.#stepVolatility * Math.exp(mood) * gaussian(this.#rng) - away * REVERSION;
    const bounded = Math.max(-MOST_MOVE, Math.min(MOST_MOVE, move));
    const parts = PARTS + BigInt(Math.round(bounded * Number(PARTS)));
    this.#price = divide(this.#price * parts, PARTS, 'half_even') as Money;
    if (this.#price < LEAST) this.#price = LEAST;
  }
}
