import { money, multiply, ONE } from '../../domain/decimal.ts';
import { INTERNAL_VENUE, type InstrumentId, type Money, type OrderId, type Side } from '../../domain/ids.ts';
import { floorLots, passiveTicks, priceOf, qtyOf } from '../../domain/instrument.ts';
import type { OrderRequest } from '../../oms/events.ts';
import { leavesQty } from '../../domain/order.ts';
import type { Timer } from '../../ports/clock.ts';
import { countsIn } from '../../ports/market.ts';
import { type Rng, uniform } from '../../ports/rng.ts';
import type { Desk } from './desk.ts';
import type { Gateway } from './gateway.ts';

/**
 * Market makers for the internal books of a `paper` instance: an account of their own, ordinary limit orders, so that
 * nothing special exists for them. They follow the other venue's mid with a slow offset below 0.1 %, so that sometimes
 * one book is the cheaper one and sometimes the other. Every order of theirs is journalled like everybody's, so they
 * touch a quote only when it is taken, and the whole ladder only when the market has left it behind.
 */
const LEVELS = 5;
const LOOK_EVERY_MS = 1_000;
/** Distance of the first level from the agent's mid, and of each level from the one before: in units of 10^-5. */
const FIRST = 22n;
const GAP = 15n;
/** The ladder moves when the mid is this far from where the ladder was put: both sides at once, so spreads stay. */
const STALE = 50n;
const UNIT = ONE / 100_000n;
/** Largest offset from the other venue's mid, and how long a whole wave of it takes. */
const OFFSET = 0.0006;
const WAVE_MS = 1_800_000;

type Quote = { order: OrderId | null; pending: boolean };
type Ladder = { quotes: Map<string, Quote>; phase: number; mid: Money | null };

export class InternalAgents {
  readonly #gateway: Gateway;
  readonly #desk: Desk;
  readonly #rng: Rng;
  readonly #ladders = new Map<InstrumentId, Ladder>();
  #timer: Timer | null = null;
  #stopped = false;

  constructor(gateway: Gateway, desk: Desk, rng: Rng) {
    this.#gateway = gateway;
    this.#desk = desk;
    this.#rng = rng;
  }

  /** Takes back the quotes of an earlier run, then quotes anew until `stop`. */
  async start(): Promise<void> {
    const at = this.#gateway.clock.now();
    await this.#desk.effects.ask(
      (replyTo) => ({ type: 'cancel_all', at, instrument: null, actor: 'agents', replyTo }),
      () => null,
    );
    for (const id of this.#gateway.books.keys())
      this.#ladders.set(id, { quotes: new Map(), phase: uniform(this.#rng), mid: null });
    this.#look();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #look(): void {
    if (this.#stopped) return;
    for (const [id, ladder] of this.#ladders) this.#quote(id, ladder);
    this.#timer = this.#gateway.clock.after(LOOK_EVERY_MS, () => this.#look());
  }

  #quote(id: InstrumentId, ladder: Ladder): void {
    const mid = this.#midOf(id, ladder);
    if (mid === null || [...ladder.quotes.values()].some((quote) => quote.pending)) return;
    // The new ladder stands before the old one goes, so that the book is never empty; where they meet, the old one yields.
    let left: readonly Quote[] = [];
    if (ladder.mid === null || isFar(ladder.mid, mid)) {
      left = [...ladder.quotes.values()];
      ladder.quotes.clear();
      ladder.mid = mid;
    }
    for (const side of ['buy', 'sell'] as const) {
      for (let level = 0; level < LEVELS; level++) this.#level(id, ladder, side, level, ladder.mid);
    }
    for (const quote of left) this.#withdraw(id, ladder, quote);
  }

  /** The other venue's mid, moved by a slow seeded wave. */
  #midOf(id: InstrumentId, ladder: Ladder): Money | null {
    const { clock, world, external, instruments } = this.#gateway;
    const book = world.access.feed.book(id, 1);
    const listing = instruments.get(id)?.listings.get(external);
    const bid = book?.bids[0];
    const ask = book?.asks[0];
    if (!book?.valid || listing === undefined || bid === undefined || ask === undefined) return null;
    if (!countsIn(book, listing)) return null;
    const mid = ((priceOf(listing, bid.price) + priceOf(listing, ask.price)) / 2n) as Money;
    const wave = Math.sin(2 * Math.PI * (clock.now() / WAVE_MS + ladder.phase));
    return multiply(mid, (ONE + BigInt(Math.round(wave * OFFSET * 1e6)) * (ONE / 1_000_000n)) as Money, 'down');
  }

