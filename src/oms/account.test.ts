import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../domain/decimal.ts';
import type { AssetId, OrderId } from '../domain/ids.ts';
import type { Outcome } from '../ports/venue.ts';
import { OmsBench, settle } from '../../test/support/oms-bench.ts';

const USDT = 'USDT' as AssetId;
const BTC = 'BTC' as AssetId;

async function funded(): Promise<OmsBench> {
  const bench = new OmsBench();
  await bench.deposit(1, 'USDT', '10000');
  await bench.deposit(2, 'BTC', '100');
  return bench;
}

async function accepted(reply: Promise<{ type: string; order?: OrderId }>): Promise<OrderId> {
  const answer = await reply;
  assert.equal(
    answer.type,
    'accepted',
    JSON.stringify(answer, (_k, v) => (typeof v === 'bigint' ? `${v}` : v)),
  );
  return answer.order as OrderId;
}

test('a market order is split over both books by all-in price, and both parts are booked', async () => {
  const bench = await funded();
  await bench.internalAsk('100.00', '0.4');
  const order = await accepted(bench.submit(1, { qty: money('1') }));
  const [child] = bench.children(order);
  assert.ok(child !== undefined);
  assert.equal(bench.venue.submits[0]?.qty, money('0.6'));
  bench.venue.fill(child, 600, 10_010);
  bench.venue.tellFill(bench.venue.of(child).executions[0] as never);
  await settle();
  assert.deepEqual(bench.status(order), {
    status: 'filled',
    reason: 'FILLED',
    cumQty: money('1'),
    certainty: 'confirmed',
  });
  // 0.4 at 100 with 0.1 % here; 0.6 at 100.10 there, of which only the routing fee of 0.05 % is ours.
  assert.equal(bench.state.balances.of(USDT).total, money('9959.92997'));
  assert.equal(bench.state.balances.of(BTC).total, money('0.4'));
  assert.equal(bench.state.balances.of(USDT).held, 0n);
  assert.equal(bench.total('USDT'), money('10000'));
  assert.equal(bench.total('BTC'), money('100'));
  assert.deepEqual(bench.crashes, []);
});

test('an order for more than the balances pay is refused whole, however little the books hold', async () => {
  const bench = await funded();
  bench.otherFree = money('0');
  bench.otherAsks = [];
  await bench.internalAsk('100.00', '0.4');
  for (const more of [{ qty: money('200') }, { qty: null, quoteQty: money('20000') }]) {
    const reply = await bench.submit(1, more);
    assert.equal(reply.type === 'denied' && reply.denial.code, 'INSUFFICIENT_BALANCE');
  }
  assert.equal(bench.state.balances.of(USDT).total, money('10000'));
  assert.equal((await bench.submit(1, { qty: money('50') })).type, 'accepted', 'what the books lack is another matter');
});

test('where no venue has anything to trade with, that is said, not that money is missing', async () => {
  const bench = await funded();
  bench.otherAsks = [];
  const reply = await bench.submit(1, { qty: money('1') });
  assert.equal(reply.type === 'denied' && reply.denial.code, 'INSUFFICIENT_LIQUIDITY');
});

test('an order is only answered when it is durable, and only then leaves the process', async () => {
  const bench = await funded();
  Object.defineProperty(bench.journal, 'auto', { value: false });
  let answered = false;
  void bench.submit(1).then(() => {
    answered = true;
  });
  await settle();
  assert.equal(answered, false);
  assert.equal(bench.venue.submits.length, 0);
  bench.journal.commit();
  await settle();
  bench.journal.commit();
  await settle();
  assert.equal(answered, true);
  assert.equal(bench.venue.submits.length, 1);
});

