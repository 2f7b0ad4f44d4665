import * as z from 'zod';
import type { InstrumentId, OrderId, UnixMs } from '../domain/ids.ts';
import { count, isoTimeField, money, oneOf, page, words, yes } from './answers.ts';
import { flag, id, integer, optional, strict, symbol, text, time, word } from './fields.ts';
import { CATEGORIES, ORDER_TYPES, SIDES, STRATEGIES, TIMES_IN_FORCE } from './order-fields.ts';

/** Orders, executions and routing decisions as answers print them, and the queries that list them. */
export const ORDER_STATUSES = [
  'pending',
  'working',
  'partially_filled',
  'filled',
  'canceled',
  'rejected',
  'expired',
] as const;
export const CERTAINTIES = ['confirmed', 'unknown', 'quarantined', 'unverifiable'] as const;
const LIQUIDITY = ['maker', 'taker'] as const;

const fee = z
  .object({
    asset: words('asset of the fee'),
    amount: money('positive is paid, negative is a rebate'),
    kind: oneOf(['venue', 'routing'], 'who takes it: the venue, or the platform for what executes on Bybit'),
  })
  .meta({ id: 'Fee' });
export type Fee = z.infer<typeof fee>;

const childOrder = z
  .object({
    id: words('our id of the child, sent to the venue'),
    venue: words('venue'),
    venue_order_id: words("the venue's own id").nullable(),
    status: oneOf(ORDER_STATUSES, 'what the venue holds'),
    in_flight: oneOf(['none', 'submit', 'amend', 'cancel'], 'what was asked and not yet answered'),
    certainty: oneOf(CERTAINTIES, 'how sure the status is'),
    price: money('worst acceptable price'),
    quantity: money('ordered'),
    filled_quantity: money('executed'),
    average_price: money('quantity-weighted price of the executions').nullable(),
    fees: z.array(fee),
    reason: words('why it is final').nullable(),
    late_fill: yes('a fill was proven after it was final'),
    created_at: isoTimeField('when it was decided'),
    updated_at: isoTimeField('when it last changed'),
  })
  .meta({ id: 'ChildOrder', description: 'One order at one venue.' });
export type ChildOrderView = z.infer<typeof childOrder>;

const routedVenue = z
  .object({
    venue: words('venue'),
    used: yes('it got a part of the order'),
    reason: words('stable word for why it was used or not'),
    explanation: words('the same for people'),
    quantity: money('its part of the order'),
    best_bid: money('best bid when decided').nullable(),
    best_ask: money('best ask when decided').nullable(),
    fillable_quantity: money('what its book holds inside the protection price').nullable(),
    affordable_quantity: money('what its balance would cover').nullable(),
    estimated_cost: money('all-in cost of this order there, percent of arrival mid').nullable(),
    fee_rate: money('fee in percent of notional, routing fee included').nullable(),
    book_age_ms: count('age of the book that was used').nullable(),
  })
  .meta({ id: 'RoutedVenue' });
export type RoutedVenue = z.infer<typeof routedVenue>;

export const routingDecision = z
  .object({
    decided_at: isoTimeField('when'),
    strategy: oneOf(STRATEGIES, 'strategy'),
    arrival_price: money('mid when the order arrived').nullable(),
    protection_price: money('worst price that the order may trade at').nullable(),
    venues: z.array(routedVenue),
    split: z.record(z.string(), money('part of the order')).meta({ description: 'quantity per venue used' }),
    unrouted_quantity: money('part that no venue takes now'),
    expected_average_price: money('over all venues').nullable(),
    expected_cost: money('all-in cost, percent of arrival mid').nullable(),
    explanation: words('the decision in one sentence'),
  })
  .meta({
    id: 'RoutingDecision',
    description: 'The venues seen, their cost of this order, why each was used or not, and the split.',
  });
export type RoutingDecision = z.infer<typeof routingDecision>;

