import { absolute, divide, formatDecimal, money, ONE, parseDecimal } from '../../domain/decimal.ts';
import type { Money, UnixMs } from '../../domain/ids.ts';
import { COINS, type Coin } from './coins.ts';
import { daily, expiryCode, monthly, parseExpiry, weekly } from './expiries.ts';
import { DEFAULT_MAKER, type MarketTerms } from './market-terms.ts';
import type { ContractRow, InstrumentTerms, Series } from './terms.ts';

const SETTLE = 'USDT';
const DELIVERY_FEE = '0.00015';
const DAY_MS = 86_400_000;

type OptionRow = Readonly<{
  tick: string;
  step: string;
  maxQty: string;
  maxPrice: string;
  /** Quantity of a level that the agents show. */
  levelQty: string;
  /** How many strikes lie on each side of the one at the money. */
  wings: number;
}>;

const OPTIONS = {
  BTC: { tick: '5', step: '0.01', maxQty: '500', maxPrice: '1110000', levelQty: '2', wings: 5 },
  ETH: { tick: '0.1', step: '0.1', maxQty: '5000', maxPrice: '111000', levelQty: '20', wings: 4 },
  SOL: { tick: '0.01', step: '1', maxQty: '50000', maxPrice: '11100', levelQty: '200', wings: 3 },
} as const satisfies Partial<Record<Coin, OptionRow>>;
export type OptionCoin = keyof typeof OPTIONS;

/** European options on a coin: the next day, the Friday after it, and the month after that. */
export const optionSeries = (coin: OptionCoin): Series => ({
  key: `option:${coin}-*-${SETTLE}`,
  category: 'option',
  base: coin,
  expiries: optionExpiries,
  terms: (at, price) =>
    strikes(at, price, OPTIONS[coin].wings).flatMap((strike) => [
      optionTerms(coin, at, 'call', strike),
      optionTerms(coin, at, 'put', strike),
    ]),
  one: (symbol) => parseOption(coin, symbol),
});

/** Three that differ. They are told apart by the calendar alone, so their strikes lie the denser the nearer they are. */
function optionExpiries(now: UnixMs): readonly UnixMs[] {
  const day = daily(now).next().value;
  const week = weekly(day).next().value;
  return [day, week, monthly(week).next().value];
}

/** Around the price, at round numbers, as far apart as the time that is left lets the price go. */
function strikes(at: UnixMs, price: Money, wings: number): readonly Money[] {
  const step = roundNumber((price * spreadOf(at)) / ONE);
  const middle = divide(price, step, 'half_even') * step;
  const all = Array.from({ length: 2 * wings + 1 }, (_, index) => (middle + BigInt(index - wings) * step) as Money);
  return all.filter((strike) => strike > 0n);
}

/** Months lie on last Fridays, weeks on the others, days on what is left. */
function spreadOf(at: UnixMs): bigint {
  const before = (at - 1) as UnixMs;
  if (monthly(before).next().value === at) return money('0.08');
  return weekly(before).next().value === at ? money('0.03') : money('0.015');
}

/** The nearest of 1, 2, 5 times a power of ten. */
function roundNumber(value: bigint): bigint {
  const power = 10n ** BigInt(value.toString().length - 1);
  const choices = [1n, 2n, 5n, 10n].map((digit) => digit * power);
  return choices.reduce((best, one) => (distance(one, value) < distance(best, value) ? one : best));
}
const distance = (a: bigint, b: bigint): bigint => absolute((a - b) as Money);

export function optionTerms(coin: OptionCoin, at: UnixMs, type: 'call' | 'put', strike: Money): InstrumentTerms {
  const { tick, step, maxQty, maxPrice } = OPTIONS[coin];
  const letter = type === 'call' ? 'C' : 'P';
  return {
    category: 'option',
    symbol: `${coin}-${expiryCode(at)}-${formatDecimal(strike)}-${letter}-${SETTLE}`,
    base: coin,
    quote: SETTLE,
    settle: SETTLE,
    tick,
    step,
    quoteStep: '0.0001',
    minQty: step,
    maxLimitQty: maxQty,
    maxMarketQty: maxQty,
    postOnlyMaxQty: maxQty,
    minNotional: '0',
    minPrice: tick,
    maxPrice,
    priceLimitX: '0.05',
    priceLimitY: '0.05',
    marketBand: '0.2',
    reference: startingPrice(coin, type, strike),
    contract: contractOf(at, type, strike),
    market: marketOf(coin),
  };
}

/** Few levels, far apart for their price, looked at rarely: the price follows the coin's by the model. */
const marketOf = (coin: OptionCoin): MarketTerms => ({
  levelQty: OPTIONS[coin].levelQty,
  spacing: '0.01',
  levels: 6,
  dailyVolatility: COINS[coin].dailyVolatility,
  activity: 0.05,
  makers: [{ ...DEFAULT_MAKER, qty: 1, growth: 0.5, offset: 0.5, refreshMs: 400 }],
  momentum: null,
  informed: null,
});

const contractOf = (at: UnixMs, type: 'call' | 'put', strike: Money): ContractRow => ({
  kind: 'option',
  leverage: null,
  funding: null,
  delivery: { at, feeRate: DELIVERY_FEE },
  option: { type, strike: formatDecimal(strike) },
  tiers: [],
});

/** What it would pay while the coin stands where the table says; at least a tick. */
function startingPrice(coin: OptionCoin, type: 'call' | 'put', strike: Money): string {
  const tick = money(OPTIONS[coin].tick);
  const price = money(COINS[coin].reference);
  const pays = divide(type === 'call' ? price - strike : strike - price, tick, 'down') * tick;
  return formatDecimal((pays > tick ? pays : tick) as Money);
}

function parseOption(coin: OptionCoin, symbol: string): InstrumentTerms | null {
  const match = /^([A-Z]+)-(\d{1,2}[A-Z]{3}\d{2})-(\d+(?:\.\d+)?)-([CP])-([A-Z]+)$/.exec(symbol);
  if (match === null || match[1] !== coin || match[5] !== SETTLE) return null;
  const at = parseExpiry(match[2] as string);
  const strike = parseDecimal(match[3] as string);
  if (at === null || !strike.ok || strike.value <= 0n) return null;
  const terms = optionTerms(coin, at, match[4] === 'C' ? 'call' : 'put', strike.value);
  return terms.symbol === symbol ? terms : null;
}

/** An option that lives a day at the most pays no fee at delivery. */
export const isDaily = (launchedAt: UnixMs, delivery: UnixMs): boolean => delivery - launchedAt <= DAY_MS;
