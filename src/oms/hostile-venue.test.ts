import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OmsBench, OTHER, settle } from '../../test/support/oms-bench.ts';
import { formatDecimal, money } from '../domain/decimal.ts';
import type { AssetId, ClientOrderId, ExecId, InstrumentId, Money, OrderId, VenueOrderId } from '../domain/ids.ts';
import type { VenueExecution, VenueOrder } from '../ports/venue.ts';

const HERE = { strategy: 'smart', venues: [OTHER], caps: [], preferInternal: null } as const;
const INSIDE = { strategy: 'smart', venues: ['okd_internal' as never], caps: [], preferInternal: null } as const;

type Opened = { bench: OmsBench; order: OrderId; child: ClientOrderId };

async function open(wish: Parameters<OmsBench['submit']>[1] = {}): Promise<Opened> {
  const bench = new OmsBench();
  await bench.deposit(1, 'USDT', '10000');
  const reply = await bench.submit(1, { type: 'limit', price: money('90'), qty: money('2'), routing: HERE, ...wish });
  assert.equal(reply.type, 'accepted');
  const order = reply.type === 'accepted' ? reply.order : ('' as OrderId);
  const [child] = bench.state.parent(order).children;
  assert.ok(child !== undefined);
  await settle();
  return { bench, order, child };
}

const execution = (child: ClientOrderId, more: Partial<VenueExecution> = {}): VenueExecution => ({
  execId: 'X1' as ExecId, clientOrderId: child, venueOrderId: 'V1' as VenueOrderId, instrument: 'spot:BTCUSDT' as InstrumentId, side: 'buy',
  kind: 'trade', at: 1 as never, price: money('90'), qty: money('1'), notional: money('90'), fee: money('0'), feeAsset: 'BTC' as AssetId,
  liquidity: 'maker', ...more,
}); // biome-ignore format: a table

test('an order of somebody else under the id of an internal child books nothing and releases nothing', async () => {
  const { bench, child } = await open({ routing: INSIDE });
  const before = [bench.state.balances.of('USDT' as AssetId), bench.state.balances.of('BTC' as AssetId)];
  bench.venue.tellFill(execution(child, { qty: money('2') }));
  const { order } = bench.state.child(child);
  const foreign: VenueOrder = {
    clientOrderId: child, venueOrderId: 'V9' as VenueOrderId, instrument: order.instrument, side: 'buy', price: order.price, qty: order.qty,
    cumQty: money('0'), status: 'canceled', reason: 'BY_USER', createdAt: 1 as never, updatedAt: 2 as never,
  }; // biome-ignore format: a table
  bench.venue.tell({ type: 'order', order: foreign });
  await settle();
  assert.deepEqual([bench.state.balances.of('USDT' as AssetId), bench.state.balances.of('BTC' as AssetId)], before);
  assert.equal(bench.state.child(child).order.status, 'working');
  assert.ok(bench.alarms.includes('FOREIGN_ORDER'));
  assert.deepEqual(bench.crashes, []);
});

test('one execution belongs to one order, whatever a mixed-up answer says', async () => {
  const { bench, child } = await open();
  bench.venue.tellFill(bench.venue.fill(child, 1000));
  const second = await bench.submit(1, { type: 'limit', price: money('90'), qty: money('1'), routing: HERE });
  assert.equal(second.type, 'accepted');
  const [other] = second.type === 'accepted' ? bench.children(second.order) : [];
  assert.ok(other !== undefined);
  const [first] = bench.venue.of(child).executions;
  assert.ok(first !== undefined);
  bench.venue.tellFill({ ...first, clientOrderId: other, venueOrderId: bench.venue.of(other).order.venueOrderId });
  await settle();
  assert.equal(bench.state.child(other).order.cumQty, 0n);
  assert.ok(bench.alarms.includes('FOREIGN_ORDER'));
});

test('an execution without quantity or price is an alarm, not a division by zero', async () => {
  const { bench, child } = await open();
  bench.venue.tellFill(execution(child, { qty: money('0'), notional: money('0') }));
  bench.venue.tellFill(execution(child, { execId: 'X2' as ExecId, price: money('-1'), notional: money('-1') }));
  await settle();
  assert.equal(bench.state.child(child).order.cumQty, 0n);
  assert.ok(bench.alarms.includes('BAD_EXECUTION'));
  assert.deepEqual(bench.crashes, []);
});

test('a refused cancel is asked about, and asked for again while the order works', async () => {
  const { bench, order, child } = await open();
  bench.venue.tellOrder(child);
  let refusals = 0;
  const accept = bench.venue.onCancel;
  bench.venue.onCancel = (ref) => {
    refusals += 1;
    if (refusals > 2) return accept(ref);
    return Promise.resolve({
      type: 'refused',
      refusal: { code: 'RATE_LIMITED', venueCode: '10006', message: 'later' },
    });
  };
  await bench.cancel(order);
  await bench.clock.advance(10_000);
  assert.deepEqual([bench.status(order).status, bench.status(order).reason], ['canceled', 'CANCELED_BY_USER']);
  assert.equal(bench.venue.cancels.length, 3);
});

