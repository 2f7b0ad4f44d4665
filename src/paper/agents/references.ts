import { multiply, ONE, quotient } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import type { PaperInstrument } from '../config/listings.ts';
import { Basis } from './basis.ts';
import type { Streams } from './streams.ts';
import { type PathPoint, Walk } from './walk.ts';

/** What coins walk against. */
const UNITS: ReadonlySet<string> = new Set(['USDT', 'USD']);
/** As good as these while nobody trades it against them. */
const NEAR_UNIT = 'USDC';
type Pair = Pick<PaperInstrument, 'base' | 'quote'>;

export type ReferenceSource = Readonly<{
  streams: Streams;
  instruments: readonly PaperInstrument[];
  /** Index of an instrument when the exchange was last open; null: never. */
  resumeAt: (instrument: PaperInstrument) => Money | null;
}>;

/**
 * Where the agents believe coins to be. Each walks against USDT on its own; crosses are quotients, so that no triangle
 * is out of line. What a contract is worth while its coin stands there, its market says.
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
    for (const one of priced) if (UNITS.has(one.quote)) this.open(one);
    for (const one of priced) this.open(one);
  }

  /** Gives the coin of an instrument a walk, where it has none and can have one. */
  open(instrument: PaperInstrument): void {
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

  /** What perpetuals of a coin trade above or below their index, as a fraction. */
  basis(base: AssetId): number {
    return this.#bases.get(base)?.value ?? 0;
  }

  /** Moves the coin of an instrument so that its index is this; false when no walk knows it. */
  set(instrument: Pair, index: Money): boolean {
    return this.#walks.get(instrument.base)?.set(this.#inUnits(instrument, index)) ?? false;
  }

  isOnPath({ base }: Pair): boolean {
    return this.#walks.get(base)?.isOnPath ?? false;
  }

  /** Lets the coin of an instrument follow a path of its index. */
  follow(instrument: Pair, points: readonly PathPoint[]): boolean {
    const ofCoin = points.map(({ atMs, price }) => ({ atMs, price: this.#inUnits(instrument, price) }));
    return this.#walks.get(instrument.base)?.follow(ofCoin, this.#now) ?? false;
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
