import fc from 'fast-check';
import { money } from '../../../src/domain/decimal.ts';
import { type AssetId, type ClientOrderId, INTERNAL_VENUE, type OrderId } from '../../../src/domain/ids.ts';
import { isFinal } from '../../../src/domain/order.ts';
import type { OrderRequest } from '../../../src/oms/events.ts';
import type { VenueExecution } from '../../../src/ports/venue.ts';
import { OmsBench, OTHER, settle } from '../../support/oms-bench.ts';

/** One thing that happens to two accounts: `a` and `b` choose its details. */
export type Happening = Readonly<{ kind: (typeof KINDS)[number]; a: number; b: number }>;

const KINDS = [
  'deposit', 'withdraw', 'market', 'market', 'limit', 'limit', 'ask', 'ask', 'spend', 'fill', 'fill', 'fill', 'tell', 'tell_all',
  'repeat_fill', 'overfill', 'venue_cancel', 'cancel', 'cancel_all', 'halt', 'unknown', 'refuse', 'pass_time', 'crash', 'noise',
] as const; // biome-ignore format: a list

export const happening: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constantFrom(...KINDS),
  a: fc.nat(999),
  b: fc.nat(999),
});

const internalOnly = {
  strategy: 'smart', venues: [INTERNAL_VENUE], caps: [], preferInternal: null,
} as const; // biome-ignore format: one line
const otherOnly = { ...internalOnly, venues: [OTHER] };

/** The real partition of two accounts over the real internal book and a scripted venue, under a stream of happenings. */
export class Traffic {
  readonly bench = new OmsBench();
  readonly #told = new Map<ClientOrderId, number>();

  /** `poor`: the first account has nothing here, so that fees for routing stay owed. */
  async begin(poor: boolean): Promise<void> {
    await this.bench.deposit(1, 'USDT', poor ? '0.03' : '100000');
    await this.bench.deposit(1, 'BTC', poor ? '0.001' : '50');
    await this.bench.deposit(2, 'BTC', '100');
    await this.bench.deposit(2, 'USDT', '3');
  }

  async run({ kind, a, b }: Happening): Promise<void> {
    await this.#acts[kind](a, b);
    await settle();
    if (this.bench.crashes.length > 0) throw this.bench.crashes[0];
  }

