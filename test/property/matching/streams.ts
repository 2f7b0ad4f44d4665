import type { Lots, Side, Ticks } from '../../../src/domain/ids.ts';
import { SELF_TRADE_MODES, TIMES_IN_FORCE } from '../../../src/matching/index.ts';
import type { Command, Matcher } from '../../../src/matching/index.ts';
import { below, type Rng, uniform } from '../../../src/ports/rng.ts';

/** What kind of orders a stream is made of. */
export type Profile = Readonly<{
  name: string;
  price: (rng: Rng, side: Side) => number;
  qty: (rng: Rng) => number;
  accounts: number;
  /** Share of commands that take orders out; the rest brings them in. */
  cancels: number;
  /** Streams in the short run: fewer where the twin is slowest. */
  streams: number;
}>;

const MAX = Number.MAX_SAFE_INTEGER;
const pick = <T>(rng: Rng, from: readonly T[]): T => from[below(rng, from.length)] as T;

export const PROFILES: readonly Profile[] = [
  {
    name: 'a few prices, small sizes: deep queues, exact fills',
    price: (rng) => 100 + below(rng, 6),
    qty: (rng) => 1 + below(rng, 5),
    accounts: 4,
    cancels: 0.05,
    streams: 600,
  },
  {
    name: 'neighbouring pages: levels open and close at page borders',
    price: (rng) => 32 * (3 + below(rng, 4)) + pick(rng, [-2, -1, 0, 1, 31]),
    qty: (rng) => 1 + below(rng, 100),
    accounts: 5,
    cancels: 0.06,
    streams: 500,
  },
  {
    name: 'prices over 2^40 ticks',
    price: (rng) => 1 + Math.floor(uniform(rng) * 2 ** 40),
    qty: (rng) => 1 + Math.floor(uniform(rng) * 2 ** 33),
    accounts: 6,
    cancels: 0.05,
    streams: 400,
  },
  {
    name: 'extremes of prices and sizes: full levels',
    price: (rng) => pick(rng, [1, 2, 31, 32, 33, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 40 + 1, MAX - 1, MAX]),
    qty: (rng) => pick(rng, [1, 2, 3, 2 ** 31, 2 ** 32 + 1, 2 ** 52, MAX - 3, MAX - 1, MAX]),
    accounts: 3,
    cancels: 0.08,
    streams: 400,
  },
  {
    name: 'one account: every meeting is a self-trade',
    price: (rng) => 1_000 + below(rng, 40),
    qty: (rng) => 1 + below(rng, 20),
    accounts: 1,
    cancels: 0.04,
    streams: 100,
  },
  {
    name: 'hundreds of orders, each with a page of its own',
    price: (rng, side) => (side === 'buy' ? 1 : 2 ** 39) + Math.floor(uniform(rng) * (2 ** 39 + 2 ** 33)),
    qty: (rng) => 1 + below(rng, 1_000),
    accounts: 50,
    cancels: 0.05,
    streams: 12,
  },
];

/** Draws the next command: most cancels and amends aim at an order in the book, some at none. */
export function nextCommand(rng: Rng, profile: Profile, book: Matcher, ids: IdPool): Command {
  const draw = uniform(rng);
  if (draw < profile.cancels) return { type: 'cancel', id: target(rng, book, ids) };
  if (draw < profile.cancels + 0.12) return amendment(rng, profile, book, target(rng, book, ids));
  if (draw < profile.cancels + 0.124) return { type: 'cancel_all', account: account(rng, profile) };
  if (draw < profile.cancels + 0.14) return spoil(rng, submission(rng, profile, ids));
  return submission(rng, profile, ids);
}

function target(rng: Rng, book: Matcher, ids: IdPool): number {
  const place = below(rng, Math.ceil(book.orderCount * 1.2) + 1);
  let at = 0;
  for (const order of book.orders()) {
    if (at === place) return order.id;
    at += 1;
  }
  return ids.any(rng);
}

/** Ids given so far. */
export class IdPool {
  #next = 1;
  /** Ids past 2^32, for streams that want them. */
  readonly #offset: number;
  constructor(offset: number) {
    this.#offset = offset;
  }
  fresh(): number {
    this.#next += 1;
    return this.#offset + this.#next;
  }
  any(rng: Rng): number {
    return this.#offset + Math.max(1, this.#next - below(rng, Math.min(this.#next, 48)));
  }
}

const account = (rng: Rng, profile: Profile): number => below(rng, profile.accounts);

function submission(rng: Rng, profile: Profile, ids: IdPool): Command {
  const market = uniform(rng) < 0.08;
  const side = pick(rng, ['buy', 'sell'] as const);
  return {
    type: 'submit',
    id: uniform(rng) < 0.02 ? ids.any(rng) : ids.fresh(),
    account: account(rng, profile),
    side,
    price: market ? null : (profile.price(rng, side) as Ticks),
    qty: profile.qty(rng) as Lots,
    timeInForce: uniform(rng) < 0.6 ? 'gtc' : pick(rng, TIMES_IN_FORCE),
    selfTrade: pick(rng, SELF_TRADE_MODES),
  };
}

function amendment(rng: Rng, profile: Profile, book: Matcher, id: number): Command {
  const order = book.order(id);
  const side = order?.side ?? 'buy';
  const price = uniform(rng) < 0.4 ? null : (profile.price(rng, side) as Ticks);
  if (order === null || uniform(rng) < 0.2) return { type: 'amend', id, price, qty: profile.qty(rng) as Lots };
  const filled = order.qty - order.leavesQty;
  const huge = uniform(rng) < 0.05 ? MAX : null;
  const qty = pick(rng, [huge, order.qty, order.qty - 1, order.qty - 2, order.qty + 1, filled, filled + 1]);
  return { type: 'amend', id, price, qty: qty as Lots | null };
}

const NOT_COUNTS = [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, MAX + 1] as const;

/** A submit that has to be refused. */
function spoil(rng: Rng, command: Command): Command {
  const field = pick(rng, ['id', 'account', 'price', 'qty'] as const);
  const value = field === 'account' ? pick(rng, NOT_COUNTS.slice(1)) : pick(rng, NOT_COUNTS);
  return { ...command, [field]: value } as Command;
}
