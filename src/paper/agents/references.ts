import { divide, multiply, ONE, quotient } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import type { PaperInstrument } from '../config/listings.ts';
import { Basis } from './basis.ts';
import type { Streams } from './streams.ts';
import { type PathPoint, Walk } from './walk.ts';

/** What coins walk against. */
const UNITS: ReadonlySet<string> = new Set(['USDT', 'USD']);
/** As good as these while nobody trades it against them. */
const NEAR_UNIT = 'USDC';
/** Where chance as a float becomes a factor of an exact price. */
const PARTS = 1_000_000_000n;

const YEAR_MS = 365 * 86_400_000;
/** What it costs to hold a coin for a year, as a fraction: dated futures are above their index by that. */
const CARRY = 0.05;

type Pair = Pick<PaperInstrument, 'base' | 'quote'>;

export type ReferenceSource = Readonly<{
  streams: Streams;
  instruments: readonly PaperInstrument[];
  /** Index of an instrument when the exchange was last open; null: never. */
  resumeAt: (instrument: PaperInstrument) => Money | null;
  /** Fair price of what is no coin and no future: options. Null: it is not quoted. */
  fairPrice: (instrument: PaperInstrument) => Money | null;
}>;

/**
 * Where the agents believe prices to be. Each coin walks against USDT on its own; everything else follows from the
 * walks, so that no triangle and no future is out of line: crosses are quotients, a perpetual is its coin and a slow
 * basis, a dated future its coin and the carry of the time that it has left.
 */
export class References {
  readonly #source: ReferenceSource;
  readonly #walks = new Map<AssetId, Walk>();
  /** One for all perpetuals of a coin: the inverse one goes with the linear one. */
  readonly #bases = new Map<AssetId, Basis>();
  #now = 0;

  constructor(source: ReferenceSource) {
    this.#source = source;
    const priced = source.instruments.filter(({ market }) => market !== null);
    for (const one of priced) if (UNITS.has(one.quote)) this.#open(one);
    for (const one of priced) this.#open(one);
  }

  /** Lets time pass for every coin. */
  advance(now: number): void {
    this.#now = now;
    for (const walk of this.#walks.values()) walk.advance(now);
    for (const basis of this.#bases.values()) basis.advance(now);
  }

  /** Goes on from a time without having moved since the last. */
  skipTo(now: number): void {
    this.#now = now;
    for (const walk of this.#walks.values()) walk.skipTo(now);
    for (const basis of this.#bases.values()) basis.skipTo(now);
  }

  /** The index of an instrument: the price of its coin. Null for a pair that no walk knows. */
  index({ base, quote }: Pair): Money | null {
    const ours = this.#walks.get(base);
    if (ours === undefined) return null;
    const unit = this.#unit(quote);
    if (unit === null || unit === ONE) return unit === null ? null : ours.price;
    return quotient(ours.price, unit, 'half_even');
  }

  /** What the agents quote around. Null: they do not. */
  fair(instrument: PaperInstrument): Money | null {
    const { base, contract } = instrument;
    if (contract?.kind === 'option') return this.#source.fairPrice(instrument);
    const index = this.index(instrument);
    if (index === null || contract === null) return index;
    const basis = this.#bases.get(base)?.value ?? 0;
    const { delivery } = contract;
    if (delivery === null) return above(index, basis);
    return above(index, Math.exp((CARRY * Math.max(0, delivery.at - this.#now)) / YEAR_MS) - 1);
  }

  /** Moves the coin of an instrument so that its index is this; false when no walk knows it. */
  set(instrument: Pair, index: Money): boolean {
    return this.#walks.get(instrument.base)?.set(this.#inUnits(instrument, index)) ?? false;
  }

  /** Lets the coin of an instrument follow a path of its index. */
  follow(instrument: Pair, points: readonly PathPoint[]): boolean {
    const ofCoin = points.map(({ atMs, price }) => ({ atMs, price: this.#inUnits(instrument, price) }));
    return this.#walks.get(instrument.base)?.follow(ofCoin, this.#now) ?? false;
  }

  #open(instrument: PaperInstrument): void {
    const { base, contract, market, quote, reference } = instrument;
    const unit = this.#unit(quote);
    if (market === null || unit === null || this.#walks.has(base) || contract?.kind === 'option') return;
    const anchor = multiply(reference, unit, 'half_even');
    const resumed = this.#source.resumeAt(instrument);
    const price = resumed === null ? anchor : multiply(resumed, unit, 'half_even');
    const { dailyVolatility } = market;
    this.#walks.set(base, new Walk(this.#source.streams.of(`walk ${base}`), { anchor, price, dailyVolatility }));
    this.#bases.set(base, new Basis(this.#source.streams.of(`basis ${base}`)));
  }

  /** Price of a quote coin; null: nobody knows it. */
  #unit(quote: AssetId): Money | null {
    if (UNITS.has(quote)) return ONE;
    return this.#walks.get(quote)?.price ?? (quote === NEAR_UNIT ? ONE : null);
  }

  #inUnits({ quote }: Pair, price: Money): Money {
    return multiply(price, this.#unit(quote) ?? ONE, 'half_even');
  }
}

/** The one place where a fraction that chance gave becomes a price. */
const above = (price: Money, fraction: number): Money =>
  divide(price * (PARTS + BigInt(Math.round(fraction * Number(PARTS)))), PARTS, 'half_even') as Money;
