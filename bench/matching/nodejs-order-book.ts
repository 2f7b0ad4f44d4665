import { CANCEL, type Flow, LIMIT } from '../flows/flow.ts';
import { importPeer } from '../lib/peers.ts';
import type { Contender } from './contender.ts';

export const PEER = 'nodejs-order-book';

/** The part of nodejs-order-book 10 that is used; sizes and prices are numbers there. */
type Processed = Readonly<{ err: Error | null; quantityLeft: number }>;
type OrderBook = Readonly<{
  limit(order: { id: string; side: 'buy' | 'sell'; size: number; price: number }): Processed;
  market(order: { side: 'buy' | 'sell'; size: number }): Processed;
  cancel(id: string): unknown;
}>;
export type OrderBookClass = new () => OrderBook;

export async function loadPeer(): Promise<OrderBookClass | null> {
  const module = (await importPeer(PEER)) as Readonly<{ OrderBook: OrderBookClass }> | null;
  return module?.OrderBook ?? null;
}

/** Its ids are strings: made before the run, so that making them is not held against it. */
export function peerIds(flow: Flow): readonly string[] {
  return Array.from(flow.id.subarray(0, flow.length), String);
}

export class PeerBook implements Contender {
  volume = 0;
  private readonly book: OrderBook;
  private readonly ids: readonly string[];

  constructor(OrderBook: OrderBookClass, ids: readonly string[]) {
    this.book = new OrderBook();
    this.ids = ids;
  }

  play(flow: Flow, from: number, to: number): void {
    const { book, ids } = this;
    const { kind, side, price, qty } = flow;
    for (let at = from; at < to; at += 1) {
      const id = ids[at] as string;
      if (kind[at] === CANCEL) {
        book.cancel(id);
        continue;
      }
      const size = qty[at] as number;
      const word = side[at] === 0 ? 'buy' : 'sell';
      const limited = kind[at] === LIMIT;
      const { quantityLeft } = limited
        ? book.limit({ id, side: word, size, price: price[at] as number })
        : book.market({ side: word, size });
      this.volume += size - quantityLeft;
    }
  }
}
