import type { AccountId } from '../../../../domain/ids.ts';
import { INTERNAL_VENUE, type Money, splitInstrumentId } from '../../../../domain/ids.ts';
import { ZERO } from '../../../../domain/decimal.ts';
import { invariant, unreachable } from '../../../../domain/result.ts';
import { textOrNull } from '../amounts.ts';
import { decodeAccountEvent, type FoldedEvent } from './account-event.ts';
import { foldChildEvent } from './child-fold.ts';
import { childEventText, requestText } from './event-text.ts';
import type { Fold } from './fold.ts';
import { Ledger } from './ledger.ts';
import { newChild, type OrderFile } from './order-file.ts';
import { OrderFiles } from './order-files.ts';
import type { Storage } from './storage.ts';

type Of<T extends FoldedEvent['type']> = Extract<FoldedEvent, { type: T }>;
type Said = Readonly<{ at: number; type: string; child?: string; text: string }>;

/** The partition of one account: `account:<id>`. */
export class AccountFold implements Fold {
  readonly #storage: Storage;
  readonly #partition: string;
  #account: AccountId | null;
  #opened: { files: OrderFiles; ledger: Ledger } | null = null;

  /** `account`: what an earlier run has learnt; null for a new partition. */
  constructor(storage: Storage, partition: string, account: AccountId | null) {
    this.#storage = storage;
    this.#partition = partition;
    this.#account = account;
  }

  get account(): AccountId | null {
    return this.#account;
  }

  save(): void {
    this.#opened?.files.save();
    this.#opened?.ledger.save();
  }

  take(seq: number, text: string): void {
    const event = decodeAccountEvent(text);
    switch (event.type) {
      case 'account_opened':
        this.#account = event.account;
        return this.#audit(seq, event, null, `number ${event.number}`);
      case 'deposited':
      case 'withdrawn':
        return this.#transferred(seq, event);
      case 'order_accepted':
        return this.#accepted(seq, event);
      case 'routed':
        return this.#routed(seq, event);
      case 'venue_excluded':
        return this.#say(seq, this.#files.of(event.order), { ...event, text: `${event.venue}: ${event.reason}` });
      case 'child':
        return this.#child(seq, event);
      case 'child_closing': {
        const { file } = this.#files.ofChild(event.child);
        return this.#say(seq, file, { ...event, text: `${event.status}: ${event.reason}` });
      }
      case 'cancel_requested':
        return this.#update(seq, event, { cancel_requested: 1 }, { ...event, text: event.actor });
      case 'order_closed': {
        const { at, status, reason } = event;
        const closed = { status, reason, updated_at: at, closed_at: at };
        return this.#update(seq, event, closed, { at, type: status, text: reason });
      }
      case 'halted':
      case 'resumed':
        return this.#audit(seq, event, event.actor, '');
      case 'anomaly': {
        const { at, code, detail } = event;
        return this.#storage.anomalies.insert({ account: this.#owner, seq, at, code, detail });
      }
      default:
        return unreachable(event);
    }
  }

  get #owner(): AccountId {
    invariant(this.#account !== null, `${this.#partition} begins with the opening of its account`);
    return this.#account;
  }

  get #files(): OrderFiles {
    return this.#open().files;
  }

  #open(): { files: OrderFiles; ledger: Ledger } {
    this.#opened ??= {
      files: new OrderFiles(this.#storage, this.#owner),
      ledger: new Ledger(this.#storage, this.#owner),
    };
    return this.#opened;
  }

  #say(seq: number, { row }: OrderFile, { at, type, child, text }: Said): void {
    const { account, seq: order_seq } = row;
    this.#storage.orderEvents.insert({ account, order_seq, seq, at, type, child: child ?? null, text });
  }

  #update(
    seq: number,
    { order }: Of<'cancel_requested' | 'order_closed'>,
    change: Partial<OrderFile['row']>,
    said: Said,
  ): void {
    const file = this.#files.of(order);
    file.row = { ...file.row, ...change };
    file.changed = true;
    this.#say(seq, file, said);
  }

  #audit(seq: number, { at, type }: FoldedEvent & { at: number }, actor: string | null, text: string): void {
    this.#storage.audit.insert({ partition: this.#partition, seq, at, type, account: this.#owner, actor, text });
  }

  #transferred(seq: number, event: Of<'deposited' | 'withdrawn'>): void {
    const { at, asset, amount, reference, actor, note } = event;
    const origin = { seq, at, reference, actor, note: note === '' ? null : note };
    const { ledger } = this.#open();
    if (event.type === 'deposited')
      ledger.post(origin, { asset, total: amount, held: ZERO, cause: 'deposit', contra: 'external' });
    else ledger.post(origin, { asset, total: -amount as Money, held: ZERO, cause: 'withdrawal', contra: 'external' });
  }

  #accepted(seq: number, event: Of<'order_accepted'>): void {
    const { request, coins, at } = event;
    this.#files.open({
      account: this.#owner,
      seq: event.seq,
      id: event.order,
      client_order_id: request.clientOrderId,
      instrument: request.instrument,
      category: splitInstrumentId(request.instrument).category,
      side: request.side,
      type: request.type,
      time_in_force: request.timeInForce,
      reduce_only: request.reduceOnly ? 1 : 0,
      qty: textOrNull(request.qty),
      quote_qty: textOrNull(request.quoteQty),
      price: textOrNull(request.price),
      max_slippage: textOrNull(request.maxSlippage),
      base: coins.base,
      quote: coins.quote,
      arrival: textOrNull(event.arrival),
      worst_price: textOrNull(event.worstPrice),
      status: 'pending',
      certainty: 'confirmed',
      reason: null,
      cum_qty: '0',
      cum_notional: '0',
      late_fill: 0,
      cancel_requested: 0,
      created_at: at,
      updated_at: at,
      closed_at: null,
    });
    this.#say(seq, this.#files.of(event.order), { at, type: 'accepted', text: requestText(request) });
  }

  #routed(seq: number, event: Of<'routed'>): void {
    const { at, round, children, decision } = event;
    const { files, ledger } = this.#open();
    const file = files.of(event.order);
    this.#storage.decisions.insert({ account: this.#owner, order_seq: file.row.seq, round, at, decision });
    for (const planned of children) {
      files.addChild(file, newChild(file, file.children.length + 1, round, planned, at));
      if (planned.venue !== INTERNAL_VENUE) continue;
      const { asset, amount } = planned.reserve;
      const origin = { seq, at, order_seq: file.row.seq, child: planned.id };
      ledger.post(origin, { asset, total: ZERO, held: amount, cause: 'hold', contra: 'self' });
    }
    file.changed = true;
    this.#say(seq, file, { at, type: 'routed', text: `round ${round}, child orders: ${children.length}` });
  }

  #child(seq: number, event: Of<'child'>): void {
    const { files, ledger } = this.#open();
    const { file, child } = files.ofChild(event.child);
    const { type, at } = event.event;
    const execution = foldChildEvent(ledger, file, child, seq, event);
    if (execution !== null) this.#storage.executions.insert(execution);
    this.#say(seq, file, { at, type, child: event.child, text: childEventText(event.event) });
  }
}
