import assert from 'node:assert/strict';
import type { Command, Matcher, MatchingEvent } from '../../../src/matching/index.ts';

type Entry = { qty: number; traded: number; ended: boolean };

/**
 * What must hold whatever the rules of matching are:
 * - the book is never crossed, best bid and ask are the best of the orders in it;
 * - an accepted order's quantity is what it traded, plus what was canceled, plus what rests;
 * - it ends exactly once, with `done` or `canceled`, and is in the book until then if at all;
 * - trades are numbered from 1 without a gap, happen at a price that both sides allow, and fill both sides alike;
 * - a refused command has no other event.
 */
export class Ledger {
  readonly #orders = new Map<number, Entry>();
  #tradeSeq = 0;

  take(command: Command, events: readonly MatchingEvent[]): void {
    for (const event of events) this.#takeOne(event, command);
    if (events.some((event) => event.type === 'rejected')) assert.equal(events.length, 1, 'a refusal stands alone');
  }

  check(book: Matcher): void {
    const bid = book.bestBid();
    const ask = book.bestAsk();
    assert.ok(bid === null || ask === null || bid < ask, `crossed: ${bid} >= ${ask}`);
    const resting = [...book.orders()];
    assert.equal(resting.length, book.orderCount);
    for (const order of resting) {
      const entry = this.#orders.get(order.id);
      assert.ok(entry !== undefined && !entry.ended, `order ${order.id} rests and should not`);
      assert.equal(order.qty, entry.qty);
      assert.equal(order.leavesQty, entry.qty - entry.traded, `order ${order.id}: quantity is not conserved`);
      assert.ok(order.side === 'buy' ? order.price <= (bid as number) : order.price >= (ask as number));
    }
    const open = [...this.#orders.values()].filter((entry) => !entry.ended).length;
    assert.equal(open, resting.length, 'what has not ended rests');
    assert.equal(book.tradeSeq, this.#tradeSeq);
  }

  #takeOne(event: MatchingEvent, command: Command): void {
    switch (event.type) {
      case 'accepted':
        assert.ok(this.#orders.get(event.id)?.ended ?? true, `order ${event.id} is accepted twice`);
        this.#orders.set(event.id, { qty: event.qty, traded: 0, ended: false });
        return;
      case 'traded':
        return this.#trade(event, command);
      case 'done': {
        const entry = this.#end(event.id);
        assert.equal(entry.traded, entry.qty, `order ${event.id} is done and not filled`);
        return;
      }
      case 'canceled': {
        const entry = this.#end(event.id);
        assert.equal(entry.qty - entry.traded, event.leavesQty, `order ${event.id}: what is left is canceled`);
        assert.ok(event.leavesQty > 0);
        return;
      }
      case 'reduced':
      case 'amended': {
        const entry = this.#open(event.id);
        entry.qty = event.qty;
        assert.equal(entry.qty - entry.traded, event.leavesQty);
        return;
      }
      case 'rejected':
    }
  }

  #trade(event: Extract<MatchingEvent, { type: 'traded' }>, command: Command): void {
    this.#tradeSeq += 1;
    assert.equal(event.tradeSeq, this.#tradeSeq, 'trades are numbered without a gap');
    assert.ok(event.qty > 0);
    this.#open(event.takerId).traded += event.qty;
    this.#open(event.makerId).traded += event.qty;
    const limit = command.type === 'submit' || command.type === 'amend' ? command.price : null;
    if (limit === null) return;
    assert.ok(event.aggressor === 'buy' ? event.price <= limit : event.price >= limit, 'a trade is within the limit');
  }

  #open(id: number): Entry {
    const entry = this.#orders.get(id);
    assert.ok(entry !== undefined && !entry.ended, `order ${id} is not open`);
    return entry;
  }
  #end(id: number): Entry {
    const entry = this.#open(id);
    entry.ended = true;
    return entry;
  }
}
