import type { Posting } from '../clearing/balances.ts';
import { addTraded, affordable, feeOn, holdFor, tradePostings } from '../clearing/funds.ts';
import { minimum, ZERO } from '../domain/decimal.ts';
import { type AssetId, type ClientOrderId, INTERNAL_VENUE, type Money, type UnixMs } from '../domain/ids.ts';
import { type ChildEvent, type Execution, isFinal, isLegal, leavesQty } from '../domain/order.ts';
import { raise } from './alarms.ts';
import type { Booking, Coins, Emit } from './events.ts';
import type { AccountOutput } from './messages.ts';
import type { Child } from './child.ts';
import type { AccountState } from './state.ts';

/** Turns what venues say about one child into events, with the money that they move. */
export class ChildFacts {
  readonly #state: AccountState;

  constructor(state: AccountState) {
    this.#state = state;
  }

  /** A fact without money. Returns false where the order's life does not allow it: kept as an anomaly. */
  note(
    emit: Emit,
    id: ClientOrderId,
    event: Exclude<ChildEvent, { type: 'traded' | 'canceled' | 'expired' | 'rejected' }>,
  ): boolean {
    return this.#emitLegal(emit, this.#state.child(id), event, undefined);
  }

  /** One execution. Returns false when it was booked before. */
  trade(emit: Emit, out: AccountOutput[], id: ClientOrderId, execution: Execution, at: UnixMs): boolean {
    const child = this.#state.child(id);
    if (child.seen.has(execution.execId)) return false;
    const cumQty = (child.order.cumQty + execution.qty) as Money;
    const beyondOrder = cumQty > child.order.qty;
    const late = isFinal(child.order.status);
    if (beyondOrder || late) {
      const code = beyondOrder ? 'OVERFILL' : 'FILL_AFTER_FINAL';
      raise(this.#state, emit, out, code, `${id}: execution ${execution.execId}`, at);
    }
    const booking = this.#tradeBooking(child, execution);
    const event: ChildEvent = { type: 'traded', at, execution };
    emit({ type: 'child', child: id, event, booking, ...(beyondOrder || late ? { beyondOrder: true } : {}) });
    if (child.closing !== null && child.order.cumQty >= child.closing.cumQty) {
      this.close(emit, id, child.closing.status, child.closing.reason, at);
    }
    return true;
  }

  /** The order has ended at its venue, with `child.order.cumQty` executed. Releases what it still held. */
  close(emit: Emit, id: ClientOrderId, status: 'canceled' | 'expired' | 'rejected', reason: string, at: UnixMs): void {
    const child = this.#state.child(id);
    if (isFinal(child.order.status)) return;
    const booking = this.#releaseBooking(child);
    this.#emitLegal(emit, child, { type: status, at, reason }, booking);
  }

  #emitLegal(emit: Emit, child: Child, event: ChildEvent, booking: Booking | undefined): boolean {
    const id = child.order.clientOrderId;
    if (!isLegal(child.order.status, event.type)) {
      emit({
        type: 'anomaly',
        at: event.at,
        code: 'ILLEGAL_TRANSITION',
        detail: `${id}: ${event.type} while ${child.order.status}`,
      });
      return false;
    }
    emit({ type: 'child', child: id, event, ...(booking === undefined ? {} : { booking }) });
    return true;
  }

  #releaseBooking(child: Child): Booking | undefined {
    const { asset, amount } = child.reserve;
    if (child.order.venue !== INTERNAL_VENUE || amount === 0n) return undefined;
    return { postings: [{ asset, total: ZERO, held: -amount as Money, cause: 'release' }] };
  }

  #tradeBooking(child: Child, execution: Execution): Booking {
    const coins = this.#state.parent(child.parent).coins;
    const traded = addTraded(child.traded, execution.liquidity, execution.notional);
    const due = (feeOn(traded, child.rates, coins.quoteScale) - child.charged) as Money;
    // Dust: a sale worth less than the fee's last digit pays all of it, and the rest with its next fill.
    const fee = child.order.side === 'sell' ? minimum(due, execution.notional) : due;
    return child.order.venue === INTERNAL_VENUE
      ? this.#internalTrade(child, execution, fee, coins)
      : this.#routedTrade(fee, coins);
  }

  #internalTrade(child: Child, execution: Execution, fee: Money, coins: Coins): Booking {
    const { order } = child;
    const final = isFinal(order.status);
    const leaves = final ? ZERO : ((leavesQty(order) - execution.qty) as Money);
    const holdAfter = holdFor({
      side: order.side,
      price: order.price,
      leaves: leaves > 0n ? leaves : ZERO,
      traded: addTraded(child.traded, execution.liquidity, execution.notional),
      rates: child.rates,
      ...coins,
    }).amount;
    const fill = { side: order.side, qty: execution.qty, notional: execution.notional, fee, ...coins };
    const postings = tradePostings(fill, child.reserve.amount, holdAfter);
    return { postings, ...this.#transfer(fee, coins.quote) };
  }

  /** The platform's fee for what executed on another venue: from the internal balance as far as it goes. */
  #routedTrade(fee: Money, coins: Coins): Booking {
    const paid = affordable(fee, this.#state.balances.available(coins.quote), coins.quoteScale);
    const due = (fee - paid) as Money;
    const postings: Posting[] = [];
    if (paid > 0n) postings.push({ asset: coins.quote, total: -paid as Money, held: ZERO, cause: 'routing_fee' });
    return {
      postings,
      ...this.#transfer(paid, coins.quote),
      ...(due > 0n ? { feeDue: { asset: coins.quote, amount: due } } : {}),
    };
  }

  #transfer(amount: Money, asset: AssetId): { fee?: Booking['fee'] & {} } {
    return amount === 0n ? {} : { fee: { n: this.#state.lastFeeTransfer + 1, asset, amount } };
  }
}
