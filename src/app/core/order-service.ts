import type { Page } from '../../contract/answers.ts';
import { refusal } from '../../contract/errors.ts';
import type { OrderRequest as OrderBody } from '../../contract/order-body.ts';
import type {
  CancelAllReport, ExecutionListFilter, ExecutionReport, Order, OrderDetail, OrderListFilter, OrderPreview,
} from '../../contract/orders.ts'; // biome-ignore format: a list
import type { Answer, Caller, Created, Idempotency, OrderService as Contract } from '../../contract/service.ts';
import {
  INTERNAL_VENUE,
  type InstrumentId,
  type Money,
  type OrderId,
  splitInstrumentId,
  type VenueId,
} from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { judge, unroutedDenial } from '../../oms/accept.ts';
import type { OrderRequest } from '../../oms/events.ts';
import type { Reply } from '../../oms/messages.ts';
import { statusOf, progressOf } from '../../oms/progress.ts';
import type { Child } from '../../oms/child.ts';
import type { Parent } from '../../oms/state.ts';
import { canceledFromMemory, denied } from './answers.ts';
import { decisionView } from './decision-view.ts';
import type { Desk } from './desk.ts';
import type { Gateway } from './gateway.ts';
import { executionView, orderDetail, orderView } from './order-view.ts';
import { cursorOf, pageFrom } from './paging.ts';

const HUNDRED = 100n;
type ApiResult<T> = Result<T, ReturnType<typeof refusal>>;

/** Orders as clients handle them, over the account's partition. */
export class OrderService implements Contract {
  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  async submit(caller: Caller, body: OrderBody, idempotency: Idempotency | null): Answer<Created<Order>> {
    const prepared = this.#prepare(caller, body);
    if (!prepared.ok) return prepared;
    const { desk, request, context } = prepared.value;
    const at = this.#gateway.clock.now();
    const fingerprint = fingerprintOf(request);
    const message = { type: 'submit', at, request, fingerprint, context, idempotency } as const;
    return desk.effects.ask(
      (replyTo) => ({ ...message, replyTo }),
      (reply) => this.#created(desk, reply),
    );
  }

  #created(desk: Desk, reply: Reply): ApiResult<Created<Order>> {
    if (reply.type === 'denied') return denied(reply.denial);
    if (reply.type !== 'accepted') return denied({ code: 'INTERNAL_ERROR', message: 'unexpected reply' });
    const value = this.#view(desk, desk.state.parent(reply.order));
    return ok({ value, repeated: reply.repeated });
  }

  #prepare(caller: Caller, body: OrderBody) {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    if (this.#gateway.journalFailed) return err(refusal('JOURNAL_UNAVAILABLE'));
    const unready = this.#gateway.notReady();
    if (unready !== null) return err(refusal('NOT_READY', { message: unready }));
    const context = this.#gateway.context(desk, body.instrument, body.side);
    if (context === null)
      return err(refusal('INSTRUMENT_NOT_FOUND', { details: { symbol: body.symbol, category: body.category } }));
    return ok({ desk, context, request: requestOf(body, this.#gateway.external) });
  }

  async preview(caller: Caller, body: OrderBody): Answer<OrderPreview> {
    const prepared = this.#prepare(caller, body);
    if (!prepared.ok) return prepared;
    const { desk, context, request } = prepared.value;
    const verdict = judge(desk.state, context, request, this.#gateway.clock.now());
    const { quote } = context.instrument;
    if (!verdict.ok) return denied(verdict.denial);
    const { plan } = verdict.routed;
    const denial = unroutedDenial(plan);
    const fees: Order['fees'] = [
      { asset: quote, amount: plan.expected.fee, kind: 'venue' },
      { asset: quote, amount: plan.expected.routingFee, kind: 'routing' },
    ];
    return this.#gateway.durable(
      ok({
        routing_decision: decisionView(plan),
        fees: fees.filter(({ amount }) => amount !== 0n),
        notional: plan.expected.notional,
        risk: { accepted: denial === null, code: denial?.code ?? null, message: denial?.message ?? null, checks: [] },
      }),
    );
  }

  cancel(caller: Caller, order: OrderId): Answer<Order> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return Promise.resolve(err(refusal('ACCOUNT_NOT_FOUND')));
    if (this.#gateway.journalFailed) {
      return Promise.resolve(canceledFromMemory(desk.effects.cancelFromMemory((child) => child.parent === order)));
    }
    const at = this.#gateway.clock.now();
    return desk.effects.ask(
      (replyTo) => ({ type: 'cancel', at, order, actor: caller.user, replyTo }),
      (reply) => (reply.type === 'denied' ? denied(reply.denial) : ok(this.#view(desk, desk.state.parent(order)))),
    );
  }

  cancelAll(caller: Caller, instrument: InstrumentId | null): Answer<CancelAllReport> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return Promise.resolve(err(refusal('ACCOUNT_NOT_FOUND')));
    if (this.#gateway.journalFailed) {
      const wanted = (child: Child): boolean => instrument === null || child.order.instrument === instrument;
      return Promise.resolve(canceledFromMemory(desk.effects.cancelFromMemory(wanted)));
    }
    const at = this.#gateway.clock.now();
    return desk.effects.ask(
      (replyTo) => ({ type: 'cancel_all', at, instrument, actor: caller.user, replyTo }),
      (reply) => {
        if (reply.type === 'denied') return denied(reply.denial);
        const orders = reply.type === 'done' ? reply.orders : [];
        return ok({ requested: orders.length, order_ids: [...orders], failed: [] });
      },
    );
  }

  get(caller: Caller, id: OrderId): Answer<OrderDetail> {
    const desk = this.#gateway.desk(caller.account);
    const parent = desk?.state.parents.get(id);
    if (desk === null || parent === undefined) return Promise.resolve(err(refusal('ORDER_NOT_FOUND')));
    return this.#gateway.durable(ok(orderDetail(desk.state, parent)));
  }

  async list(caller: Caller, filter: OrderListFilter): Answer<Page<Order>> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    const cursor = cursorOf(filter.cursor, caller.account);
    if (!cursor.ok) return cursor;
    const matching = [...desk.state.parents.values()].reverse().filter((parent) => matches(desk, parent, filter));
    const page = pageFrom(matching, cursor.value, filter.limit, caller.account, (parent) => parent.seq);
    const external =
      filter.includeBybit && filter.cursor === null ? await this.#gateway.externalOrders(desk, filter) : [];
    const items = [...external, ...page.items.map((parent) => this.#view(desk, parent))];
    return this.#gateway.durable(ok({ items, nextCursor: page.nextCursor, stale: false }));
  }

  async executions(caller: Caller, filter: ExecutionListFilter): Answer<Page<ExecutionReport>> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    const cursor = cursorOf(filter.cursor, caller.account);
    if (!cursor.ok) return cursor;
    const rows: { at: number; n: number; view: () => ExecutionReport }[] = [];
    for (const parent of desk.state.parents.values()) {
      if (filter.orderId !== null && parent.id !== filter.orderId) continue;
      for (const child of desk.state.childrenOf(parent)) {
        for (const one of child.executions) {
          if (inRange(child.order.instrument, one.at, filter))
            rows.push({ at: one.at, n: rows.length, view: () => executionView(parent, child, one) });
        }
      }
    }
    rows.sort((a, b) => b.at - a.at || b.n - a.n);
    const page = pageFrom(rows, cursor.value, filter.limit, caller.account, (_row, index) => rows.length - index);
    const items = page.items.map((row) => row.view());
    return this.#gateway.durable(ok({ items, nextCursor: page.nextCursor, stale: false }));
  }

  #view(desk: Desk, parent: Parent): Order {
    return orderView(desk.state, parent);
  }
}

