import type { Category, Money, UnixMs } from '../../domain/ids.ts';
import type { ContractTerms } from '../../ports/exchange.ts';
import { type InverseCoin, inverseTerms, leverageOf, linearTerms } from './catalogue.ts';
import type { Coin } from './coins.ts';
import { expiryCode, parseExpiry, parseQuarter, quarterCode, quarterly } from './expiries.ts';
import { optionSeries } from './option-series.ts';
import { INVERSE_TIERS, LINEAR_TIERS } from './risk-tables.ts';
import type { ContractRow, InstrumentTerms, Series, TierRow } from './terms.ts';

export type { Series };

/** Bybit keeps two quarters of futures listed. */
const QUARTERS_LISTED = 2;
const FUTURE_DELIVERY_FEE = '0.0005';

function twoQuarters(now: UnixMs): readonly UnixMs[] {
  const calendar = quarterly(now);
  return Array.from({ length: QUARTERS_LISTED }, () => calendar.next().value);
}

const future = (at: UnixMs, tiers: readonly TierRow[]): ContractRow => ({
  kind: 'future',
  leverage: leverageOf(tiers),
  funding: null,
  delivery: { at, feeRate: FUTURE_DELIVERY_FEE },
  option: null,
  tiers,
});

type FutureTerms = Omit<InstrumentTerms, 'symbol' | 'contract'>;

/** `prefix` and the code of a day make a symbol. */
function futureSeries(
  common: FutureTerms,
  prefix: string,
  tiers: readonly TierRow[],
  code: Readonly<{ of: (at: UnixMs) => string; parse: (code: string) => UnixMs | null }>,
): Series {
  const made = (at: UnixMs, reference: string): InstrumentTerms => ({
    ...common,
    symbol: `${prefix}${code.of(at)}`,
    reference,
    contract: future(at, tiers),
    market: common.market === null ? null : { ...common.market, spacing: '0.0005', levels: 8, activity: 0.1 },
  });
  return {
    key: `${common.category}:${prefix}*`,
    category: common.category,
    base: common.base,
    expiries: twoQuarters,
    terms: (at) => [made(at, common.reference)],
    one: (symbol) => {
      const at = symbol.startsWith(prefix) ? code.parse(symbol.slice(prefix.length)) : null;
      return at === null ? null : made(at, common.reference);
    },
  };
}

const DAYS = { of: expiryCode, parse: parseExpiry } as const;
const QUARTERS = { of: quarterCode, parse: parseQuarter } as const;

const linear = (coin: Coin, settle: 'USDT' | 'USDC'): Series => {
  const prefix = settle === 'USDT' ? `${coin}USDT-` : `${coin}-`;
  return futureSeries(linearTerms(coin, settle), prefix, LINEAR_TIERS[coin], DAYS);
};
const inverse = (coin: InverseCoin): Series =>
  futureSeries(inverseTerms(coin), `${coin}USD`, INVERSE_TIERS[coin], QUARTERS);

/** Everything dated that is listed by default. */
export const DEFAULT_SERIES: readonly Series[] = [
  ...(['BTC', 'ETH', 'SOL', 'XRP'] as const).map((coin) => linear(coin, 'USDT')),
  ...(['BTC', 'ETH', 'SOL'] as const).map((coin) => linear(coin, 'USDC')),
  ...(['BTC', 'ETH'] as const).map(inverse),
  ...(['BTC', 'ETH', 'SOL'] as const).map(optionSeries),
];

/** The terms of a dated contract by its name (`option:BTC-25DEC26-60000-C-USDT`); null where no series has it. */
export function datedTerms(key: string): InstrumentTerms | null {
  const [category, symbol = ''] = key.split(':');
  for (const series of DEFAULT_SERIES) {
    const terms = series.category === category ? series.one(symbol) : null;
    if (terms !== null) return terms;
  }
  return null;
}

/** What the exchange has, however it came there. */
export type ListedContract = Readonly<{ category: Category; symbol: string; contract: ContractTerms | null }>;

/**
 * What of a series has to be listed now: deliveries that the calendar asks for and that are not there yet, and new
 * strikes where the coin has left the range of those that are. `price`: where the coin stands, in US dollars.
 */
export function dueListings(
  now: UnixMs,
  series: Series,
  listed: readonly ListedContract[],
  price: Money,
): readonly InstrumentTerms[] {
  const ours = listed.filter(({ category, symbol }) => category === series.category && series.one(symbol) !== null);
  const symbols = new Set(ours.map(({ symbol }) => symbol));
  return series.expiries(now).flatMap((at) => {
    const there = ours.filter(({ contract }) => contract?.delivery?.at === at);
    if (there.length > 0 && covers(there, price)) return [];
    return series.terms(at, price).filter(({ symbol }) => !symbols.has(symbol));
  });
}

/** Futures have no strikes: one is enough. */
function covers(listed: readonly ListedContract[], price: Money): boolean {
  const strikes = listed.flatMap(({ contract }) => contract?.option?.strike ?? []);
  if (strikes.length === 0) return true;
  return strikes.some((strike) => strike <= price) && strikes.some((strike) => strike >= price);
}