  #level(id: InstrumentId, ladder: Ladder, side: Side, level: number, mid: Money): void {
    const key = `${side}${level}`;
    const quote = ladder.quotes.get(key);
    if (quote !== undefined && this.#isGood(quote)) return;
    if (quote?.order != null && this.#works(quote.order)) return this.#withdraw(id, ladder, quote);
    const distance = (FIRST + GAP * BigInt(level)) * UNIT;
    const factor = (side === 'buy' ? ONE - distance : ONE + distance) as Money;
    this.#place(id, ladder, key, side, level, multiply(mid, factor, 'down'));
  }

  #works(order: OrderId): boolean {
    return this.#desk.state.parents.get(order)?.closed === null;
  }

  /** At least half of it is still there. */
  #isGood(quote: Quote): boolean {
    if (quote.order === null || !this.#works(quote.order)) return false;
    const { children } = this.#desk.state.parent(quote.order);
    return children.every((id) => {
      const { order } = this.#desk.state.child(id);
      return leavesQty(order) * 2n >= order.qty;
    });
  }

  #withdraw(id: InstrumentId, ladder: Ladder, quote: Quote): void {
    const { order } = quote;
    if (order === null) return;
    quote.pending = true;
    const at = this.#gateway.clock.now();
    void this.#desk.effects
      .ask(
        (replyTo) => ({ type: 'cancel', at, order, actor: 'agents', replyTo }),
        () => null,
      )
      .then(() => {
        quote.pending = false;
        this.#quote(id, ladder);
      });
  }

  #place(id: InstrumentId, ladder: Ladder, key: string, side: Side, level: number, target: Money): void {
    const context = this.#gateway.context(this.#desk, id, side);
    const listing = context?.instrument.listings.get(INTERNAL_VENUE);
    if (context === null || listing === undefined) return;
    const price = priceOf(listing, passiveTicks(listing, target, side));
    const notional = (5_000 + 5_000 * level) * (0.75 + uniform(this.#rng) / 2) * worthOf(context.instrument.quote);
    const lots = floorLots(listing, ((money(notional.toFixed(6)) * ONE) / price) as Money);
    if (lots < listing.minQty) return;
    const quote: Quote = { order: null, pending: true };
    ladder.quotes.set(key, quote);
    const request: OrderRequest = {
      clientOrderId: null,
      instrument: id,
      side,
      type: 'limit',
      qty: qtyOf(listing, lots),
      quoteQty: null,
      price,
      timeInForce: 'gtc', // what rests beyond the agent's price is taken, as a market maker would
      reduceOnly: false,
      selfTrade: 'cancel_maker',
      maxSlippage: null,
      routing: { strategy: 'smart', venues: [INTERNAL_VENUE], caps: [], preferInternal: null },
    };
    const message = {
      type: 'submit',
      at: this.#gateway.clock.now(),
      request,
      fingerprint: '',
      context,
      idempotency: null,
    } as const;
    void this.#desk.effects
      .ask(
        (replyTo) => ({ ...message, replyTo }),
        (reply) => (reply.type === 'accepted' ? reply.order : null),
      )
      .then((order) => {
        quote.order = order;
        quote.pending = false;
      });
  }
}

const isFar = (from: Money, to: Money): boolean => {
  const off = from > to ? from - to : to - from;
  return off * ONE > from * STALE * UNIT;
};

/** How much of a coin is worth about one USDT: sizes of quotes only. */
const worthOf = (quote: string): number => (quote === 'ETH' ? 1 / 3_000 : quote === 'BTC' ? 1 / 60_000 : 1);
