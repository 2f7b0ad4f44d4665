import { toFloat, ZERO } from '../../domain/decimal.ts';
import type { Money, UnixMs } from '../../domain/ids.ts';
import { priceOf } from '../../domain/instrument.ts';
import type { OptionPrices, PublicTrade } from '../../ports/exchange.ts';
import { black76, fromFloat, impliedVol, MS_A_YEAR, shownGreeks } from '../formulas/options.ts';
import type { Market } from './market.ts';

/** Digits of a volatility: a hundredth of a percent. */
const VOL_DIGITS = 4;

/** What a price of an option means; null for everything that is none. */
export type OptionLens = Readonly<{
  volatility(price: Money): Money;
  greeks(price: Money): OptionPrices['greeks'];
}>;

/** Looks at an option from an instant, with its coin's index for the price at delivery. */
export function optionLens(market: Market, at: UnixMs): OptionLens | null {
  const { contract } = market.instrument;
  if (contract === null || contract.option === null || contract.delivery === null) return null;
  const model = {
    type: contract.option.type,
    strike: toFloat(contract.option.strike),
    forward: toFloat(market.index()),
    years: Math.max(0, contract.delivery.at - at) / MS_A_YEAR,
    rate: 0,
  };
  const exact = (price: Money): number => impliedVol(model, toFloat(price)) ?? 0;
  return {
    volatility: (price) => fromFloat(exact(price), VOL_DIGITS),
    greeks: (price) => {
      const { delta, gamma, vega, theta } = shownGreeks(black76({ ...model, vol: exact(price) }));
      return { delta: fromFloat(delta), gamma: fromFloat(gamma), vega: fromFloat(vega), theta: fromFloat(theta) };
    },
  };
}

/** The part of a ticker that only an option has. */
export function optionPrices(
  market: Market,
  at: UnixMs,
  totals: Readonly<{ volume: Money; turnover: Money }>,
): OptionPrices | null {
  const lens = optionLens(market, at);
  if (lens === null) return null;
  const { levels } = market.book;
  const volatilityOf = (side: 'buy' | 'sell'): Money => {
    const best = levels.best(side);
    return best === null ? ZERO : lens.volatility(priceOf(market.instrument.listing, best.price));
  };
  return {
    markIv: lens.volatility(market.mark()),
    bidIv: volatilityOf('buy'),
    askIv: volatilityOf('sell'),
    underlying: market.index(),
    greeks: lens.greeks(market.mark()),
    totalVolume: totals.volume,
    totalTurnover: totals.turnover,
  };
}

/** A trade of an option with how things stood when it was published; any other as it is. */
export function withOptionPrices(market: Market, trade: PublicTrade): PublicTrade {
  const lens = optionLens(market, trade.at);
  if (lens === null) return trade;
  const [mark, index] = [market.mark(), market.index()];
  return { ...trade, option: { mark, index, markIv: lens.volatility(mark), tradeIv: lens.volatility(trade.price) } };
}
