import type { Lots, Side, Ticks } from '../domain/ids.ts';
import type { Command, Depth, RestingOrder } from './command.ts';
import type { MatchingEvent } from './events.ts';
import type { BookSnapshot } from './snapshot.ts';

/** What a matching engine is to those who are not in a hurry. The tests hold a slow, obvious twin against the fast one. */
export interface Matcher {
  /** Everything that the command did, in order. */
  execute(command: Command): readonly MatchingEvent[];
  bestBid(): Ticks | null;
  bestAsk(): Ticks | null;
  /** At most `levels` levels a side. */
  depth(levels: number): Depth;
  /** What rests on a side at `price` or better; 2^53-1 stands for that or more. */
  volumeTo(side: Side, price: Ticks): Lots;
  /** Null once the order is final, or if there never was one. */
  order(id: number): RestingOrder | null;
  /** All orders in price-time order: bids from the best, then asks from the best. */
  orders(): Iterable<RestingOrder>;
  readonly orderCount: number;
  /** Number of trades so far: the `tradeSeq` of the last one. */
  readonly tradeSeq: number;
  /**
   * An integer below 2^53: two books that differ in an order, in a queue or in the trades counted differ in it, but for
   * chance. Kept up with each command, so it costs nothing to ask.
   */
  hash(): number;
  snapshot(): BookSnapshot;
}
