import assert from 'node:assert/strict';
import { PARTITION } from './core.ts';
import { NO_AMENDMENT } from '../ports/exchange.ts';
import { test } from 'node:test';
import { money } from '../domain/decimal.ts';
import type { UnixMs } from '../domain/ids.ts';
import { steppedClock } from './clocks.ts';
import {
  ALICE,
  BOB,
  BTC,
  balance,
  byId,
  CAROL,
  everything,
  limit,
  market,
  openHarness,
  PERP,
  placed,
  START,
  told,
  bothSides,
  withBalances,
} from './testing/harness.ts';
import { MemoryJournal } from './testing/memory-journal.ts';

test('nothing is answered, shown or published before it is durable', async () => {
  const journal = new MemoryJournal();
  const { exchange, flush, privates, publics } = await openHarness({ journal });
  journal.auto = false;
  let answered = false;
  const placing = exchange.place(ALICE, limit(BTC, 'buy', '1', '59000')).then(() => {
    answered = true;
  });
  await flush();
  assert.equal(answered, false);
  assert.equal(privates.length + publics.length, 0);
  assert.equal(exchange.orders(ALICE, { ...everything('spot'), recentlyClosed: false }).length, 0);
  assert.deepEqual(balance(exchange, ALICE, 'USDT').locked, money('0'));
  assert.equal(exchange.book(BTC, 5).bids.length, 0);
  const truth = exchange.groundTruth().accounts.find((one) => one.uid === ALICE);
  assert.equal(truth?.orders.length, 1, 'the ground truth knows it already');
  journal.commit();
  await placing;
  await flush();
  assert.deepEqual([answered, privates.length > 0, publics.length > 0], [true, true, true]);
  assert.equal(exchange.book(BTC, 5).bids.length, 1);
});

test('a refusal waits for what it may rest on', async () => {
  const journal = new MemoryJournal();
  const { exchange } = await openHarness({ journal });
  journal.auto = false;
  const order = limit(BTC, 'buy', '1', '59000', { clientOrderId: 'once' });
  const first = exchange.place(ALICE, order);
  let refused = false;
  const second = exchange.place(ALICE, order).then((answer) => {
    refused = !answer.ok;
  });
  await Promise.resolve();
  assert.equal(refused, false);
  journal.commit();
  await Promise.all([first, second]);
  assert.equal(refused, true);
});

test('a restart goes on where the journal stops: orders in their old priority, balances, positions, histories', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  await placed(first.exchange, BOB, limit(PERP, 'sell', '1', '60000'));
  await placed(first.exchange, ALICE, market(PERP, 'buy', '0.4'));
  const early = await placed(first.exchange, ALICE, limit(BTC, 'buy', '1', '59000', { clientOrderId: 'early' }));
  const late = await placed(first.exchange, BOB, limit(BTC, 'buy', '1', '59000'));
  await first.exchange.amend(ALICE, byId(BTC, early), { ...NO_AMENDMENT, qty: money('2') });
  await first.exchange.control.fill({ uid: ALICE, orderId: early, qty: money('0.5') });
  await first.exchange.setLeverage(ALICE, PERP, bothSides('20'));
  const truth = first.exchange.groundTruth();

  const second = await openHarness({ journal: journal.reopen(), clock: steppedClock((START + 60_000) as UnixMs) });
  assert.deepEqual(second.exchange.groundTruth(), truth);
  assert.deepEqual(second.exchange.leaks(), []);
  const again = await second.exchange.place(ALICE, limit(BTC, 'buy', '1', '59000', { clientOrderId: 'early' }));
  assert.equal(again.ok ? '' : again.error.code, 'DUPLICATE_CLIENT_ORDER_ID');
  await second.exchange.control.trade({ instrument: BTC, side: 'sell', qty: money('1'), price: money('59000') });
  assert.equal(told(second.exchange, BOB, late).status, 'filled', 'the amended order had lost its place');
  assert.equal(told(second.exchange, ALICE, early).cumQty, money('0.5'));
  const closed = second.exchange.orders(ALICE, { ...everything('linear'), recentlyClosed: true });
  assert.equal(closed.length, 0, 'the recently closed orders do not survive a restart');
  assert.equal(second.exchange.orderHistory(ALICE, everything('linear')).length, 1);
});

test('what was not durable is gone after a crash, and no id or sequence comes twice', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  const kept = await placed(first.exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  await first.flush();
  const version = first.exchange.book(BTC, 1).version;
  journal.auto = false;
  void first.exchange.place(ALICE, limit(BTC, 'buy', '1', '58000'));
  const second = await openHarness({ journal: journal.reopen() });
  const orders = second.exchange.groundTruth().accounts.flatMap((one) => one.orders);
  assert.deepEqual(
    orders.map((order) => order.orderId),
    [kept],
  );
  const next = await placed(second.exchange, ALICE, limit(BTC, 'buy', '1', '58000'));
  assert.ok(BigInt(next) > BigInt(kept) + 1n, 'the ids of the lost block are skipped');
  await second.flush();
  assert.ok(second.exchange.book(BTC, 1).version > version + 1);
});

