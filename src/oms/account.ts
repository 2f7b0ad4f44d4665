import type { ClientOrderId, Money, OrderId, PartitionId, UnixMs } from '../domain/ids.ts';
import { unreachable } from '../domain/result.ts';
import type { PartitionLogic } from '../kernel/partition.ts';
import { judge, place, unroutedDenial } from './accept.ts';
import { raise } from './alarms.ts';
import { ChildFacts } from './child-facts.ts';
import { isOurs, orderId } from './child-id.ts';
import type { AccountEvent, Emit, Idempotency } from './events.ts';
import type { AccountMessage, AccountOutput, Denial } from './messages.ts';
import { Parents } from './parents.ts';
import { AccountState } from './state.ts';
import { inDoubt, VenueFacts } from './venue-facts.ts';

type Of<T extends AccountMessage['type']> = Extract<AccountMessage, { type: T }>;
type Outputs = AccountOutput[];

/** One account: its orders, its risk reservations and its internal balances, decided in one place and one commit. */
export class AccountLogic implements PartitionLogic<AccountMessage, AccountEvent, AccountOutput> {
  readonly id: PartitionId;
  readonly state = new AccountState();
  readonly #instance: string;
  readonly #facts: ChildFacts;
  readonly #venueFacts: VenueFacts;
  readonly #parents: Parents;

  /** `instance` is this installation's id: part of every child id. */
  constructor(id: PartitionId, instance: string) {
    this.id = id;
    this.#instance = instance;
    this.#facts = new ChildFacts(this.state);
    this.#venueFacts = new VenueFacts(this.state, this.#facts);
    this.#parents = new Parents(this.state, this.#facts);
  }

  apply(event: AccountEvent): void {
    this.state.apply(event);
  }

  decide(message: AccountMessage, emit: (event: AccountEvent) => void): readonly AccountOutput[] {
    const out: Outputs = [];
    const changes = new Changes(this.state, emit, out);
    this.#take(message, changes.emit, out);
    this.#parents.review(changes.emit, out, changes.parents, message.at);
    changes.report(out);
    return out;
  }

