import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { money } from '../domain/decimal.ts';
import type { Lots, Money, Side, Ticks, VenueId } from '../domain/ids.ts';
import { type Instrument, passiveTicks } from '../domain/instrument.ts';
import type { Level } from '../ports/market.ts';
import { accepts, assess, bruteForce, lockAt } from './brute-force.ts';
import type { RoutePreview } from './plan.ts';
import type { Funds, RouteRequest, Strategy, VenueQuote } from './request.ts';
import { previewRoute } from './route.ts';
import { BYBIT, NOW, OKD, testInstrument, testRequest } from './test-books.ts';

const THIRD = 'third' as VenueId;

/** One venue of a small world, in listing units. */
type World = Readonly<{
  tick: number;
  step: number;
  minQty: number;
  maxQty: number;
  minNotional: number;
  distances: readonly number[];
  sizes: readonly number[];
  taker: number;
  maker: number;
  routing: number;
  funds: number;
  fundsRate: number;
  canRest: boolean;
  cap: number | null;
}>;

const venueWorld: fc.Arbitrary<World> = fc.record({
  tick: fc.constantFrom(1, 1, 2, 5),
  step: fc.constantFrom(1, 1, 2, 3, 5, 10),
  minQty: fc.constantFrom(1, 1, 2, 3),
  maxQty: fc.constantFrom(4, 1000, 1000),
  minNotional: fc.constantFrom(0, 0, 20, 35, 50),
  distances: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 4 }),
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }),
  taker: fc.constantFrom(0, 10, 10, 30, 200),
  maker: fc.constantFrom(-5, 0, 10),
  routing: fc.constantFrom(0, 5),
  funds: fc.constantFrom(-1, -1, -1, 7, 15, 22, 40),
  fundsRate: fc.constantFrom(10_000, 10_010, 1_234),
  canRest: fc.boolean(),
  cap: fc.constantFrom(null, null, null, null, null, null, 0, 50, 75),
});

const orderWorld = fc.record({
  side: fc.constantFrom<Side>('buy', 'sell'),
  qty: fc.integer({ min: 1, max: 50 }),
  kind: fc.constantFrom('market', 'market', 'market', 'gtc', 'gtc', 'gtc', 'post_only', 'ioc', 'fok'),
  strategy: fc.constantFrom<Strategy>('smart', 'lowest_cost', 'best_price', 'minimize_impact', 'single'),
  prefer: fc.constantFrom(null, 0, 1, 50),
  bound: fc.integer({ min: 2, max: 30 }),
});

type OrderWorld = typeof orderWorld extends fc.Arbitrary<infer T> ? T : never;

/** Prices around 0.40 in ticks of 0.01, so that levels lie far apart; quantities of some grid steps of 0.1. */
const MIDDLE = 40;
const decimal = (count: number, digits: number): string => (count / 10 ** digits).toFixed(digits);

function build(order: OrderWorld, worlds: readonly World[]): RouteRequest {
  const ids = [OKD, BYBIT, THIRD].slice(0, worlds.length);
  const on = testInstrument(
    Object.fromEntries(
      worlds.map((world, at) => [
        ids[at] as VenueId,
        {
          tick: decimal(world.tick, 2),
          step: decimal(world.step, 1),
          minQty: decimal(world.minQty * world.step, 1),
          maxQty: decimal(world.maxQty * world.step, 1),
          minNotional: decimal(world.minNotional, 2),
        },
      ]),
    ),
  );
  const quotes = worlds.map((world, at) => quoteIn(on, order, world, ids[at] as VenueId));
  const worst = decimal(order.side === 'buy' ? MIDDLE + order.bound : MIDDLE - order.bound, 2);
  const bound = passiveTicks(on.grid, money(worst), order.side);
  const market = order.kind === 'market';
  const base = testRequest(on, order.side, '3000', quotes);
  return {
    ...base,
    wanted: { type: 'quantity', qty: order.qty as Lots },
    limitPrice: market ? null : bound,
    worstPrice: market ? bound : null,
    timeInForce: market ? 'ioc' : (order.kind as RouteRequest['timeInForce']),
    strategy: order.strategy,
    caps: worlds.flatMap(({ cap }, at) =>
      cap === null
        ? []
        : [
            {
              venue: ids[at] as VenueId,
              fraction: money(decimal(cap, 2)),
              ordered: (BigInt(order.qty) * on.grid.step) as Money,
              used: money('0'),
            },
          ],
    ),
    prefer: order.prefer === null ? null : { venue: OKD, bps: money(String(order.prefer)) },
  };
}