test('a timeout is not a refusal: exposure stays until the venue has answered for the id', async () => {
  const bench = await funded();
  bench.venue.onSubmit = (request) => {
    bench.venue.hold(request);
    return Promise.resolve({ type: 'unknown', reason: 'timeout' });
  };
  const order = await accepted(bench.submit(1));
  await settle();
  const [child] = bench.children(order);
  assert.ok(child !== undefined);
  assert.equal(bench.status(order).certainty, 'unknown');
  bench.venue.fill(child, 1000);
  await bench.clock.advance(1_000);
  assert.deepEqual(bench.status(order), {
    status: 'filled',
    reason: 'FILLED',
    cumQty: money('1'),
    certainty: 'confirmed',
  });
  assert.equal(bench.venue.submits.length, 1);
});

test('absence is proven by age, a whole stream and repetition, never by one "not found"', async () => {
  const bench = await funded();
  bench.venue.onSubmit = () => Promise.resolve({ type: 'unknown', reason: 'reset' });
  const order = await accepted(bench.submit(1));
  await bench.clock.advance(14_000);
  assert.equal(bench.status(order).certainty, 'unknown');
  await bench.clock.advance(30_000);
  assert.deepEqual(bench.status(order), { status: 'expired', reason: 'UNSENT', cumQty: 0n, certainty: 'confirmed' });
  assert.equal(bench.venue.submits.length, 1);
});

test('while the stream is down, absence is not evidence and the order ends in quarantine, never by itself', async () => {
  const bench = await funded();
  bench.venue.streaming = false;
  bench.venue.onSubmit = () => Promise.resolve({ type: 'unknown', reason: 'reset' });
  const order = await accepted(bench.submit(1));
  await bench.clock.advance(120_000);
  assert.deepEqual(bench.status(order), { status: 'pending', reason: null, cumQty: 0n, certainty: 'quarantined' });
  assert.ok(bench.alarms.includes('QUARANTINED'));
});

test('a fill that comes before the answer is booked, and one that comes twice is booked once', async () => {
  const bench = await funded();
  const late: { answer: (outcome: Outcome) => void } = { answer: () => {} };
  bench.venue.onSubmit = (request) => {
    bench.venue.hold(request);
    return new Promise((resolve) => {
      late.answer = resolve;
    });
  };
  const order = await accepted(bench.submit(1));
  const [child] = bench.children(order);
  assert.ok(child !== undefined);
  const execution = bench.venue.fill(child, 400);
  bench.venue.tellFill(execution);
  bench.venue.tellFill(execution);
  await settle();
  assert.equal(bench.status(order).cumQty, money('0.4'));
  late.answer({ type: 'acknowledged', venueOrderId: 'V1' as never });
  bench.venue.tellFill(bench.venue.fill(child, 600));
  await settle();
  assert.equal(bench.status(order).status, 'filled');
});

test('an acknowledged order that is rejected later gives its reservation back once', async () => {
  const bench = await funded();
  const order = await accepted(
    bench.submit(1, {
      type: 'limit',
      price: money('90'),
      qty: money('1'),
      routing: { strategy: 'smart', venues: ['bybit' as never], caps: [], preferInternal: null },
    }),
  );
  const [child] = bench.children(order);
  assert.ok(child !== undefined);
  assert.equal(bench.status(order).status, 'pending');
  const { order: held } = bench.venue.of(child);
  for (let i = 0; i < 2; i++)
    bench.venue.tell({ type: 'order', order: { ...held, status: 'rejected', reason: 'VENUE_REFUSED' } });
  await settle();
  assert.equal(bench.status(order).status, 'rejected');
  assert.deepEqual(bench.crashes, []);
});

test('a cancel that loses the race to a fill ends as filled, by the venue’s own word', async () => {
  const bench = await funded();
  const order = await accepted(
    bench.submit(1, {
      type: 'limit',
      price: money('90'),
      qty: money('1'),
      routing: { strategy: 'smart', venues: ['bybit' as never], caps: [], preferInternal: null },
    }),
  );
  const [child] = bench.children(order);
  assert.ok(child !== undefined);
  bench.venue.tellOrder(child);
  bench.venue.onCancel = (ref) => {
    bench.venue.fill(child, 1000);
    return bench.venue.cancelHeld(ref);
  };
  await bench.cancel(order);
  await bench.clock.advance(2_000);
  assert.deepEqual(bench.status(order), {
    status: 'filled',
    reason: 'FILLED',
    cumQty: money('1'),
    certainty: 'confirmed',
  });
  assert.equal(bench.venue.submits.length, 1);
});