export const order = z
  .object({
    id: words('id of the order'),
    client_order_id: words('your id').nullable(),
    source: oneOf(['okd', 'external'], 'external: placed on the venue by other means'),
    symbol: words('instrument'),
    category: oneOf(CATEGORIES, 'category'),
    side: oneOf(SIDES, 'side'),
    type: oneOf(ORDER_TYPES, 'type'),
    time_in_force: oneOf(TIMES_IN_FORCE, 'how long it may live'),
    status: oneOf(ORDER_STATUSES, 'the last four are final'),
    certainty: oneOf(CERTAINTIES, 'the worst of its children; never final while not confirmed'),
    reason: words('why it is final').nullable(),
    quantity: money('ordered').nullable(),
    quote_quantity: money('ordered amount of quote currency').nullable(),
    price: money('limit price').nullable(),
    max_slippage: money('percent').nullable(),
    reduce_only: yes('may only shrink a position'),
    filled_quantity: money('executed'),
    remaining_quantity: money('open; 0 once final').nullable(),
    average_price: money('quantity-weighted price of the executions').nullable(),
    fees: z.array(fee),
    late_fill: yes('a fill was proven after it was final'),
    children: z.array(childOrder),
    routing_decision: routingDecision.nullable(),
    created_at: isoTimeField('when it was accepted'),
    updated_at: isoTimeField('when it last changed'),
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof order>;

export const executionReport = z
  .object({
    id: words("the venue's id of the execution"),
    order_id: words('our order; null when the order was placed by other means').nullable(),
    child_id: words('the child order').nullable(),
    client_order_id: words('your id of the order').nullable(),
    venue: words('venue'),
    symbol: words('instrument'),
    category: oneOf(CATEGORIES, 'category'),
    side: oneOf(SIDES, 'side'),
    price: money('price'),
    quantity: money('quantity'),
    notional: money('quote currency that changed hands'),
    fees: z.array(fee),
    liquidity: oneOf(LIQUIDITY, 'rested, or removed liquidity'),
    executed_at: isoTimeField('when the venue matched it'),
  })
  .meta({ id: 'Execution' });
export type ExecutionReport = z.infer<typeof executionReport>;

const orderEvent = z
  .object({
    at: isoTimeField('when'),
    type: words('what happened'),
    child_id: words('which child').nullable(),
    text: words('for people'),
  })
  .meta({ id: 'OrderEvent' });
export const orderDetail = order
  .extend({ executions: z.array(executionReport), events: z.array(orderEvent) })
  .meta({ id: 'OrderDetail' });
export type OrderDetail = z.infer<typeof orderDetail>;

export const orderPreview = z
  .object({
    routing_decision: routingDecision,
    fees: z.array(fee),
    notional: money('expected notional in quote currency').nullable(),
    risk: z.object({
      accepted: yes('the order would pass'),
      code: words('error code of the refusal').nullable(),
      message: words('why, and what would pass').nullable(),
      checks: z.array(
        z.object({
          name: words('name of the check'),
          passed: yes('passed'),
          limit: money('limit').nullable(),
          value: money('value with this order').nullable(),
        }),
      ),
    }),
  })
  .meta({ id: 'OrderPreview', description: 'What would happen; nothing is sent.' });
export type OrderPreview = z.infer<typeof orderPreview>;

export const cancelAllReport = z
  .object({
    requested: count('orders for which a cancel was asked'),
    order_ids: z.array(words('id')),
    failed: z.array(z.object({ order_id: words('id'), code: words('error code'), message: words('why') })),
  })
  .meta({ id: 'CancelAll' });
export type CancelAllReport = z.infer<typeof cancelAllReport>;

export const orderPage = page('orders', order);
export const executionPage = page('executions', executionReport);

const CURSOR = { max: 512, pattern: /^[A-Za-z0-9_.-]+$/, allowed: 'next_cursor of the page before, as it was given' };
const listing = {
  symbol: optional(symbol()),
  category: optional(word(CATEGORIES, 'category')),
  from: optional(time('not before')),
  to: optional(time('not after')),
  limit: optional(integer(1, 500, 'page size; 100 by default')),
  cursor: optional(text(CURSOR, 'next_cursor of the page before')),
};
export const orderListQuery = strict({
  ...listing,
  status: optional(word(['open', 'final', ...ORDER_STATUSES], 'open: not final')),
  client_order_id: optional(id('your id', 36)),
  include_bybit: optional(flag('also orders placed on Bybit by other means')),
});
export const executionListQuery = strict({ ...listing, order_id: optional(id<OrderId>('one order only')) });
export const cancelAllQuery = strict({
  symbol: optional(symbol()),
  category: optional(word(CATEGORIES, 'spot by default')),
});

/** Filters as the service gets them: null does not filter. */
export type ListFilter = Readonly<{
  instrument: InstrumentId | null;
  category: (typeof CATEGORIES)[number] | null;
  from: UnixMs | null;
  to: UnixMs | null;
  limit: number;
  cursor: string | null;
}>;
export type OrderListFilter = ListFilter &
  Readonly<{
    status: 'open' | 'final' | (typeof ORDER_STATUSES)[number] | null;
    clientOrderId: string | null;
    includeBybit: boolean;
  }>;
export type ExecutionListFilter = ListFilter & Readonly<{ orderId: OrderId | null }>;