function quoteIn(on: Instrument, { side }: OrderWorld, world: World, venue: VenueId): VenueQuote {
  const steps = [...new Set(world.distances)].sort((a, b) => a - b);
  const levels = steps.map((distance, at): Level => {
    const price =
      side === 'buy' ? Math.ceil(MIDDLE / world.tick) + distance : Math.floor(MIDDLE / world.tick) - distance;
    return { price: price as Ticks, qty: world.sizes[at] as Lots };
  });
  const rate = (count: number): Money => money(decimal(count, 4));
  const spot: Funds = { type: 'quantity', available: money(decimal(world.funds, 1)) };
  const value: Funds = {
    type: 'value',
    available: money(decimal(4 * world.funds, 2)),
    rate: rate(world.fundsRate),
    scale: 2,
  };
  return {
    venue,
    book: {
      venue,
      instrument: on.id,
      bids: side === 'sell' ? levels : [],
      asks: side === 'buy' ? levels : [],
      valid: true,
      seq: 1,
      at: NOW,
      receivedAt: NOW,
    },
    takerRate: rate(world.taker),
    makerRate: rate(world.maker),
    routingRate: rate(world.routing),
    funds: world.funds < 0 ? { type: 'unbounded' } : side === 'sell' && world.fundsRate !== 1_234 ? spot : value,
    canRest: world.canRest,
    excluded: null,
  };
}

const sharesOf = (plan: RoutePreview): number[] => plan.venues.map(({ qty }) => qty);

/** What no plan may ever do, checked child by child. */
function assertLawful(request: RouteRequest, plan: RoutePreview): void {
  const { instrument, side, quotes } = request;
  for (const child of plan.children) {
    const listing = instrument.listings.get(child.venue);
    const quote = quotes.find(({ venue }) => venue === child.venue);
    assert.ok(listing && quote);
    const step = Number(listing.step / instrument.grid.step);
    const tick = Number(listing.tick / instrument.grid.tick);
    assert.ok(accepts(request, quote, child.qty * step), 'the venue accepts the share');
    assert.ok(
      BigInt(child.price) * BigInt(child.qty) * listing.tickValue >= listing.minNotional,
      'notional at its price',
    );
    const worst = (request.limitPrice ?? request.worstPrice) as number;
    assert.ok(
      side === 'buy' ? child.price * tick <= worst : child.price * tick >= worst,
      'nothing through the worst price',
    );
    if (quote.funds.type !== 'value') continue;
    const touch = quote.book?.bids[0]?.price ?? child.price;
    const price = side === 'buy' ? child.price : Math.max(child.price, touch);
    const lock = lockAt(listing, child.qty, price, quote.funds.rate, quote.funds.scale);
    assert.equal(child.locks, lock);
    assert.ok(lock <= quote.funds.available, 'never more than available');
  }
}

function assertOptimal(request: RouteRequest): void {
  const plan = previewRoute(request);
  assertLawful(request, plan);
  const best = bruteForce(request);
  const found = assess(request, sharesOf(plan));
  const facts = ({ placed, resting, cost, astray }: typeof best) => ({ placed, resting, cost, astray });
  assert.deepEqual(facts(found), facts(best));
  assert.equal(plan.qty, found.placed);
  assert.equal(plan.takes, found.placed - found.resting);
  assert.equal(plan.unrouted?.qty ?? 0, request.wanted.type === 'quantity' ? request.wanted.qty - plan.qty : 0);
}

const two = fc.tuple(venueWorld, venueWorld);
const three = fc.tuple(venueWorld, venueWorld, venueWorld);
const smaller = orderWorld.map((order) => ({ ...order, qty: Math.min(order.qty, 15) }));
/** `npm run test:long` looks for longer. */
const RUNS = process.env['OKD_LONG'] === '1' ? 60_000 : 1_200;

test('no lawful split of two venues places more or costs less, whatever the steps and constraints', () => {
  fc.assert(
    fc.property(orderWorld, two, (order, worlds) => assertOptimal(build(order, worlds))),
    { numRuns: RUNS },
  );
});

test('no lawful split of three venues places more or costs less', () => {
  fc.assert(
    fc.property(smaller, three, (order, worlds) => assertOptimal(build(order, worlds))),
    { numRuns: RUNS / 4 },
  );
});
