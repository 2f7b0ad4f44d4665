import { formatDecimal } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { toTicks } from '../../domain/instrument.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AttachedExits, ExchangeRefusal, ExitTerms, OrderTrigger, PlaceOrder } from '../../ports/exchange.ts';
import { refuse } from '../rules/refusal.ts';
import type { Market } from '../tape/market.ts';
import { sourcePrice } from './waiting.ts';

type Checked = Result<void, ExchangeRefusal>;
export type ExitSide = 'take_profit' | 'stop_loss';

/** A way out of what `entry` bought or sold: a long takes its profit above, a short below. */
export const exitTrigger = (which: ExitSide, entry: Side, terms: ExitTerms): OrderTrigger => ({
  price: terms.price,
  by: terms.by,
  direction: (which === 'take_profit') === (entry === 'buy') ? 'rise' : 'fall',
});

/** The ways out that an order brings along, measured from its own price, or where the market is. */
export function checkAttached(market: Market, order: PlaceOrder): Checked {
  const { exits } = order;
  if (exits === null || (exits.takeProfit === null && exits.stopLoss === null)) return ok(undefined);
  const { category } = market.instrument;
  if (order.reduceOnly) return refuse('EXITS_NOT_ALLOWED', 'an order that closes has nothing to get out of');
  if (category === 'spot' && order.type === 'market')
    return refuse('EXITS_NOT_ALLOWED', 'on spot of limit orders only');
  const limited = [exits.takeProfit, exits.stopLoss].some((one) => one !== null && one.limitPrice !== null);
  if (limited && category !== 'spot' && exits.mode === 'full') {
    return refuse('EXITS_NOT_ALLOWED', 'of a whole position as market orders only');
  }
  return checkBoth(market, order.side, exits, order.price ?? order.trigger?.price ?? null);
}

/** `base` null: each is measured from the price that it looks at. */
export function checkBoth(
  market: Market,
  entry: Side,
  exits: Pick<AttachedExits, 'takeProfit' | 'stopLoss'>,
  base: Money | null,
): Checked {
  for (const which of ['take_profit', 'stop_loss'] as const) {
    const terms = which === 'take_profit' ? exits.takeProfit : exits.stopLoss;
    if (terms === null) continue;
    const checked = checkExit(market, which, entry, terms, base ?? sourcePrice(market, terms.by));
    if (!checked.ok) return checked;
  }
  return ok(undefined);
}

export function checkExit(market: Market, which: ExitSide, entry: Side, terms: ExitTerms, base: Money): Checked {
  const { listing } = market.instrument;
  for (const price of [terms.price, terms.limitPrice]) {
    if (price === null) continue;
    if (price <= 0n || !toTicks(listing, price).ok) {
      return refuse('OFF_TICK', `${formatDecimal(price)} is not a multiple of the tick`);
    }
  }
  const { direction } = exitTrigger(which, entry, terms);
  const right = direction === 'rise' ? terms.price > base : terms.price < base;
  if (right) return ok(undefined);
  const name = which === 'take_profit' ? 'TakeProfit' : 'StopLoss';
  const whose = entry === 'buy' ? 'Buy' : 'Sell';
  const than = direction === 'rise' ? 'higher' : 'lower';
  return refuse(
    'EXIT_ON_WRONG_SIDE',
    `${name}:${scaled(terms.price)} set for ${whose} position should be ${than} than base_price:${scaled(base)}??${SOURCES[terms.by]}`,
  );
}

/** Bybit's text has these prices times ten thousand. */
const scaled = (price: Money): string => (price / 10n ** 14n).toString();
const SOURCES = { last: 'LastPrice', mark: 'MarkPrice', index: 'IndexPrice' } as const;