test('a cancel that is announced before its last fill waits for that fill', async () => {
  const bench = await funded();
  const order = await accepted(bench.submit(1));
  const [child] = bench.children(order);
  assert.ok(child !== undefined);
  const execution = bench.venue.fill(child, 300);
  const held = bench.venue.of(child);
  held.order = { ...held.order, status: 'canceled', reason: 'IOC' };
  bench.venue.tellOrder(child);
  await settle();
  assert.equal(bench.state.child(child).order.status, 'working');
  bench.venue.tellFill(execution);
  await settle();
  assert.deepEqual(
    [bench.state.child(child).order.status, bench.state.child(child).order.cumQty],
    ['canceled', money('0.3')],
  );
});

test('what a book no longer had is routed again, inside the same worst price, while the order is fresh', async () => {
  const bench = await funded();
  const order = await accepted(bench.submit(1));
  const [first] = bench.children(order);
  assert.ok(first !== undefined);
  bench.venue.tellFill(bench.venue.fill(first, 300));
  const held = bench.venue.of(first);
  held.order = { ...held.order, status: 'canceled', reason: 'IOC' };
  bench.venue.tellOrder(first);
  await settle();
  const children = bench.children(order);
  assert.equal(children.length, 2);
  assert.equal(bench.venue.submits[1]?.qty, money('0.7'));
});

for (const [name, lose] of [
  ['before it left', true],
  ['after it was accepted', false],
] as const) {
  test(`a crash ${name}: the order is asked for by its id, and neither lost nor sent twice`, async () => {
    const bench = await funded();
    bench.venue.onSubmit = (request) => {
      if (!lose) bench.venue.hold(request);
      return new Promise(() => {});
    };
    const order = await accepted(bench.submit(1));
    const [child] = bench.children(order);
    assert.ok(child !== undefined);
    bench.crash();
    if (!lose) bench.venue.fill(child, 1000);
    await bench.clock.advance(60_000);
    assert.equal(bench.status(order).status, lose ? 'expired' : 'filled');
    assert.equal(bench.venue.submits.length, 1);
    assert.deepEqual(bench.crashes, []);
  });
}

test('the internal part of an order survives a crash whole: state, balances and book', async () => {
  const bench = await funded();
  await bench.internalAsk('100.00', '5');
  const routing = { strategy: 'smart', venues: ['okd_internal' as never], caps: [], preferInternal: null } as const;
  const order = await accepted(bench.submit(1, { qty: money('2'), routing }));
  const before = [bench.state.balances.of(USDT), bench.state.balances.of(BTC), bench.book.hash()];
  bench.crash();
  await bench.clock.advance(1_000);
  assert.deepEqual([bench.state.balances.of(USDT), bench.state.balances.of(BTC), bench.book.hash()], before);
  assert.equal(bench.status(order).status, 'filled');
  assert.equal(bench.total('BTC'), money('100'));
});

test('the same client order id answers with the first order; with another body it is refused', async () => {
  const bench = await funded();
  const first = await accepted(bench.submit(1, { clientOrderId: 'mine' }));
  const again = await bench.submit(1, { clientOrderId: 'mine' });
  assert.deepEqual(again, { type: 'accepted', order: first, repeated: true });
  const other = await bench.submit(1, { clientOrderId: 'mine', qty: money('2') });
  assert.equal(other.type === 'denied' && other.denial.code, 'DUPLICATE_CLIENT_ORDER_ID');
  assert.equal(bench.venue.submits.length, 1);
});

test('what the balances do not cover is refused and leaves no trace', async () => {
  const bench = await funded();
  bench.otherFree = money('10');
  const before = bench.state.lastOrderSeq;
  const reply = await bench.submit(1, { qty: money('500') });
  assert.equal(reply.type === 'denied' && reply.denial.code, 'INSUFFICIENT_BALANCE');
  assert.equal(bench.state.lastOrderSeq, before);
  assert.equal(bench.state.balances.of(USDT).held, 0n);
});

