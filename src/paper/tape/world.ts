import { quotient } from '../../domain/decimal.ts';
import type { InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import { instrumentId } from '../../domain/ids.ts';
import type { ExchangeInstrument } from '../../ports/exchange.ts';

/** What one market sees of another. */
type Indexed = Readonly<{ id: InstrumentId; index(): Money; meanIndex(from: UnixMs): Money }>;

/** What a market sees of the rest of the exchange. */
export type MarketWorld = Readonly<{
  find: (id: InstrumentId) => Indexed | undefined;
  now: () => UnixMs;
}>;

/** A market without an exchange around it. */
export const ALONE: MarketWorld = { find: () => undefined, now: () => 0 as UnixMs };

const USDC_USDT = instrumentId('spot', 'USDCUSDT');

/**
 * Where the coin of a contract stands on spot. The dollar of inverse contracts counts as a tether; USDC as well, where
 * nobody trades it against one.
 */
export class CoinIndex {
  readonly #world: MarketWorld;
  readonly #inTether: InstrumentId;
  /** Null: the contract is not quoted in USDC. */
  readonly #inUsdc: InstrumentId | null;

  constructor(world: MarketWorld, { base, quote }: Pick<ExchangeInstrument, 'base' | 'quote'>) {
    this.#world = world;
    this.#inTether = instrumentId('spot', `${base}USDT`);
    this.#inUsdc = quote === 'USDC' ? instrumentId('spot', `${base}USDC`) : null;
  }

  /** The market that says it; undefined where the coin is not listed on spot. */
  get market(): Indexed | undefined {
    const tether = this.#world.find(this.#inTether);
    return tether ?? (this.#inUsdc === null ? undefined : this.#world.find(this.#inUsdc));
  }

  /** Null where the coin is not listed on spot. */
  price(): Money | null {
    const { market } = this;
    if (market === undefined) return null;
    const index = market.index();
    if (this.#inUsdc === null || market.id === this.#inUsdc) return index;
    return this.#inDollarsOfUsdc(index);
  }

  /** Average since `from`, as far back as it was seen; where the coin stands now, if it was not. */
  mean(from: UnixMs): Money | null {
    const { market } = this;
    if (market === undefined) return null;
    const mean = market.meanIndex(from);
    return this.#inUsdc === null || market.id === this.#inUsdc ? mean : this.#inDollarsOfUsdc(mean);
  }

  #inDollarsOfUsdc(price: Money): Money {
    const usdc = this.#world.find(USDC_USDT);
    return usdc === undefined ? price : quotient(price, usdc.index(), 'half_even');
  }
}
