import { formatDecimal, money, roundTo, scaleOf } from '../../domain/decimal.ts';
import type { Category, Money } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { keyOf } from '../config/instruments.ts';
import { DEFAULT_INSTRUMENTS } from '../config/catalogue.ts';
import type { InstrumentTerms } from '../config/terms.ts';
import type { PaperConfig } from '../config/types.ts';

/** A symbol that is replayed, and the digits after the point that its histories need. */
export type ReplayedSymbol = Readonly<{
  category: Category;
  symbol: string;
  /** Where it begins. */
  price: Money | null;
  priceScale: number;
  qtyScale: number;
  /** Whether a recorded book shows the grid; trades and klines may only happen to lie on a coarser one. */
  hasBook: boolean;
}>;

/** Coins that symbols end with. Dated contracts and options end otherwise: the configuration has to list them. */
const QUOTES: Readonly<Record<Category, readonly string[]>> = {
  spot: ['USDT', 'USDC', 'EUR', 'BTC', 'ETH'],
  linear: ['USDT', 'USDC'],
  inverse: ['USD'],
  option: [],
};

/**
 * The terms of a symbol that is replayed: tick, step and first price as its histories have them, unless the configuration names the
 * instrument itself. No agents.
 */
export function replayedTerms(config: PaperConfig, replayed: ReplayedSymbol): Result<InstrumentTerms, string> {
  const { category, symbol, hasBook } = replayed;
  const key = keyOf({ category, symbol });
  const known = config.instruments.find((one) => keyOf(one) === key);
  if (known !== undefined && config.configured.has(key)) return ok({ ...known, market: null });
  const listed = known ?? DEFAULT_INSTRUMENTS.find((one) => keyOf(one) === key);
  const base = listed ?? unlisted(category, symbol);
  if (base === null) return err(`${symbol} is not known as ${category}: list it under instruments`);
  const atLeast = (needed: number, own: string): string =>
    unit(hasBook || listed === undefined ? needed : Math.max(needed, scaleOf(money(own))));
  const tick = atLeast(replayed.priceScale, base.tick);
  const step = atLeast(replayed.qtyScale, base.step);
  const first = replayed.price === null ? null : roundTo(replayed.price, scaleOf(money(tick)), 'half_even');
  const reference = first === null ? base.reference : formatDecimal(first);
  return ok({ ...base, tick, step, minQty: step, minPrice: tick, reference, market: null });
}

const unit = (scale: number): string => (scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`);

/** A pair or perpetual that the table does not know, with wide limits. */
function unlisted(category: Category, symbol: string): InstrumentTerms | null {
  const quotes = QUOTES[category];
  const quote = quotes.find((one) => symbol.endsWith(one) && symbol.length > one.length);
  const like = DEFAULT_INSTRUMENTS.find((one) => one.category === category && one.symbol === `BTC${quotes[0]}`);
  if (quote === undefined || like === undefined) return null;
  const base = symbol.slice(0, -quote.length);
  return {
    ...like,
    symbol,
    base,
    quote,
    settle: category === 'inverse' ? base : quote,
    quoteStep: '0.00000001',
    maxLimitQty: '10000000',
    maxMarketQty: '10000000',
    postOnlyMaxQty: '10000000',
    minNotional: quote === 'BTC' || quote === 'ETH' ? '0.0001' : '5',
    maxPrice: '1000000',
    reference: '1',
  };
}