  #take(message: AccountMessage, emit: Emit, out: Outputs): void {
    const { at } = message;
    // An answer that comes after its order was closed and forgotten changes nothing.
    if ('child' in message && !this.state.children.has(message.child)) return;
    switch (message.type) {
      case 'open':
        if (this.state.account === null) emit({ ...message, type: 'account_opened' });
        return;
      case 'transfer':
        return this.#transfer(message, emit, out);
      case 'submit':
        return this.#submit(message, emit, out);
      case 'cancel':
        return this.#cancel(message, emit, out);
      case 'cancel_all':
        return this.#cancelAll(message, emit, out);
      case 'halt':
        return this.#halt(message, emit, out);
      case 'outcome':
        return this.#venueFacts.outcome(emit, out, message.child, message.request, message.outcome, at);
      case 'not_sent':
        return this.#notSent(message, emit, out);
      case 'venue_event':
        return this.#venueEvent(message, emit, out);
      case 'query_answer':
        return this.#venueFacts.answer(emit, out, message.child, message.answer, message.proof, at);
      case 'overdue':
        if (message.quarantine) return this.#venueFacts.quarantine(emit, out, message.child, at);
        return this.#venueFacts.doubt(emit, out, message.child, 'no answer in time', at);
      case 'reroute':
        return this.#reroute(message, emit, out);
      case 'recovered':
        return this.#recovered(emit, out, at);
      default:
        return unreachable(message);
    }
  }

  #transfer(message: Of<'transfer'>, emit: Emit, out: Outputs): void {
    const { asset, amount, reference, actor, note, at, replyTo, idempotency } = message;
    const known = this.#remembered(idempotency, out, replyTo);
    if (known === 'refused') return;
    if (typeof known === 'number') {
      out.push({ type: 'reply', to: replyTo, reply: { type: 'transferred', transfer: known, repeated: true } });
      return;
    }
    if (message.direction === 'withdrawal' && amount > this.state.balances.available(asset)) {
      return deny(out, replyTo, {
        code: 'INSUFFICIENT_BALANCE',
        message: `Less than that is available in ${asset}; held funds cannot be withdrawn.`,
      });
    }
    const type = message.direction === 'deposit' ? 'deposited' : 'withdrawn';
    const n = this.state.transfers.length + 1;
    emit({ type, at, asset, amount, reference, actor, note, n, ...(idempotency === null ? {} : { idempotency }) });
    out.push({ type: 'reply', to: replyTo, reply: { type: 'transferred', transfer: n, repeated: false } });
  }

  /** What a client's key created before; null when the key is new or absent. */
  #remembered(idempotency: Idempotency | null, out: Outputs, replyTo: number): OrderId | number | 'refused' | null {
    const known = idempotency === null ? undefined : this.state.byIdempotencyKey.get(idempotency.key);
    if (known === undefined) return null;
    if (known.fingerprint === idempotency?.fingerprint) return known.created;
    deny(out, replyTo, {
      code: 'IDEMPOTENCY_KEY_REUSED',
      message: 'The Idempotency-Key was used for another request.',
    });
    return 'refused';
  }

  #submit(message: Of<'submit'>, emit: Emit, out: Outputs): void {
    const { request, context, fingerprint, at, replyTo, idempotency } = message;
    const byKey = this.#remembered(idempotency, out, replyTo);
    if (byKey === 'refused') return;
    // An order's own key came with its own request: the same key and the same request are the same order.
    if (typeof byKey === 'string') return this.#repeat(byKey, true, out, replyTo);
    const byId = request.clientOrderId === null ? undefined : this.state.byClientOrderId.get(request.clientOrderId);
    if (byId !== undefined) return this.#repeat(byId.order, byId.fingerprint === fingerprint, out, replyTo);
    const verdict = judge(this.state, context, request, at);
    if (!verdict.ok) return deny(out, replyTo, verdict.denial);
    const { plan, worstPrice } = verdict.routed;
    const denial = unroutedDenial(plan);
    if (denial !== null) return deny(out, replyTo, denial);
    const seq = this.state.lastOrderSeq + 1;
    const order = orderId(this.state.number, seq);
    const arrival = (context.reference?.price ?? null) as Money | null;
    const key = idempotency === null ? {} : { idempotency };
    const { base, quote } = context.instrument;
    const coins = { base, quote, quoteScale: context.quoteScale };
    emit({ type: 'order_accepted', at, order, seq, request, fingerprint, coins, arrival, worstPrice, ...key });
    place(this.state, this.#instance, emit, out, order, context, plan, at);
    out.push({ type: 'reply', to: replyTo, reply: { type: 'accepted', order, repeated: false } });
  }

  #repeat(known: OrderId, isSame: boolean, out: Outputs, replyTo: number): void {
    if (isSame) {
      out.push({ type: 'reply', to: replyTo, reply: { type: 'accepted', order: known, repeated: true } });
      return;
    }
    const message = 'This client_order_id was used for another order; ids are unique per account for ever.';
    deny(out, replyTo, { code: 'DUPLICATE_CLIENT_ORDER_ID', message, details: { order: known } });
  }

  /** What an earlier round left, on books of now, inside the same worst price. */
  #reroute(message: Of<'reroute'>, emit: Emit, out: Outputs): void {
    const parent = this.state.parents.get(message.order);
    if (parent === undefined) return;
    const remaining = this.#parents.remaining(parent, message.at);
    if (remaining === null) return;
    const { context, at } = message;
    const verdict =
      context === null
        ? null
        : judge(this.state, context, parent.request, at, remaining, parent.excluded, parent.worstPrice);
    const plan = verdict?.ok === true ? verdict.routed.plan : null;
    if (context === null || plan === null || plan.children.length === 0) {
      return this.#parents.endUnrouted(emit, parent, plan?.unrouted?.reason ?? 'UNROUTED_REMAINDER', at);
    }
    place(this.state, this.#instance, emit, out, message.order, context, plan, at);
  }

  #cancel(message: Of<'cancel'>, emit: Emit, out: Outputs): void {
    const parent = this.state.parents.get(message.order);
    if (parent === undefined) {
      return deny(out, message.replyTo, { code: 'ORDER_NOT_FOUND', message: 'This account has no such order.' });
    }
    if (parent.closed !== null) {
      const details = { status: parent.closed.status };
      return deny(out, message.replyTo, {
        code: 'ORDER_ALREADY_FINAL',
        message: `The order is ${parent.closed.status}.`,
        details,
      });
    }
    this.#parents.cancel(emit, out, parent, message.actor, message.at);
    out.push({ type: 'reply', to: message.replyTo, reply: { type: 'done', orders: [message.order] } });
  }

  #cancelAll(message: Of<'cancel_all'>, emit: Emit, out: Outputs): void {
    const orders = this.#parents.open(message.instrument);
    for (const parent of orders) this.#parents.cancel(emit, out, parent, message.actor, message.at);
    out.push({ type: 'reply', to: message.replyTo, reply: { type: 'done', orders: orders.map(({ id }) => id) } });
  }

  #halt(message: Of<'halt'>, emit: Emit, out: Outputs): void {
    const { at, actor } = message;
    if (message.active !== this.state.halted) emit({ type: message.active ? 'halted' : 'resumed', at, actor });
    const orders = message.active && message.cancelOrders ? this.#parents.open(null) : [];
    for (const parent of orders) this.#parents.cancel(emit, out, parent, actor, at);
    out.push({ type: 'reply', to: message.replyTo, reply: { type: 'done', orders: orders.map(({ id }) => id) } });
  }

  /** A request that never left: for a submit that is the end of the child, for a cancel a question to the venue. */
  #notSent(message: Of<'not_sent'>, emit: Emit, out: Outputs): void {
    const { child, reason, at, request } = message;
    const { order, parent } = this.state.child(child);
    if (request === 'submit' && order.status === 'pending' && order.cumQty === 0n) {
      emit({ type: 'venue_excluded', at, order: parent, venue: order.venue, reason });
      return this.#facts.close(emit, child, 'expired', reason, at);
    }
    this.#venueFacts.doubt(emit, out, child, reason, at);
  }

  #venueEvent(message: Of<'venue_event'>, emit: Emit, out: Outputs): void {
    const { event, at, venue } = message;
    if (event.type === 'unreadable') {
      const detail = `${venue} ${event.topic}: ${event.text.slice(0, 500)}`;
      return raise(this.state, emit, out, 'UNREADABLE_ROW', detail, at);
    }
    if (event.type !== 'order' && event.type !== 'execution') return;
    const id = event.type === 'order' ? event.order.clientOrderId : event.execution.clientOrderId;
    if (id === null || !this.state.children.has(id)) {
      if (!isOurs(this.#instance, id) || this.#isForgotten(event)) return;
      return raise(this.state, emit, out, 'UNKNOWN_CHILD', `${venue}: ${id}`, at);
    }
    if (event.type === 'order') this.#venueFacts.order(emit, out, id, venue, event.order, at);
    else this.#venueFacts.execution(emit, out, id, venue, event.execution, at);
  }

  /** A late picture of an order that has ended, or a repeated execution: closed orders are not remembered for ever. */
  #isForgotten(event: Extract<Of<'venue_event'>['event'], { type: 'order' | 'execution' }>): boolean {
    if (event.type === 'execution') return event.execution.at <= this.state.forgottenUntil;
    return event.order.status !== 'working' && event.order.status !== 'pending';
  }

  /** After a crash nothing is assumed: every order that may still live is in doubt until its venue has answered. */
  #recovered(emit: Emit, out: Outputs, at: UnixMs): void {
    for (const id of [...this.state.openChildren]) {
      const child = this.state.child(id);
      if (inDoubt(child)) out.push({ type: 'resolve', child: id, why: 'in_doubt' });
      else this.#venueFacts.doubt(emit, out, id, 'restart', at);
    }
    this.#parents.review(emit, out, new Set(this.state.openParents), at);
    for (const transfer of this.state.outbox.values()) out.push({ type: 'fee', transfer });
  }
}

