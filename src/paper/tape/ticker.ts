import type { Money, UnixMs } from '../../domain/ids.ts';
import { ZERO } from '../../domain/decimal.ts';
import type { ExchangeTicker } from '../../ports/exchange.ts';
import type { AccountFacts } from '../state/state.ts';
import { SETTLEMENT_MS } from './fair-value.ts';
import type { Market } from './market.ts';
import { optionPrices } from './option-prices.ts';
import type { TradeStats } from './stats.ts';

const MINUTE_MS = 60_000;

/**
 * The ticker of one instrument. `rate`: at which funding would be settled now; `nextFundingAt` is when it will be.
 */
export function tickerOf(
  market: Market,
  stats: TradeStats,
  accounts: ReadonlyMap<string, AccountFacts>,
  now: UnixMs,
  rate: Money,
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
    fundingRate: rate,
    nextFundingAt: interval === 0 ? null : ((Math.floor(now / interval) * interval + interval) as UnixMs),
    predictedDelivery: isSettling(market, now) ? market.settlementPrice() : null,
    option: optionPrices(market, total),
    tickDirection: direction,
  };
}

/** Whether the delivery price is being found. */
function isSettling({ instrument }: Market, now: UnixMs): boolean {
  const { delivery = null } = instrument.contract ?? {};
  return delivery !== null && delivery.at - now < SETTLEMENT_MS;
}

function openInterest(market: Market, accounts: ReadonlyMap<string, AccountFacts>): Money {
  let sum = 0n;
  for (const account of accounts.values()) {
    for (const { instrument, size } of account.positions.values())
      if (instrument === market.id && size > 0n) sum += size;
  }
  return sum as Money;
}
