import type { Money } from '../../domain/ids.ts';
import { normalBelow, normalDensity } from './normal.ts';

/**
 * Prices, greeks and volatilities of European options in float64: models, not money. What becomes money goes through
 * `fromFloat`, and nowhere else. Volatilities are yearly fractions (0.6 = 60 %), rates yearly and continuous.
 */
export type OptionModel = Readonly<{
  type: 'call' | 'put';
  /** Forward price of the coin at expiry. */
  forward: number;
  strike: number;
  years: number;
  vol: number;
  /** For discounting; crypto options settle without it: 0. */
  rate: number;
}>;

/** As the formulas give them: vega for 1.00 of volatility, theta for a year. */
export type OptionQuote = Readonly<{
  price: number;
  delta: number;
  gamma: number;
  vega: number;
  theta: number;
}>;

export const DAYS_A_YEAR = 365;
export const MS_A_YEAR = DAYS_A_YEAR * 86_400_000;

const signOf = (type: 'call' | 'put'): 1 | -1 => (type === 'call' ? 1 : -1);

/** Black (1976): price, and greeks with respect to the forward. At expiry, or without volatility, what it pays. */
export function black76(model: OptionModel): OptionQuote {
  const { type, forward, strike, years, vol, rate } = model;
  const sign = signOf(type);
  const discount = Math.exp(-rate * Math.max(years, 0));
  const deviation = vol * Math.sqrt(Math.max(years, 0));
  if (!(deviation > 0)) {
    const pays = Math.max(0, sign * (forward - strike));
    return { price: discount * pays, delta: pays > 0 ? sign * discount : 0, gamma: 0, vega: 0, theta: 0 };
  }
  const d1 = Math.log(forward / strike) / deviation + deviation / 2;
  const d2 = d1 - deviation;
  const price = discount * sign * (forward * normalBelow(sign * d1) - strike * normalBelow(sign * d2));
  const density = discount * normalDensity(d1);
  return {
    price: Math.max(price, 0),
    delta: discount * sign * normalBelow(sign * d1),
    gamma: density / (forward * deviation),
    vega: forward * density * Math.sqrt(years),
    theta: rate * price - (forward * density * vol) / (2 * Math.sqrt(years)),
  };
}

/**
 * Black and Scholes (1973) on a spot price without dividends: the same price at the forward spot × e^(rate × years),
 * greeks with respect to the spot, and rho for 1.00 of rate.
 */
export function blackScholes(
  model: Omit<OptionModel, 'forward'> & Readonly<{ spot: number }>,
): OptionQuote & Readonly<{ rho: number }> {
  const { type, spot, strike, years, rate, vol } = model;
  const growth = Math.exp(rate * years);
  const { price, delta, gamma, vega } = black76({ type, forward: spot * growth, strike, years, vol, rate });
  const spotDelta = delta * growth;
  const spotGamma = gamma * growth * growth;
  const theta = rate * (price - spot * spotDelta) - (spot * spot * vol * vol * spotGamma) / 2;
  const rho = years * (spot * spotDelta - price);
  return { price, delta: spotDelta, gamma: spotGamma, vega, theta, rho };
}

/** Greeks in the units that Bybit shows: vega for one percentage point of volatility, theta for a day. */
export const shownGreeks = ({ delta, gamma, vega, theta }: OptionQuote): Omit<OptionQuote, 'price'> => ({
  delta,
  gamma,
  vega: vega / 100,
  theta: theta / DAYS_A_YEAR,
});

/** 10,000 % a year: beyond it an answer says nothing. */
const LARGEST_VOL = 100;
/** Halving the bracket this often exhausts a float64; Newton's steps need about six. */
const STEPS = 200;

/**
 * Volatility at which the model gives `price`; null where none does: at or below what the option is worth without any,
 * or at or above what it could ever be worth. Newton's method on the logarithm of the price of whichever of call and put
 * is out of the money (parity makes it the same volatility), kept inside a bracket that every step narrows.
 */
export function impliedVol(model: Omit<OptionModel, 'vol'>, price: number): number | null {
  const { type, forward, strike, years, rate } = model;
  if (!(years > 0) || !(price > 0)) return null;
  const discount = Math.exp(-rate * years);
  const inTheMoney = Math.max(0, signOf(type) * (forward - strike));
  const target = price - discount * inTheMoney;
  if (!(target > 0) || target >= discount * Math.min(forward, strike)) return null;
  const outside = { type: forward > strike ? 'put' : 'call', forward, strike, years, rate } as const;
  return solved(outside, Math.log(target));
}

function solved(model: Omit<OptionModel, 'vol'>, wanted: number): number | null {
  let [low, high] = [0, LARGEST_VOL];
  // Where the price bends from convex to concave: from there Newton's steps converge (Manaster and Koehler, 1982).
  const bend = Math.sqrt((2 * Math.abs(Math.log(model.forward / model.strike))) / model.years);
  let vol = Math.min(LARGEST_VOL / 2, Math.max(0.05, bend));
  for (let step = 0; step < STEPS; step += 1) {
    const { price, vega } = black76({ ...model, vol });
    const off = Math.log(price) - wanted; // −∞ where the price is too small for a float
    if (off > 0) high = vol;
    else low = vol;
    const newton = vol - (off * price) / vega;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    const settled = Math.abs(next - vol) <= 1e-14 * vol;
    vol = next;
    if (settled) break;
  }
  return vol < LARGEST_VOL * (1 - 1e-9) ? vol : null;
}

/** The one place where a model's number becomes money: half away from zero at `scale` digits (at most 8). */
export function fromFloat(value: number, scale = 8): Money {
  const units = Math.round(Math.abs(value) * 10 ** scale);
  if (!Number.isSafeInteger(units)) throw new RangeError(`${value} has no ${scale} exact digits`);
  return (BigInt(value < 0 ? -units : units) * 10n ** BigInt(18 - scale)) as Money;
}