const deny = (out: Outputs, to: number, denial: Denial): void => {
  out.push({ type: 'reply', to, reply: { type: 'denied', denial } });
};

/** Watches what a decision says, for the parents to look at again and for those who follow the account. */
class Changes {
  readonly parents = new Set<OrderId>();
  readonly #executions: { child: ClientOrderId; index: number }[] = [];
  readonly #state: AccountState;
  #balances = false;
  readonly emit: Emit;

  constructor(state: AccountState, emit: Emit, out: Outputs) {
    this.#state = state;
    this.emit = (event) => {
      emit(event);
      this.#note(event, out);
    };
  }

  #note(event: AccountEvent, out: Outputs): void {
    if (event.type === 'deposited' || event.type === 'withdrawn') this.#balances = true;
    if ('order' in event) this.parents.add(event.order);
    if (event.type === 'routed') this.#balances = true;
    if (event.type !== 'child') return;
    const child = this.#state.child(event.child);
    this.parents.add(child.parent);
    if (event.event.type === 'traded')
      this.#executions.push({ child: event.child, index: child.executions.length - 1 });
    if (event.booking === undefined) return;
    this.#balances ||= event.booking.postings.length > 0;
    if (event.booking.fee !== undefined) out.push({ type: 'fee', transfer: event.booking.fee });
  }

  report(out: Outputs): void {
    if (this.parents.size === 0 && !this.#balances) return;
    out.push({ type: 'changed', orders: [...this.parents], executions: this.#executions, balances: this.#balances });
  }
}