test('two orders that each fit but together do not: the second is refused', async () => {
  const bench = await funded();
  bench.otherFree = money('150');
  bench.venue.onSubmit = (request) => {
    bench.venue.hold(request);
    return new Promise(() => {});
  };
  const routing = { strategy: 'smart', venues: ['bybit' as never], caps: [], preferInternal: null } as const;
  const [first, second] = await Promise.all([bench.submit(1, { routing }), bench.submit(1, { routing })]);
  assert.equal(first.type, 'accepted');
  assert.equal(second.type === 'denied' && second.denial.code, 'INSUFFICIENT_BALANCE');
});

test('a halt between decision and sending keeps the order here', async () => {
  const bench = await funded();
  Object.defineProperty(bench.journal, 'auto', { value: false });
  const reply = bench.submit(1);
  bench.halted = 'test';
  bench.journal.commit();
  await settle();
  bench.journal.commit();
  const order = await accepted(reply);
  await settle();
  bench.journal.commit();
  assert.equal(bench.venue.submits.length, 0);
  assert.equal(bench.status(order).status, 'expired');
});

test('when the journal fails nothing is released: callers are told, and nothing leaves', async () => {
  const bench = await funded();
  Object.defineProperty(bench.journal, 'auto', { value: false });
  bench.journal.onFailure(() => bench.desk(1).effects.journalFailed());
  const pending = bench.submit(1);
  bench.journal.fail();
  const reply = await pending;
  assert.equal(reply.type === 'denied' && reply.denial.code, 'JOURNAL_UNAVAILABLE');
  const next = await bench.submit(1);
  assert.equal(next.type === 'denied' && next.denial.code, 'JOURNAL_UNAVAILABLE');
  assert.equal(bench.venue.submits.length, 0);
});

test('with the journal gone, cancels still leave from memory, and only for what may still work', async () => {
  const bench = await funded();
  const routing = { strategy: 'smart', venues: ['bybit' as never], caps: [], preferInternal: null } as const;
  const open = await accepted(bench.submit(1, { type: 'limit', price: money('90'), qty: money('1'), routing }));
  const done = await accepted(bench.submit(1, { routing }));
  const [filled] = bench.children(done);
  assert.ok(filled !== undefined);
  bench.venue.tellFill(bench.venue.fill(filled, 1000));
  await settle();
  bench.journal.fail();
  assert.equal(bench.desk(1).effects.cancelFromMemory(), 1);
  assert.deepEqual(
    bench.venue.cancels.map((ref) => ref.clientOrderId),
    bench.children(open),
  );
});

test('closed orders are forgotten in the end, their ids never, and a replay forgets the same', async () => {
  const bench = await funded();
  bench.venue.onSubmit = () =>
    Promise.resolve({ type: 'refused', refusal: { code: 'VENUE_REFUSED', venueCode: '1', message: 'no' } });
  const routing = { strategy: 'smart', venues: ['bybit' as never], caps: [], preferInternal: null } as const;
  const wish = { type: 'limit', price: money('90'), qty: money('1'), routing } as const;
  const first = await accepted(bench.submit(1, { ...wish, clientOrderId: 'first' }));
  await settle();
  for (let i = 0; i < 5_010; i++) await bench.submit(1, wish);
  await settle();
  assert.ok(bench.state.parents.size > 5_000);
  await bench.clock.advance(200_000);
  await bench.submit(1, wish);
  await settle();
  assert.equal(bench.state.parents.has(first), false);
  assert.ok(bench.state.parents.size <= 5_001 && bench.state.children.size <= 5_001);
  const repeat = await bench.submit(1, { ...wish, clientOrderId: 'first' });
  assert.deepEqual(repeat, { type: 'accepted', order: first, repeated: true });
  const kept = [...bench.state.parents.keys()];
  bench.crash();
  assert.deepEqual([...bench.state.parents.keys()], kept);
});
