import * as z from 'zod';
import type { Category, Side } from '../domain/ids.ts';
import { amount, distinct, flag, id, integer, optional, positive, strict, symbol, time, word } from './fields.ts';

/** Every documented field of an order, each read by itself; `order-checks.ts` judges them together. */
export const CATEGORIES = ['spot', 'linear', 'inverse', 'option'] as const satisfies readonly Category[];
export const SIDES = ['buy', 'sell'] as const satisfies readonly Side[];
// biome-ignore format: a table
export const ORDER_TYPES = [
  'market', 'limit', 'stop', 'stop_limit', 'take_profit', 'take_profit_limit', 'trailing_stop', 'bracket', 'oco',
  'twap', 'vwap', 'pov', 'minimize_impact', 'iceberg',
] as const;
export const TIMES_IN_FORCE = ['gtc', 'ioc', 'fok', 'post_only', 'gtd'] as const;
export const STRATEGIES = [
  'smart',
  'best_price',
  'lowest_cost',
  'minimize_impact',
  'internal_only',
  'bybit_only',
] as const;
export const VENUES = ['okd_internal', 'bybit'] as const;
const TRIGGERS = ['last', 'mark', 'index'] as const;

export type Strategy = (typeof STRATEGIES)[number];

const attached = (description: string) =>
  strict({
    trigger_price: positive('price at which it triggers'),
    price: optional(positive('limit price after the trigger; absent: market')),
    trigger_by: optional(word(TRIGGERS, 'price that triggers')),
  }).meta({ description });

const routing = strict({
  strategy: optional(word(STRATEGIES, 'how venues are chosen; smart by default')),
  venues: optional(distinct(word(VENUES, 'a venue'), VENUES.length)),
  max_bybit_percentage: optional(
    amount({ from: '0', to: '100' }, 'largest part of the ordered quantity on Bybit, in percent'),
  ),
  prefer_internal: optional(flag('at nearly equal cost, the internal book first')),
  allow_opposite_legs: optional(flag('positions of opposite sign on the two venues may come out of it')),
}).meta({ description: 'how the order is split over venues' });

export const orderFields = strict({
  symbol: symbol(),
  category: optional(word(CATEGORIES, 'spot by default')),
  side: word(SIDES, 'buy or sell'),
  type: word(ORDER_TYPES, 'order type'),
  quantity: optional(positive('base quantity')),
  quote_quantity: optional(positive('amount of quote currency to spend: market buys only')),
  price: optional(positive('limit price')),
  stop_price: optional(positive('trigger price of conditional orders')),
  trigger_by: optional(word(TRIGGERS, 'price that triggers')),
  trail: optional(positive('distance of a trailing stop')),
  time_in_force: optional(word(TIMES_IN_FORCE, 'gtc for limit orders, ioc for market orders')),
  expire_time: optional(time('end of a gtd order')),
  reduce_only: optional(flag('may only shrink a position')),
  position_side: optional(word(['both', 'long', 'short'], 'side of a hedged position')),
  leverage: optional(amount({ from: '1', to: '100' }, 'leverage')),
  margin_mode: optional(word(['cross', 'isolated'], 'margin mode')),
  take_profit: optional(attached('take profit attached to the entry')),
  stop_loss: optional(attached('stop loss attached to the entry')),
  max_slippage: optional(
    amount({ above: '0', to: '100' }, 'market orders: percent from the arrival price; 1 by default'),
  ),
  duration: optional(integer(1, 30 * 86_400, 'seconds of a schedule')),
  slices: optional(integer(1, 10_000, 'slices of a schedule')),
  randomize: optional(flag('vary times and sizes of slices')),
  participation_rate: optional(amount({ above: '0', to: '1' }, 'part of the market volume')),
  risk_aversion: optional(amount({ from: '0' }, 'urgency of a schedule')),
  routing: optional(routing),
  venue_options: optional(
    strict({ bybit: optional(z.record(z.string(), z.unknown(), { error: 'is not a JSON object' })) }),
  ),
  client_order_id: optional(id('your id of the order: unique per account, for ever', 36)),
});

/** What was sent, field by field, read but not yet judged as an order. */
export type OrderFields = z.output<typeof orderFields>;
