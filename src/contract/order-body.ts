import * as z from 'zod';
import type { Category, InstrumentId, Money, Side, VenueId } from '../domain/ids.ts';
import { instrumentId } from '../domain/ids.ts';
import type { TimeInForce } from '../domain/order.ts';
import { invariant } from '../domain/result.ts';
import { type Problem, shapeProblems, unsupportedProblems } from './order-checks.ts';
import { type OrderFields, orderFields, type Strategy } from './order-fields.ts';

/** An order as the core takes it: only what this version does. */
export type OrderRequest = Readonly<{
  instrument: InstrumentId;
  category: Category;
  symbol: string;
  side: Side;
  type: 'market' | 'limit';
  /** Base quantity; exactly one of it and `quoteQuantity` is there. */
  quantity: Money | null;
  quoteQuantity: Money | null;
  /** Of limit orders. */
  price: Money | null;
  timeInForce: TimeInForce;
  reduceOnly: boolean;
  /** Percent from the arrival price, for market orders; null: the account's setting. */
  maxSlippage: Money | null;
  routing: RoutingWish;
  clientOrderId: string | null;
}>;

/** What the client asked of the router; null leaves it to the account's settings. */
export type RoutingWish = Readonly<{
  strategy: Strategy;
  venues: readonly VenueId[] | null;
  maxBybitPercentage: Money | null;
  preferInternal: boolean | null;
}>;

/** The body of `POST /api/trading/order`, of its preview and of `order.create`. */
export const orderBody = orderFields
  .transform((fields, ctx): OrderRequest => {
    const problems: readonly Problem[] = firstFound(unsupportedProblems(fields), shapeProblems(fields));
    for (const { path, problem, allowed, code } of problems) {
      ctx.issues.push({ code: 'custom', message: problem, input: fields, path: [...path], params: { allowed, code } });
    }
    return problems.length === 0 ? orderRequest(fields) : z.NEVER;
  })
  .meta({
    id: 'OrderRequest',
    description: 'An order. Fields whose behaviour is not there yet are refused with NOT_SUPPORTED.',
  });

const firstFound = (first: readonly Problem[], then: readonly Problem[]) => (first.length > 0 ? first : then);

function orderRequest(fields: OrderFields): OrderRequest {
  const category = fields.category ?? 'spot';
  const type = fields.type === 'limit' ? 'limit' : 'market';
  const timeInForce = fields.time_in_force ?? (type === 'market' ? 'ioc' : 'gtc');
  invariant(timeInForce !== 'gtd', 'gtd is refused before');
  return {
    instrument: instrumentId(category, fields.symbol),
    category,
    symbol: fields.symbol,
    side: fields.side,
    type,
    quantity: fields.quantity,
    quoteQuantity: fields.quote_quantity,
    price: fields.price,
    timeInForce,
    reduceOnly: fields.reduce_only ?? false,
    maxSlippage: fields.max_slippage,
    routing: {
      strategy: fields.routing?.strategy ?? 'smart',
      venues: (fields.routing?.venues ?? null) as readonly VenueId[] | null,
      maxBybitPercentage: fields.routing?.max_bybit_percentage ?? null,
      preferInternal: fields.routing?.prefer_internal ?? null,
    },
    clientOrderId: fields.client_order_id,
  };
}