const percentToFraction = (percent: Money | null): Money | null =>
  percent === null ? null : ((percent / HUNDRED) as Money);

/** The contract's order in the core's words: percents become fractions, venue names become ids and caps. */
export function requestOf(body: OrderBody, external: VenueId): OrderRequest {
  const { strategy, maxBybitPercentage, preferInternal } = body.routing;
  const only = strategy === 'internal_only' ? [INTERNAL_VENUE] : strategy === 'bybit_only' ? [external] : null;
  const cap = percentToFraction(maxBybitPercentage);
  return {
    clientOrderId: body.clientOrderId,
    instrument: body.instrument,
    side: body.side,
    type: body.type,
    qty: body.quantity,
    quoteQty: body.quoteQuantity,
    price: body.price,
    timeInForce: body.timeInForce,
    reduceOnly: body.reduceOnly,
    selfTrade: 'cancel_taker',
    maxSlippage: percentToFraction(body.maxSlippage),
    routing: {
      strategy: strategy === 'internal_only' || strategy === 'bybit_only' ? 'smart' : strategy,
      venues:
        only === null ? body.routing.venues : (body.routing.venues?.filter((venue) => only.includes(venue)) ?? only),
      caps: cap === null ? [] : [{ venue: external, fraction: cap }],
      preferInternal,
    },
  };
}

/** Equal orders have equal fingerprints: every member, in this order. */
export const fingerprintOf = (request: OrderRequest): string =>
  JSON.stringify(request, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));

function inRange(instrument: InstrumentId, at: number, filter: ExecutionListFilter | OrderListFilter): boolean {
  if (filter.instrument !== null && instrument !== filter.instrument) return false;
  if (filter.category !== null && splitInstrumentId(instrument).category !== filter.category) return false;
  return (filter.from === null || at >= filter.from) && (filter.to === null || at <= filter.to);
}

function matches(desk: Desk, parent: Parent, filter: OrderListFilter): boolean {
  if (!inRange(parent.request.instrument, parent.createdAt, filter)) return false;
  if (filter.clientOrderId !== null && parent.request.clientOrderId !== filter.clientOrderId) return false;
  if (filter.status === null) return true;
  if (filter.status === 'open') return parent.closed === null;
  if (filter.status === 'final') return parent.closed !== null;
  return statusOf(parent, progressOf(desk.state, parent)) === filter.status;
}
