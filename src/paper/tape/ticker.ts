import type { Money, UnixMs } from '../../domain/ids.ts';
import { ZERO } from '../../domain/decimal.ts';
import type { ExchangeTicker } from '../../ports/exchange.ts';
import type { AccountFacts } from '../state/state.ts';
import type { Market } from './market.ts';
import { optionPrices } from './option-prices.ts';
import type { TradeStats } from './stats.ts';

const MINUTE_MS = 60_000;

/**
 * The ticker of one instrument. Funding is not settled yet: the rate is zero, the time is when it would be (the seam:
 * an execution of kind `funding`, booked like a fee between the two sides).
 */
export function tickerOf(
  market: Market,
  stats: TradeStats,
  accounts: ReadonlyMap<string, AccountFacts>,
  now: UnixMs,
  predictedDelivery: Money | null,
): ExchangeTicker {
  const { total, last, prev24h, prev1h, high24h, low24h, volume24h, turnover24h, direction } = stats.read(now);
  const { contract } = market.instrument;
  const interval = (contract?.funding?.intervalMin ?? 0) * MINUTE_MS;
  return {
    instrument: market.id,
    last,
    index: market.index(),
    mark: market.mark(),
    prev24h,
    prev1h,
    high24h,
    low24h,
    volume24h,
    turnover24h,
    openInterest: contract === null ? ZERO : openInterest(market, accounts),
    fundingRate: ZERO,
    nextFundingAt: interval === 0 ? null : ((Math.floor(now / interval) * interval + interval) as UnixMs),
    predictedDelivery,
    option: optionPrices(market, now, total),
    tickDirection: direction,
  };
}

function openInterest(market: Market, accounts: ReadonlyMap<string, AccountFacts>): Money {
  let sum = 0n;
  for (const account of accounts.values()) {
    for (const { instrument, size } of account.positions.values())
      if (instrument === market.id && size > 0n) sum += size;
  }
  return sum as Money;
}