test('a cancel before its order has left keeps the order here', async () => {
  const { bench } = await open();
  Object.defineProperty(bench.journal, 'auto', { value: false });
  const sent = bench.venue.submits.length;
  const pending = bench.submit(1, { type: 'limit', price: money('90'), qty: money('1'), routing: HERE });
  await settle();
  const order = [...bench.state.parents.keys()].at(-1) as OrderId;
  void bench.cancel(order);
  await settle();
  for (let i = 0; i < 4; i++) {
    bench.journal.commit();
    await settle();
  }
  await pending;
  await bench.clock.advance(2_000);
  assert.equal(bench.venue.submits.length, sent);
  assert.equal(bench.status(order).status, 'expired');
});

test('an order that waited too long for its commit is not sent any more', async () => {
  const { bench } = await open();
  Object.defineProperty(bench.journal, 'auto', { value: false });
  const sent = bench.venue.submits.length;
  void bench.submit(1, { type: 'limit', price: money('90'), qty: money('1'), routing: HERE });
  await bench.clock.advance(60_000);
  for (let i = 0; i < 4; i++) {
    bench.journal.commit();
    await settle();
  }
  assert.equal(bench.venue.submits.length, sent);
  const order = [...bench.state.parents.keys()].at(-1) as OrderId;
  assert.deepEqual([bench.status(order).status, bench.status(order).reason], ['expired', 'TOO_LATE_TO_SEND']);
});

test('absence counts only after the stream has been whole for as long as an order may be late', async () => {
  const { bench, order } = await (async () => {
    const opened = await open();
    return opened;
  })();
  bench.venue.onSubmit = () => Promise.resolve({ type: 'unknown', reason: 'reset' });
  bench.venue.streaming = false;
  const reply = await bench.submit(1, { routing: HERE });
  assert.equal(reply.type, 'accepted');
  const lost = reply.type === 'accepted' ? reply.order : order;
  await bench.clock.advance(25_000);
  bench.venue.streaming = true;
  await bench.clock.advance(12_000);
  assert.equal(bench.status(lost).certainty, 'unknown');
  await bench.clock.advance(40_000);
  assert.equal(bench.status(lost).reason, 'UNSENT');
});

test('an order that was given up for absent and works after all is an alarm, and is taken back', async () => {
  const { bench } = await open();
  let late: (() => void) | null = null;
  bench.venue.onSubmit = (request) => {
    late = () => {
      bench.venue.hold(request);
      bench.venue.tellOrder(request.clientOrderId);
    };
    return Promise.resolve({ type: 'unknown', reason: 'reset' });
  };
  const reply = await bench.submit(1, { type: 'limit', price: money('90'), qty: money('1'), routing: HERE });
  await bench.clock.advance(60_000);
  assert.equal(reply.type === 'accepted' && bench.status(reply.order).reason, 'UNSENT');
  (late as (() => void) | null)?.();
  await settle();
  assert.ok(bench.alarms.includes('ALIVE_AFTER_END'));
  assert.equal(bench.venue.cancels.length, 1);
});

test('a quantity that was amended elsewhere is the order now; it can still end', async () => {
  const { bench, order, child } = await open();
  bench.venue.tellOrder(child);
  const held = bench.venue.of(child);
  held.order = { ...held.order, qty: money('3') };
  bench.venue.tellOrder(child);
  bench.venue.tellFill(bench.venue.fill(child, 3000));
  await settle();
  assert.equal(bench.status(order).status, 'filled');
  assert.ok(bench.alarms.includes('EXTERNALLY_AMENDED'));
});

test('what the venue has forgotten can be given up by its owner', async () => {
  const { bench, order, child } = await open();
  bench.venue.tellOrder(child);
  await settle();
  bench.venue.held.clear();
  await bench.cancel(order);
  await bench.clock.advance(120_000);
  assert.deepEqual(
    [bench.status(order).status, bench.state.child(child).order.reason],
    ['canceled', 'UNKNOWN_TO_VENUE'],
  );
});

test('no slippage, price or size that the contract lets through can stop the process', async () => {
  const amounts = fc.bigInt({ min: 1n, max: 10n ** 30n }).map((value) => value as Money);
  const fractions = fc.bigInt({ min: 1n, max: 10n ** 18n }).map((value) => value as Money);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('buy', 'sell'),
      amounts,
      fractions,
      fc.boolean(),
      async (side, size, maxSlippage, byQuote) => {
        const bench = new OmsBench();
        await bench.deposit(1, 'USDT', '1000000');
        await bench.deposit(1, 'BTC', '100');
        const wish =
          byQuote && side === 'buy'
            ? { qty: null, quoteQty: size }
            : { qty: ((size / 10n ** 15n + 1n) * 10n ** 15n) as Money };
        await bench.submit(1, { side: side as 'buy', maxSlippage, ...wish });
        await bench.submit(1, { side: side as 'buy', maxSlippage: money('1') });
        await settle();
        assert.deepEqual(bench.crashes, []);
      },
    ),
    { numRuns: 60 },
  );
});

