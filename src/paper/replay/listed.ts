import { err, ok, type Result } from '../../domain/result.ts';
import { keyOf } from '../config/instruments.ts';
import { DEFAULT_INSTRUMENTS, type InstrumentTerms } from '../config/terms.ts';
import type { PaperConfig } from '../config/types.ts';
import type { HistorySummary } from './source.ts';

const QUOTES = ['USDT', 'USDC', 'EUR', 'BTC', 'ETH'];

/**
 * The terms of a symbol that is replayed: tick and step as the file needs them, unless the configuration names the
 * instrument itself. No agents.
 */
export function replayedTerms(
  config: PaperConfig,
  category: 'spot' | 'linear',
  history: HistorySummary,
): Result<InstrumentTerms, string> {
  const key = keyOf({ category, symbol: history.symbol });
  const known = config.instruments.find((one) => keyOf(one) === key);
  if (known !== undefined && config.configured.has(key)) return ok({ ...known, market: null });
  const base = known ?? DEFAULT_INSTRUMENTS.find((one) => keyOf(one) === key) ?? unlisted(category, history.symbol);
  if (base === null) return err(`${history.symbol} is no pair with ${QUOTES.join(', ')}: list it under instruments`);
  const tick = unit(history.priceScale);
  const step = unit(history.qtyScale);
  return ok({ ...base, tick, step, minQty: step, minPrice: tick, market: null });
}

const unit = (scale: number): string => (scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`);

/** A pair that the table does not know, with wide limits. */
function unlisted(category: 'spot' | 'linear', symbol: string): InstrumentTerms | null {
  const quote = QUOTES.find((one) => symbol.endsWith(one) && symbol.length > one.length);
  const like = DEFAULT_INSTRUMENTS.find((one) => one.category === category && one.symbol === 'BTCUSDT');
  if (quote === undefined || like === undefined) return null;
  return {
    ...like,
    symbol,
    base: symbol.slice(0, -quote.length),
    quote,
    quoteStep: '0.00000001',
    maxLimitQty: '10000000',
    maxMarketQty: '10000000',
    postOnlyMaxQty: '10000000',
    minNotional: quote === 'BTC' || quote === 'ETH' ? '0.0001' : '5',
    maxPrice: '1000000',
    reference: '1',
  };
}
