import { divide, ONE } from '../../domain/decimal.ts';
import type { AssetId, Money, Side } from '../../domain/ids.ts';
import { DEFAULT_ASSET_SCALE } from '../../domain/instrument.ts';
import type { Liquidity } from '../../domain/order.ts';
import type { FeeRates } from '../../ports/exchange.ts';
import type { PaperInstrument } from '../config/listings.ts';
import { DEFAULT_OPTION_FACTORS, optionFee } from '../formulas/option-margin.ts';

export type Fee = Readonly<{ amount: Money; asset: AssetId; rate: Money }>;

/** `value`: what it was worth, as the instrument is valued; `index` of its coin. */
export type Filled = Readonly<{
  side: Side;
  liquidity: Liquidity;
  qty: Money;
  price: Money;
  value: Money;
  index: Money;
}>;

const UNIT = 10n ** BigInt(18 - DEFAULT_ASSET_SCALE);

/**
 * Fee of one fill. Derivatives pay in the settle coin: futures a part of the value, options a part of the index that is
 * at most a part of their price. Spot pays in what it receives (a buy in base, a sell in quote); only a maker with a
 * negative rate is rewarded in what it gives (Bybit V5, "Spot Fee Currency"). Rounded up at the coin's scale: a fee
 * never shrinks, a rebate never grows.
 */
export function feeOf(instrument: PaperInstrument, rates: FeeRates, fill: Filled): Fee {
  const rate = fill.liquidity === 'maker' ? rates.maker : rates.taker;
  const { category, settle } = instrument;
  if (category === 'option') {
    return { amount: optionFee(DEFAULT_OPTION_FACTORS, rate, fill.index, fill), asset: settle, rate };
  }
  if (category !== 'spot') return { amount: rounded(fill.value, rate), asset: settle, rate };
  const inBase = (fill.side === 'buy') === rate >= 0n;
  return inBase
    ? { amount: rounded(fill.qty, rate), asset: instrument.base, rate }
    : { amount: rounded(fill.value, rate), asset: instrument.quote, rate };
}

/** One rounding, of the exact product. */
const rounded = (amount: Money, rate: Money): Money => (divide(amount * rate, ONE * UNIT, 'up') * UNIT) as Money;