test('a restart from a snapshot and the records after it is the same as from all records', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  const exit = (price: string) => ({ price: money(price), by: 'last' as const, limitPrice: null });
  const exits = { mode: 'full', takeProfit: exit('61000'), stopLoss: exit('58000') } as const;
  await first.exchange.setHedged(ALICE, PERP, true);
  await placed(first.exchange, BOB, limit(PERP, 'sell', '1', '60000'));
  await placed(first.exchange, ALICE, market(PERP, 'buy', '0.5', { positionIdx: 1, exits }));
  await first.exchange.setTradingStop(ALICE, {
    instrument: PERP,
    positionIdx: 1,
    mode: 'full',
    takeProfit: null,
    stopLoss: null,
    trailing: money('300'),
    activePrice: null,
    size: null,
  });
  const waits = { trigger: { price: money('61000'), direction: null, by: 'last' as const } };
  await placed(first.exchange, ALICE, limit(BTC, 'buy', '0.1', '61000', { ...waits, filter: 'tpsl' }));
  await placed(first.exchange, BOB, limit(BTC, 'sell', '0.1', '59900'));
  await placed(first.exchange, CAROL, limit(BTC, 'buy', '0.1', '59900', { exits }));
  for (let i = 0; i < 450; i += 1) {
    const orderId = await placed(first.exchange, ALICE, limit(BTC, 'buy', '0.01', '59000', { clientOrderId: `n${i}` }));
    if (i % 3 === 0) await first.exchange.control.fill({ uid: ALICE, orderId, qty: null });
    else if (i % 3 === 1) await first.exchange.cancel(ALICE, byId(BTC, orderId));
  }
  await first.exchange.close();
  assert.ok(journal.latestSnapshot('paper:exchange' as never) !== null, 'a long tail is written down at the end');
  const reopened = journal.reopen();
  const second = await openHarness({ journal: reopened });
  assert.deepEqual(second.exchange.groundTruth(), first.exchange.groundTruth());
  await second.exchange.control.setReference(PERP, money('59600'));
  await placed(second.exchange, CAROL, limit(PERP, 'buy', '1', '59700'));
  await second.exchange.control.trade({ instrument: PERP, side: 'sell', qty: money('0.1'), price: null });
  const [trailed] = second.exchange.executions(ALICE, everything('linear'));
  assert.deepEqual([trailed?.stopKind, trailed?.closedQty], ['trailing_stop', money('0.5')], 'it still trails');
  const orderId = await placed(second.exchange, BOB, market(BTC, 'sell', '0.01'));
  assert.equal(told(second.exchange, BOB, orderId).status, 'filled');
  const third = await openHarness({ journal: reopened.reopen() });
  assert.deepEqual(third.exchange.groundTruth(), second.exchange.groundTruth());
  assert.deepEqual(third.exchange.leaks(), []);
});

test('after the journal failed, what waited is unknown and nothing more is taken', async () => {
  const journal = new MemoryJournal();
  const { exchange } = await openHarness({ journal });
  journal.auto = false;
  const waiting = exchange.place(ALICE, limit(BTC, 'buy', '1', '59000'));
  journal.fail(new Error('no space left'));
  await assert.rejects(waiting, { code: 'JOURNAL_UNAVAILABLE' });
  const refused = await exchange.place(ALICE, limit(BTC, 'buy', '1', '59000'));
  assert.equal(refused.ok ? '' : refused.error.code, 'UNAVAILABLE');
  const cancel = await exchange.cancelAll(ALICE, everything('spot'));
  assert.equal(cancel.ok ? '' : cancel.error.code, 'UNAVAILABLE');
  await exchange.close();
});

test('a stepped clock goes on from the time of the journal', async () => {
  const journal = new MemoryJournal();
  const config = { clock: 'stepped' };
  const first = await openHarness({ journal, config });
  await first.exchange.control.step(3_600_000);
  const second = await openHarness({ journal: journal.reopen(), config });
  assert.equal(second.exchange.now(), START + 3_600_000);
});

test('what another build wrote is refused by name, not guessed at', async () => {
  const journal = new MemoryJournal();
  const old = { type: 'started', at: 1, run: 1 };
  journal.append(PARTITION, [new TextEncoder().encode(JSON.stringify(old))]);
  journal.commit();
  await assert.rejects(openHarness({ journal }), { name: 'PaperOpenError', code: 'DATA_FORMAT' });
});

test('prices go on where they stood: nobody is liquidated because of a restart', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal, config: withBalances({ USDT: '10000' }) });
  for (const id of [BTC, PERP]) await first.exchange.control.setReference(id, money('30000'));
  await placed(first.exchange, BOB, limit(PERP, 'buy', '2', '30000'));
  await placed(first.exchange, ALICE, market(PERP, 'sell', '2'));
  const before = first.exchange.wallet(ALICE).totals;
  const { exchange } = await openHarness({ journal: journal.reopen(), config: withBalances({ USDT: '10000' }) });
  await exchange.start();
  assert.equal(exchange.ticker(PERP).mark, money('30000'));
  assert.equal(exchange.ticker(BTC).index, money('30000'));
  assert.deepEqual(exchange.wallet(ALICE).totals, before);
  exchange.stop();
});