  /** What each kind does; `a` and `b` are up to 999. */
  readonly #acts: Readonly<Record<Happening['kind'], (a: number, b: number) => void | Promise<void>>> = {
    deposit: (a, b) => this.bench.deposit(1 + (a % 2), b % 2 === 0 ? 'USDT' : 'BTC', `${1 + a}.5`),
    withdraw: (a, b) => this.#withdraw(1 + (a % 2), b),
    market: (a, b) => {
      const routing = a % 4 === 0 ? internalOnly : otherOnlyOr(b);
      return this.#submit(1, { qty: qtyOf(b), side: a % 3 === 0 ? 'sell' : 'buy', routing });
    },
    limit: (a, b) => {
      const wish = { ...limitAt(a, b), side: b % 3 === 0 ? 'sell' : 'buy', clientOrderId: `c${a % 50}` } as const;
      return this.#submit(1, wish);
    },
    ask: (a, b) => this.#submit(2, { ...limitAt(a, b), side: b % 4 === 0 ? 'buy' : 'sell', routing: internalOnly }),
    spend: (a) => this.#submit(1, { qty: null, quoteQty: money(`${10 + a}`) }),
    fill: (a, b) => this.#fill(a, 1 + (b % 400)),
    overfill: (a) => this.#fill(a, 2_000),
    tell: (a) => this.#tell(a, false),
    repeat_fill: (a) => this.#tell(a, true),
    tell_all: () => {
      for (let i = 0; i < this.bench.venue.held.size; i += 1) this.#tell(i, false);
    },
    venue_cancel: (a) => this.#venueCancels(a),
    cancel: async (a) => {
      const open = [...this.bench.state.openParents];
      const order = open[a % Math.max(1, open.length)];
      if (order !== undefined) await this.bench.cancel(order as OrderId);
    },
    cancel_all: (_a, b) => this.#stop('cancel_all', b),
    halt: (_a, b) => this.#stop('halt', b),
    /** From now on submits get no answer: the venue has taken them, or has not. */
    unknown: (_a, b) => {
      const { venue } = this.bench;
      venue.onSubmit = (request) => {
        if (b % 2 === 0) venue.hold(request);
        return Promise.resolve({ type: 'unknown', reason: 'timeout' });
      };
    },
    /** From now on the venue refuses, or takes orders again. */
    refuse: (_a, b) => {
      const { venue } = this.bench;
      const refusal = { code: 'POST_ONLY_WOULD_TAKE', venueCode: '1', message: 'no' } as const;
      if (b % 2 === 0) venue.onSubmit = (request) => venue.accept(request);
      else venue.onSubmit = () => Promise.resolve({ type: 'refused', refusal });
    },
    pass_time: (a, b) => this.bench.clock.advance(a % 3 === 0 ? 40_000 : 1 + b),
    crash: (a) => {
      if (a % 4 === 0) this.bench.crash();
    },
    noise: (a) => this.bench.venue.tell({ type: 'unreadable', topic: 'order', text: `{${a}` }),
  };

  async #submit(number: number, wish: Partial<OrderRequest>): Promise<void> {
    await this.bench.submit(number, wish);
  }

  async #withdraw(number: number, b: number): Promise<void> {
    const { clock } = this.bench;
    const message = {
      type: 'transfer', at: clock.now(), direction: 'withdrawal', asset: (b % 2 === 0 ? 'USDT' : 'BTC') as AssetId,
      amount: money(`${1 + (b % 60)}.25`), reference: `w${b}`, actor: 'a', note: b % 3 === 0 ? 'back' : '', idempotency: null,
    } as const; // biome-ignore format: short members together
    await this.bench.desk(number).effects.ask(
      (replyTo) => ({ ...message, replyTo }),
      () => null,
    );
  }

  async #stop(kind: 'cancel_all' | 'halt', b: number): Promise<void> {
    const { bench } = this;
    const at = bench.clock.now();
    const active = b % 3 === 0;
    await bench.desk(1).effects.ask(
      (replyTo) =>
        kind === 'halt'
          ? { type: 'halt', at, active, cancelOrders: b % 2 === 0, actor: 'a', replyTo }
          : { type: 'cancel_all', at, instrument: null, actor: 'a', replyTo },
      () => null,
    );
  }

  #held(a: number): ClientOrderId | undefined {
    const ids = [...this.bench.venue.held.keys()];
    return ids[a % Math.max(1, ids.length)];
  }

  /** Executes at the venue, told to nobody. */
  #fill(a: number, lots: number): void {
    const id = this.#held(a);
    if (id === undefined) return;
    const { order } = this.bench.venue.of(id);
    if (lots < 1_000 && (order.status !== 'working' || order.cumQty >= order.qty)) return;
    this.bench.venue.fill(id, lots);
  }

  #tell(a: number, again: boolean): void {
    const { venue } = this.bench;
    const id = this.#held(a);
    if (id === undefined) return;
    const { executions } = venue.of(id);
    const from = again ? 0 : (this.#told.get(id) ?? 0);
    for (const execution of executions.slice(from)) venue.tellFill(execution as VenueExecution);
    this.#told.set(id, executions.length);
    venue.tellOrder(id);
  }

  #venueCancels(a: number): void {
    const { venue } = this.bench;
    const id = this.#held(a);
    if (id === undefined) return;
    const held = venue.of(id);
    if (isFinal(held.order.status as never)) return;
    held.order = { ...held.order, status: a % 2 === 0 ? 'canceled' : 'expired', reason: 'BY_VENUE' };
    venue.tellOrder(id);
  }
}

const qtyOf = (b: number) => money(`0.${100 + b}`);
const limitAt = (a: number, b: number) => ({
  qty: qtyOf(b),
  price: money(`${98 + (a % 5)}.${b % 10}0`),
  type: 'limit' as const,
});
const otherOnlyOr = (b: number): OrderRequest['routing'] =>
  b % 3 === 0 ? { ...internalOnly, venues: null } : otherOnly;
