import type { Lots, Side, Ticks } from '../../domain/ids.ts';
import type { SelfTradePrevention, TimeInForce } from '../../domain/order.ts';
import type { Command } from '../command.ts';
import { MatchingEngine } from '../engine.ts';
import type { MatchingEvent } from '../events.ts';

type Terms = Partial<{ account: number; tif: TimeInForce; stp: SelfTradePrevention }>;

/** An engine spoken to in one line a command; events come back as one line each. */
export class TestBook {
  readonly engine = new MatchingEngine();

  submit(id: number, side: Side, price: number | null, qty: number, terms: Terms = {}): string[] {
    const { account = id, tif = 'gtc', stp = 'none' } = terms;
    const limit = price as Ticks | null;
    return this.run({
      type: 'submit',
      id,
      account,
      side,
      price: limit,
      qty: qty as Lots,
      timeInForce: tif,
      selfTrade: stp,
    });
  }
  buy(id: number, price: number | null, qty: number, terms: Terms = {}): string[] {
    return this.submit(id, 'buy', price, qty, terms);
  }
  sell(id: number, price: number | null, qty: number, terms: Terms = {}): string[] {
    return this.submit(id, 'sell', price, qty, terms);
  }
  cancel(id: number): string[] {
    return this.run({ type: 'cancel', id });
  }
  cancelAll(account: number): string[] {
    return this.run({ type: 'cancel_all', account });
  }
  amend(id: number, price: number | null, qty: number | null): string[] {
    return this.run({ type: 'amend', id, price: price as Ticks | null, qty: qty as Lots | null });
  }
  /** Ids of the orders in price-time order, bids before asks. */
  queue(): number[] {
    return [...this.engine.orders()].map((order) => order.id);
  }
  /** Levels as `price x qty`, best first. */
  bids(): string[] {
    return this.engine.depth(100).bids.map(({ price, qty }) => `${price} x ${qty}`);
  }
  asks(): string[] {
    return this.engine.depth(100).asks.map(({ price, qty }) => `${price} x ${qty}`);
  }

  private run(command: Command): string[] {
    return this.engine.execute(command).map(lineOf);
  }
}

function lineOf(event: MatchingEvent): string {
  switch (event.type) {
    case 'accepted':
      return `accepted ${event.id}`;
    case 'traded':
      return `traded ${event.takerId} with ${event.makerId}: ${event.qty} at ${event.price}`;
    case 'done':
      return `done ${event.id}`;
    case 'canceled':
      return `canceled ${event.id}: ${event.leavesQty} ${event.reason}`;
    case 'rejected':
      return `rejected ${event.id}: ${event.reason}`;
    case 'reduced':
    case 'amended':
      return `${event.type} ${event.id}: ${event.qty} at ${event.price}, ${event.leavesQty} left`;
  }
}
