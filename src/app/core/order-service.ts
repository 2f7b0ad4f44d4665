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
import { reviewChecks } from '../../risk/gate.ts';
import { judge, riskFacts, unroutedDenial } from '../../oms/accept.ts';
import type { OrderContext } from '../../oms/context.ts';
import type { OrderRequest } from '../../oms/events.ts';
import type { Reply } from '../../oms/messages.ts';
import { statusOf, progressOf } from '../../oms/progress.ts';
import type { Child } from '../../oms/child.ts';
import type { Parent } from '../../oms/state.ts';
import { canceledFromMemory, denied } from './answers.ts';
import { withNumbers } from './denial-details.ts';
import type { Desk } from './desk.ts';
import type { Gateway } from './gateway.ts';
import { orderDetail, orderView, shownDecision } from './order-view.ts';
import { cursorOf, pageFrom } from './paging.ts';
import { PastOrders } from './past-orders.ts';
import { recordedDetail, recordedOrder } from './record-view.ts';

const HUNDRED = 100n;
type ApiResult<T> = Result<T, ReturnType<typeof refusal>>;

/** Orders as clients handle them, over the account's partition. */
export class OrderService implements Contract {
  readonly #gateway: Gateway;
  readonly #past: PastOrders;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
    this.#past = new PastOrders(gateway);
  }

  async submit(caller: Caller, body: OrderBody, idempotency: Idempotency | null): Answer<Created<Order>> {
    const prepared = this.#prepare(caller, body);
    if (!prepared.ok) return prepared;
    const { desk, context } = prepared.value;
    const at = this.#gateway.clock.now();
    const fingerprint = fingerprintOf(prepared.value.request); // of what was sent: a default that changes is no other order
    const request = withDefaults(prepared.value.request, context);
    const message = { type: 'submit', at, request, fingerprint, context, idempotency } as const;
    const created = await desk.effects.ask(
      (replyTo) => ({ ...message, replyTo }),
      (reply) =>
        reply.type === 'denied'
          ? denied(withNumbers(reply.denial, desk.state, context, request, at))
          : this.#accepted(desk, reply),
    );
    if (!created.ok) return created;
    const { id, shown, repeated } = created.value;
    if (shown !== null) return ok({ value: shown, repeated });
    const past = await this.#past.find(desk, id);
    return past.ok ? ok({ value: recordedOrder(past.value.order), repeated }) : past;
  }

  /** The order as it is now; null where it was closed so long ago that the account's state does not hold it. */
  #accepted(desk: Desk, reply: Reply): ApiResult<Readonly<{ id: OrderId; shown: Order | null; repeated: boolean }>> {
    if (reply.type !== 'accepted') return denied({ code: 'INTERNAL_ERROR', message: 'unexpected reply' });
    const parent = desk.state.parents.get(reply.order);
    const shown = parent === undefined ? null : this.#view(desk, parent);
    return ok({ id: reply.order, shown, repeated: reply.repeated });
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
    const at = this.#gateway.clock.now();
    const verdict = judge(desk.state, context, request, at);
    const { quote } = context.instrument;
    if (!verdict.ok) return denied(withNumbers(verdict.denial, desk.state, context, request, at));
    const { plan } = verdict.routed;
    const denial = unroutedDenial(plan);
    const checks = reviewChecks(riskFacts(desk.state, context, request));
    const fees: Order['fees'] = [
      { asset: quote, amount: plan.expected.fee, kind: 'venue' },
      { asset: quote, amount: plan.expected.routingFee, kind: 'routing' },
    ];
    return this.#gateway.durable(
      ok({
        routing_decision: shownDecision(plan, request.routing.venues),
        fees: fees.filter(({ amount }) => amount !== 0n),
        notional: plan.expected.notional,
        risk: { accepted: denial === null, code: denial?.code ?? null, message: denial?.message ?? null, checks },
      }),
    );
  }

  async cancel(caller: Caller, order: OrderId): Answer<Order> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    if (this.#gateway.journalFailed) {
      return canceledFromMemory(desk.effects.cancelFromMemory((child) => child.parent === order));
    }
    const at = this.#gateway.clock.now();
    const canceled = await desk.effects.ask<ApiResult<Order>>(
      (replyTo) => ({ type: 'cancel', at, order, actor: caller.user, replyTo }),
      (reply) => (reply.type === 'denied' ? denied(reply.denial) : ok(this.#view(desk, desk.state.parent(order)))),
    );
    if (canceled.ok || canceled.error.code !== 'ORDER_NOT_FOUND') return canceled;
    const past = await this.#past.find(desk, order);
    if (!past.ok) return past;
    const { status } = past.value.order;
    return err(refusal('ORDER_ALREADY_FINAL', { message: `The order is ${status}.`, details: { status } }));
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

  async get(caller: Caller, id: OrderId): Answer<OrderDetail> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return err(refusal('ORDER_NOT_FOUND'));
    const parent = desk.state.parents.get(id);
    if (parent !== undefined) return this.#gateway.durable(ok(orderDetail(desk.state, parent)));
    const past = await this.#past.find(desk, id);
    return past.ok ? ok(recordedDetail(past.value)) : past;
  }

  async list(caller: Caller, filter: OrderListFilter): Answer<Page<Order>> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    const page = isOpen(filter.status) ? await this.#open(desk, filter) : await this.#any(desk, filter);
    if (!page.ok || !filter.includeBybit || filter.cursor !== null) return page;
    const external = await this.#gateway.externalOrders(desk, filter);
    return ok({ ...page.value, items: [...external, ...page.value.items] });
  }

  /** Open orders are all in memory. */
  async #open(desk: Desk, filter: OrderListFilter): Answer<Page<Order>> {
    const account = desk.account.id;
    const cursor = cursorOf(filter.cursor, account);
    if (!cursor.ok) return cursor;
    const open = [...desk.state.openParents].reverse().map((id) => desk.state.parent(id));
    const matching = open.filter((parent) => matches(desk, parent, filter));
    const { items, nextCursor } = pageFrom(matching, cursor.value, filter.limit, account, ({ seq }) => seq);
    const shown = items.map((parent) => this.#view(desk, parent));
    return this.#gateway.durable(ok({ items: shown, nextCursor, stale: false }));
  }

  /** An order asked for by its client's id is one order: read from memory as long as it is there. */
  async #any(desk: Desk, filter: OrderListFilter): Answer<Page<Order>> {
    const { clientOrderId } = filter;
    const known = clientOrderId === null ? undefined : desk.state.byClientOrderId.get(clientOrderId);
    const parent = known === undefined ? undefined : desk.state.parents.get(known.order);
    if (parent === undefined || filter.cursor !== null) return this.#past.list(desk, filter);
    const items = matches(desk, parent, filter) ? [this.#view(desk, parent)] : [];
    return this.#gateway.durable(ok({ items, nextCursor: null, stale: false }));
  }

  async executions(caller: Caller, filter: ExecutionListFilter): Answer<Page<ExecutionReport>> {
    const desk = this.#gateway.desk(caller.account);
    return desk === null ? err(refusal('ACCOUNT_NOT_FOUND')) : this.#past.executions(desk, filter);
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

/** The setting that a market order was accepted with is part of it: it is shown, also after the setting has changed. */
function withDefaults(request: OrderRequest, { settings }: OrderContext): OrderRequest {
  if (request.type !== 'market') return request;
  return { ...request, maxSlippage: request.maxSlippage ?? settings.maxSlippage };
}

const OPEN: readonly OrderListFilter['status'][] = ['open', 'pending', 'working', 'partially_filled'];
const isOpen = (status: OrderListFilter['status']): boolean => OPEN.includes(status);

function matches(desk: Desk, parent: Parent, filter: OrderListFilter): boolean {
  const { instrument } = parent.request;
  if (filter.instrument !== null && instrument !== filter.instrument) return false;
  if (filter.category !== null && splitInstrumentId(instrument).category !== filter.category) return false;
  if (filter.from !== null && parent.createdAt < filter.from) return false;
  if (filter.to !== null && parent.createdAt > filter.to) return false;
  if (filter.clientOrderId !== null && parent.request.clientOrderId !== filter.clientOrderId) return false;
  if (filter.status === null) return true;
  if (filter.status === 'open') return parent.closed === null;
  if (filter.status === 'final') return parent.closed !== null;
  return statusOf(parent, progressOf(desk.state, parent)) === filter.status;
}
