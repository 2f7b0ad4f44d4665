import { BUY, DONE, IOC, GTC, MatchingEngine, SELL, STP_NONE, TRADED } from '../../src/matching/index.ts';
import { below, type Rng, seededRng, uniform } from '../../src/ports/rng.ts';
import { CANCEL, type Flow, type FlowStats, LIMIT, MARKET } from './flow.ts';

/** What tells one flow from another: where orders are put and how large they are. */
export type Shape = Readonly<{
  name: string;
  /** Ticks from the best price of the other side, at least 1. */
  distance: (rng: Rng) => number;
  qty: (rng: Rng) => number;
  /** Times `qty`: what a market or crossing order takes. Chosen so that the book keeps its size. */
  takerFactor: number;
  /** Orders a side and price that are there before the first drawn command; 0 for an empty start. */
  preload: (rng: Rng, distance: number) => readonly number[];
}>;

const LOWEST = 1;
const HIGHEST = 2_001;
const CENTER = 1_001;
const TARGET_LIVE = 30_000;
/** Of all commands: market orders and crossing limit orders, each. */
const TAKERS = 0.05;
const CANCELS = 0.3;

/**
 * Draws a flow. A book is kept alongside, because cancels aim at orders that are still there and prices are drawn
 * from the touch. The share of cancels follows the number of live orders, the side of takers leans back to the
 * middle: so the book neither empties nor walks away.
 */
export function generate(shape: Shape, length: number, seed: number): Readonly<{ flow: Flow; stats: FlowStats }> {
  const writer = new FlowWriter(shape, length, seededRng(seed));
  writer.preload();
  while (writer.at < length) writer.step();
  return { flow: writer.flow, stats: writer.stats() };
}

class FlowWriter {
  at = 0;
  readonly flow: Flow;
  private readonly shape: Shape;
  private readonly rng: Rng;
  private readonly book = new MatchingEngine();
  private readonly live: number[] = [];
  private readonly places = new Map<number, number>();
  private nextId = 1;
  private readonly counts = { adds: 0, cancels: 0, markets: 0, crossing: 0, liveSum: 0, maxLive: 0, trades: 0, volume: 0 };

  constructor(shape: Shape, length: number, rng: Rng) {
    this.shape = shape;
    this.rng = rng;
    this.flow = {
      name: shape.name,
      length,
      kind: new Uint8Array(length),
      id: new Float64Array(length),
      side: new Uint8Array(length),
      price: new Float64Array(length),
      qty: new Float64Array(length),
    };
  }

  preload(): void {
    for (let distance = 1; distance < CENTER; distance += 1) {
      for (const qty of this.shape.preload(this.rng, distance)) this.put(LIMIT, BUY, CENTER - distance, qty);
      for (const qty of this.shape.preload(this.rng, distance)) this.put(LIMIT, SELL, CENTER - 1 + distance, qty);
    }
    this.counts.adds = this.at;
  }

  step(): void {
    const excess = (this.live.length - TARGET_LIVE) / TARGET_LIVE;
    const cancels = Math.min(0.6, Math.max(0.05, CANCELS + 4 * excess));
    const draw = uniform(this.rng);
    if (draw < TAKERS) this.market();
    else if (draw < 2 * TAKERS) this.cross();
    else if (draw < 2 * TAKERS + cancels && this.live.length > 0) this.cancel();
    else this.add();
    this.counts.liveSum += this.live.length;
    this.counts.maxLive = Math.max(this.counts.maxLive, this.live.length);
  }

  stats(): FlowStats {
    const { liveSum, ...counts } = this.counts;
    return { ...counts, averageLive: Math.round(liveSum / this.flow.length) };
  }

  private get bid(): number {
    return this.book.bestBid() ?? CENTER - 1;
  }
  private get ask(): number {
    return this.book.bestAsk() ?? this.bid + 1;
  }

  private add(): void {
    const side = below(this.rng, 2);
    const distance = this.shape.distance(this.rng);
    const price = side === BUY ? Math.max(LOWEST, this.ask - distance) : Math.min(HIGHEST, this.bid + distance);
    this.counts.adds += 1;
    this.put(LIMIT, side, price, this.shape.qty(this.rng));
  }

  private market(): void {
    this.counts.markets += 1;
    this.put(MARKET, this.takerSide(), 0, this.shape.takerFactor * this.shape.qty(this.rng));
  }

  private cross(): void {
    const side = this.takerSide();
    const reach = below(this.rng, 4);
    const price = side === BUY ? Math.min(HIGHEST, this.ask + reach) : Math.max(LOWEST, this.bid - reach);
    this.counts.crossing += 1;
    this.put(LIMIT, side, price, this.shape.takerFactor * this.shape.qty(this.rng));
  }

  private takerSide(): number {
    const lean = ((this.bid + this.ask) / 2 - CENTER) / 200;
    return uniform(this.rng) < 0.5 - Math.max(-0.4, Math.min(0.4, lean)) ? BUY : SELL;
  }

  private cancel(): void {
    const id = this.live[below(this.rng, this.live.length)] as number;
    this.counts.cancels += 1;
    this.record(CANCEL, id, 0, 0, 0);
    this.book.cancel(id);
    this.forget(id);
  }

  private put(kind: number, side: number, price: number, qty: number): void {
    if (this.at === this.flow.length) return;
    const id = this.nextId;
    this.nextId += 1;
    this.record(kind, id, side, price, qty);
    if (kind === MARKET) this.book.submitMarket(id, id, side as 0 | 1, qty as never, IOC, STP_NONE);
    else this.book.submit(id, id, side as 0 | 1, price as never, qty as never, GTC, STP_NONE);
    this.follow();
    if (this.book.order(id) !== null) this.remember(id);
  }

  private record(kind: number, id: number, side: number, price: number, qty: number): void {
    const { flow, at } = this;
    flow.kind[at] = kind;
    flow.id[at] = id;
    flow.side[at] = side;
    flow.price[at] = price;
    flow.qty[at] = qty;
    this.at += 1;
  }

  private follow(): void {
    const { events } = this.book;
    for (let index = 0; index < events.count; index += 1) {
      if (events.type(index) === DONE) this.forget(events.id(index));
      if (events.type(index) === TRADED) {
        this.counts.trades += 1;
        this.counts.volume += events.qty(index);
      }
    }
  }

  private remember(id: number): void {
    this.places.set(id, this.live.length);
    this.live.push(id);
  }

  private forget(id: number): void {
    const place = this.places.get(id);
    if (place === undefined) return;
    this.places.delete(id);
    const last = this.live.pop() as number;
    if (last === id) return;
    this.live[place] = last;
    this.places.set(last, place);
  }
}