/** A reduce-only sale of 2 at the other venue, of a derivative. */
async function openReduceOnly(): Promise<Opened> {
  const bench = new OmsBench();
  const spot = bench.context.bind(bench);
  bench.context = () => {
    const context = spot();
    return { ...context, instrument: { ...context.instrument, category: 'linear' } };
  };
  const wish = { side: 'sell', type: 'limit', price: money('105'), qty: money('2'), reduceOnly: true } as const;
  const reply = await bench.submit(1, { ...wish, routing: HERE });
  assert.equal(reply.type, 'accepted');
  const order = reply.type === 'accepted' ? reply.order : ('' as OrderId);
  const [child] = bench.children(order);
  assert.ok(child !== undefined);
  await settle();
  return { bench, order, child };
}

for (const first of ['picture', 'execution'] as const) {
  test(`a reduce-only order that the venue trims is followed to its end, the ${first} first`, async () => {
    const { bench, order, child } = await openReduceOnly();
    const kept = bench.venue.of(child).order;
    const trimmed = { ...kept, qty: money('1.5'), cumQty: money('1.5'), status: 'filled' } as const;
    const fill = execution(child, {
      venueOrderId: kept.venueOrderId, side: 'sell', price: money('105'), qty: money('1.5'), notional: money('157.5'),
    }); // biome-ignore format: short members together
    if (first === 'picture') bench.venue.tell({ type: 'order', order: { ...kept, qty: money('1.5') } });
    bench.venue.tellFill(fill);
    bench.venue.tell({ type: 'order', order: trimmed });
    await settle();
    assert.deepEqual(bench.alarms, []);
    const { qty, status, cumQty } = bench.state.child(child).order;
    assert.deepEqual([qty, status, cumQty], [money('1.5'), 'filled', money('1.5')]);
    assert.equal(bench.status(order).status, 'canceled', 'the rest is the client’s again');
    assert.equal(bench.state.openChildren.size, 0);
  });
}

test('an older picture does not undo a trim', async () => {
  const { bench, child } = await openReduceOnly();
  const kept = bench.venue.of(child).order;
  bench.venue.tell({ type: 'order', order: { ...kept, qty: money('1.5') } });
  bench.venue.tell({ type: 'order', order: kept });
  await settle();
  assert.equal(bench.state.child(child).order.qty, money('1.5'));
  assert.deepEqual(bench.alarms, []);
});

test('spot has no position: a reduce-only order is refused, and holds nothing', async () => {
  const bench = new OmsBench();
  const reply = await bench.submit(1, { side: 'sell', qty: money('1'), reduceOnly: true });
  assert.ok(reply.type === 'denied' && reply.denial.code === 'REDUCE_ONLY');
  assert.deepEqual(bench.crashes, []);
});

test('a budget that a cap keeps from being spent ends as canceled, and says why', async () => {
  const bench = new OmsBench();
  await bench.deposit(1, 'USDT', '10000');
  await bench.deposit(2, 'BTC', '10');
  await bench.internalAsk('100', '5');
  const routing = { ...INSIDE, caps: [{ venue: 'okd_internal' as never, fraction: money('0.5') }] };
  const reply = await bench.submit(1, { qty: null, quoteQty: money('300'), routing });
  assert.equal(reply.type, 'accepted');
  await settle();
  const { status, reason } = bench.status(reply.type === 'accepted' ? reply.order : ('' as OrderId));
  assert.deepEqual([status, reason], ['canceled', 'CAP']);
});

test('a child is priced inside the band of its venue, and takes what is to be had there', async () => {
  const bench = new OmsBench();
  await bench.deposit(1, 'USDT', '10000');
  bench.otherAsks = [['100', '1'], ['104.5', '1'], ['106', '1']]; // biome-ignore format: a book
  const plain = bench.context.bind(bench);
  bench.context = () => {
    const context = plain();
    const listings = new Map(context.instrument.listings);
    const listing = listings.get(OTHER);
    assert.ok(listing !== undefined);
    listings.set(OTHER, { ...listing, priceBand: money('0.05') });
    const instrument = { ...context.instrument, listings };
    return { ...context, instrument, settings: { ...context.settings, maxSlippage: money('0.1') } };
  };
  const priceFor = async (qty: string): Promise<string> => {
    const reply = await bench.submit(1, { qty: money(qty), routing: HERE });
    assert.equal(reply.type, 'accepted');
    const [child] = bench.children(reply.type === 'accepted' ? reply.order : ('' as OrderId));
    assert.ok(child !== undefined);
    return formatDecimal(bench.state.child(child).order.price);
  };
  assert.equal(await priceFor('1'), '104', 'four fifths of the band are enough');
  assert.equal(await priceFor('2'), '104.5', 'as far as the level that it is meant to take');
  assert.equal(await priceFor('3'), '105', 'never beyond the band: the whole child would be refused');
});
