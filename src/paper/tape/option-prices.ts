import { ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { priceOf } from '../../domain/instrument.ts';
import type { OptionPrices, PublicTrade } from '../../ports/exchange.ts';
import type { Market } from './market.ts';

const isOption = (market: Market): boolean => market.instrument.contract?.kind === 'option';

/** The part of a ticker that only an option has. */
export function optionPrices(
  market: Market,
  totals: Readonly<{ volume: Money; turnover: Money }>,
): OptionPrices | null {
  if (!isOption(market)) return null;
  const { iv, underlying, delta, gamma, vega, theta } = market.optionPrice();
  const volatilityOf = (side: 'buy' | 'sell'): Money => {
    const best = market.book.levels.best(side);
    return best === null ? ZERO : market.volOf(priceOf(market.instrument.listing, best.price));
  };
  return {
    markIv: iv,
    bidIv: volatilityOf('buy'),
    askIv: volatilityOf('sell'),
    underlying,
    greeks: { delta, gamma, vega, theta },
    totalVolume: totals.volume,
    totalTurnover: totals.turnover,
  };
}

/** A trade of an option with how things stood when it was published; any other as it is. */
export function withOptionPrices(market: Market, trade: PublicTrade): PublicTrade {
  if (!isOption(market)) return trade;
  const { iv, mark } = market.optionPrice();
  return { ...trade, option: { mark, index: market.index(), markIv: iv, tradeIv: market.volOf(trade.price) } };
}
