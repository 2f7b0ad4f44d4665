import { toFloat, ZERO } from '../../domain/decimal.ts';
import type { Money, UnixMs } from '../../domain/ids.ts';
import type { ContractTerms } from '../../ports/exchange.ts';
import { black76, fromFloat, impliedVol, type OptionQuote, shownGreeks } from '../formulas/options.ts';
import { markOnTick } from '../formulas/option-margin.ts';
import { DEFAULT_SMILES, smileVol, type SmileTerms } from '../formulas/smile.ts';
import { yearsLeft } from './fair-value.ts';

/** What an option is worth by its model, and the greeks of one contract in the units that Bybit shows. */
export type OptionPrice = Readonly<{
  /** Of the model, to 8 digits; may be below a tick. */
  fair: Money;
  /** On the tick, and at least one. */
  mark: Money;
  /** Forward price of the coin at expiry. */
  underlying: Money;
  /** Volatility of the mark, as a yearly fraction. */
  iv: Money;
  delta: Money;
  gamma: Money;
  vega: Money;
  theta: Money;
}>;

/** A price that is asked for again within this time and at the same forward is not computed again. */
const FRESH_MS = 1000;
/** Options of a coin that nobody gave a smile of its own. */
const USUAL_SMILE: SmileTerms = { shortVol: 0.6, longVol: 0.65, yearsToRevert: 0.25, skew: 0, curvature: 0.8 };

/** The model of one option; prices are computed when they are asked for. */
export class OptionPricer {
  readonly #option: NonNullable<ContractTerms['option']>;
  readonly #delivery: UnixMs;
  readonly #tick: Money;
  readonly #smile: SmileTerms;
  #known: Readonly<{ at: UnixMs; forward: Money; price: OptionPrice }> | null = null;

  constructor(contract: ContractTerms, base: string, tick: Money) {
    const { option, delivery } = contract;
    if (option === null || delivery === null) throw new RangeError('an option has a strike and a delivery');
    this.#option = option;
    this.#delivery = delivery.at;
    this.#tick = tick;
    this.#smile = DEFAULT_SMILES[base] ?? USUAL_SMILE;
  }

  /** While its coin's forward price is `forward`. */
  price(forward: Money, now: UnixMs): OptionPrice {
    const known = this.#known;
    if (known !== null && known.forward === forward && Math.abs(now - known.at) < FRESH_MS) return known.price;
    const price = this.#priced(forward, now);
    this.#known = { at: now, forward, price };
    return price;
  }

  /** Price at a volatility (0.1 is 10 %), to 8 digits. */
  priceAtVol(iv: Money, forward: Money, now: UnixMs): Money {
    return fromFloat(black76({ ...this.#model(forward, now), vol: toFloat(iv) }).price);
  }

  /** Volatility of a price; zero where no volatility gives it. */
  volOf(price: Money, forward: Money, now: UnixMs): Money {
    if (price <= 0n) return ZERO;
    const vol = impliedVol(this.#model(forward, now), toFloat(price));
    return vol === null ? ZERO : fromFloat(vol, IV_SCALE);
  }

  #model(forward: Money, now: UnixMs) {
    const { type, strike } = this.#option;
    const years = yearsLeft(this.#delivery, now);
    return { type, forward: toFloat(forward), strike: toFloat(strike), years, rate: 0 } as const;
  }

  #priced(forward: Money, now: UnixMs): OptionPrice {
    const model = this.#model(forward, now);
    const { forward: at, strike, years } = model;
    const vol = years > 0 ? smileVol(this.#smile, at, strike, years) : 0;
    const quote = black76({ ...model, vol });
    const fair = fromFloat(quote.price);
    return {
      fair,
      mark: markOnTick(fair, this.#tick),
      underlying: forward,
      iv: fromFloat(vol, IV_SCALE),
      ...shown(quote),
    };
  }
}

/** Digits of a volatility. */
const IV_SCALE = 4;

function shown(quote: OptionQuote): Pick<OptionPrice, 'delta' | 'gamma' | 'vega' | 'theta'> {
  const { delta, gamma, vega, theta } = shownGreeks(quote);
  return { delta: fromFloat(delta), gamma: fromFloat(gamma), vega: fromFloat(vega), theta: fromFloat(theta) };
}
