import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { money, ONE } from '../domain/decimal.ts';
import type { Lots, Money, Side, Ticks, VenueId } from '../domain/ids.ts';
import type { Level } from '../ports/market.ts';
import { lockAt } from './brute-force.ts';
import type { RoutePreview } from './plan.ts';
import type { RouteRequest, VenueQuote } from './request.ts';
import { previewRoute } from './route.ts';
import { BYBIT, NOW, OKD, testInstrument, testRequest } from './test-books.ts';

/** Books of up to 60 levels with one step, no minimums: the world in which costs behave like areas under a curve. */
const on = testInstrument({ okd_internal: { tick: '0.01', step: '0.001' }, bybit: { tick: '0.1', step: '0.001' } });
const TICKS = { [OKD]: 1, [BYBIT]: 10 } as Record<VenueId, number>;

const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 5_000 })), {
  minLength: 1,
  maxLength: 60,
});
const world = fc.record({
  side: fc.constantFrom<Side>('buy', 'sell'),
  here: rows,
  there: rows,
  offset: fc.integer({ min: -500, max: 500 }),
  fees: fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 })),
  lots: fc.integer({ min: 1, max: 200_000 }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function quote(
  venue: VenueId,
  side: Side,
  steps: readonly (readonly [number, number])[],
  start: number,
  fee: number,
): VenueQuote {
  let price = Math.round(start / (TICKS[venue] as number));
  const levels = steps.map(([gap, qty]): Level => {
    price += side === 'buy' ? gap : -gap;
    return { price: price as Ticks, qty: qty as Lots };
  });
  const [bids, asks] = side === 'buy' ? [[], levels] : [levels, []];
  const rate = money((fee / 10_000).toFixed(4));
  return {
    venue,
    book: { venue, instrument: on.id, bids, asks, valid: true, seq: 1, at: NOW, receivedAt: NOW },
    takerRate: rate,
    makerRate: rate,
    routingRate: money('0'),
    funds: { type: 'unbounded' },
    canRest: true,
    excluded: null,
  };
}

function ask({ side, here, there, offset, fees, lots }: World, change: Partial<RouteRequest> = {}): RoutePreview {
  const quotes = [quote(OKD, side, here, 1_000_000, fees[0]), quote(BYBIT, side, there, 1_000_000 + offset, fees[1])];
  return previewRoute({
    ...testRequest(on, side, '1', quotes, { strategy: 'lowest_cost' }),
    wanted: { type: 'quantity', qty: lots as Lots },
    ...change,
  });
}

/** `npm run test:long` looks for longer. */
const RUNS = process.env['OKD_LONG'] === '1' ? 10_000 : 300;
const check = (holds: (w: World) => void) => fc.assert(fc.property(world, holds), { numRuns: RUNS });

test('a plan never costs more than any single venue for the same quantity', () =>
  check((w) => {
    const plan = ask(w);
    for (const { worse, fits } of plan.alternatives) if (fits === plan.qty) assert.ok(worse !== null && worse >= 0n);
    assert.ok(plan.savings === null || plan.savings.amount >= 0n);
  }));

test('preferring a venue costs no more than the preference', () =>
  check((w) => {
    const best = ask(w).expected.total;
    const total = ask(w, { strategy: 'smart', prefer: { venue: OKD, bps: money('3') } }).expected.total;
    const more = w.side === 'buy' ? total - best : best - total;
    assert.ok(more >= 0n && more * 10_000n <= best * 4n, `${more} of ${best}`);
  }));

test('more quantity places no less and costs more', () =>
  check((w) => {
    const [less, more] = [ask(w), ask({ ...w, lots: w.lots + 1 + (w.lots % 977) })];
    assert.ok(more.qty >= less.qty);
    assert.ok(more.expected.notional >= less.expected.notional);
    const pays = w.side === 'buy' ? 1n : -1n;
    const average = ({ expected, qty }: RoutePreview) => (pays * expected.total * ONE) / BigInt(qty);
    assert.ok(average(more) >= average(less), 'and more each');
  }));

test('splitting a level in two changes nothing', () =>
  check((w) => {
    const halves = w.here.flatMap(([gap, qty]): [number, number][] =>
      qty < 2
        ? [[gap, qty]]
        : [
            [gap, Math.floor(qty / 2)],
            [0, qty - Math.floor(qty / 2)],
          ],
    );
    const { levels: _, levelsOmitted: __, ...whole } = ask(w);
    const { levels: ___, levelsOmitted: ____, ...split } = ask({ ...w, here: halves });
    assert.deepEqual(split, whole);
  }));

test('a budget is never exceeded, whatever prices the children get, and little of it is left unused', () =>
  check((w) => {
    const amount = (BigInt(w.lots) * 7n * ONE) as Money;
    const caps = w.fees[0] > 10 ? [{ venue: BYBIT, fraction: money('0.4'), ordered: amount, used: money('0') }] : [];
    const plan = ask({ ...w, side: 'buy' }, { wanted: { type: 'budget', amount }, caps });
    let worst = 0n;
    for (const { venue, price, qty } of plan.children) {
      const listing = on.listings.get(venue);
      assert.ok(listing !== undefined);
      const most = lockAt(
        listing,
        qty,
        price,
        (ONE + money((w.fees[venue === OKD ? 0 : 1] / 10_000).toFixed(4))) as Money,
        18,
      );
      if (venue === BYBIT && caps.length > 0) assert.ok(most * 10n <= amount * 4n, 'the cap holds at the worst price');
      worst += most;
    }
    assert.ok(worst <= amount);
    assert.ok(plan.expected.total <= amount);
    if (plan.unrouted?.reason !== 'BUDGET') return;
    // At the next level of either venue, 4.0 away at most, and the highest fee, the budget would not have bought more.
    const last = plan.children.reduce(
      (most, { worstLevel }) => ((worstLevel ?? 0n) > most ? (worstLevel ?? 0n) : most),
      0n,
    );
    if (last === 0n) return;
    const most = (amount * 1_000n * 10_000n) / ((last + money('12')) * 10_020n);
    assert.ok(BigInt(plan.qty) + 1n >= most, `${plan.qty} of ${most}`);
  }));
