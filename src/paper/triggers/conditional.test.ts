import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { NO_AMENDMENT, type PlaceOrder, type TriggerBy } from '../../ports/exchange.ts';
import type { PaperExchange } from '../paper.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';
import {
  ALICE,
  BOB,
  BTC,
  balance,
  byId,
  everything,
  limit,
  market,
  openHarness,
  PERP,
  placed,
  told,
} from '../testing/harness.ts';

const when = (price: string, direction: 'rise' | 'fall' | null, by: TriggerBy = 'last') => ({
  trigger: { price: money(price), direction, by },
});
const codeOf = async (exchange: PaperExchange, order: PlaceOrder): Promise<string> => {
  const answer = await exchange.place(ALICE, order);
  return answer.ok ? 'taken' : answer.error.code;
};
/** Bids and asks of BOB's around 60,000, and a last price there. */
async function quoted(exchange: PaperExchange, id = PERP): Promise<void> {
  await placed(exchange, BOB, limit(id, 'buy', '5', '59900'));
  await placed(exchange, BOB, limit(id, 'sell', '5', '60100'));
  await exchange.control.setReference(id, money('60000'));
}
const trade = async (exchange: PaperExchange, price: string, id = PERP): Promise<void> => {
  const side = money(price) >= money('60000') ? 'buy' : 'sell';
  await placed(exchange, BOB, limit(id, side === 'buy' ? 'sell' : 'buy', '0.001', price));
  const done = await exchange.control.trade({ instrument: id, side, qty: money('0.001'), price: money(price) });
  assert.ok(done.ok && done.value === money('0.001'), `traded at ${price}`);
};

test('a conditional order waits without margin and goes live when the last price reaches its trigger', async () => {
  const { exchange, flush, privates } = await openHarness();
  await quoted(exchange);
  await trade(exchange, '60000');
  const before = exchange.wallet(ALICE).totals.available;
  const orderId = await placed(exchange, ALICE, limit(PERP, 'buy', '1', '60050', when('60040', 'rise')));
  assert.equal(told(exchange, ALICE, orderId).status, 'untriggered');
  assert.equal(exchange.wallet(ALICE).totals.available, before);
  await flush();
  assert.equal(exchange.book(PERP, 5).bids.length, 1, 'it is in no book');
  await trade(exchange, '60039.9');
  assert.equal(told(exchange, ALICE, orderId).status, 'untriggered');
  await flush();
  privates.length = 0;
  await trade(exchange, '60040');
  const live = told(exchange, ALICE, orderId);
  assert.deepEqual([live.status, live.createdBy, live.stopKind], ['new', 'stop_order', 'stop']);
  assert.ok(exchange.wallet(ALICE).totals.available < before, 'now it needs margin');
  await flush();
  const seen = privates.flatMap((event) =>
    event.uid === ALICE && event.type === 'order' ? event.orders.map(({ status }) => status) : [],
  );
  assert.deepEqual(seen, ['triggered', 'new'], 'its owner sees it pass');
  assert.deepEqual(exchange.leaks(), []);
});

test('mark and index are prices of their own: each wakes only those that look at it', async () => {
  const { exchange } = await openHarness();
  await quoted(exchange);
  await trade(exchange, '60000');
  const byLast = await placed(exchange, ALICE, market(PERP, 'sell', '0.1', when('59000', 'fall')));
  const byMark = await placed(exchange, ALICE, market(PERP, 'sell', '0.1', when('59000', 'fall', 'mark')));
  const byIndex = await placed(exchange, ALICE, market(PERP, 'sell', '0.1', when('58950', 'fall', 'index')));
  await exchange.control.setReference(PERP, money('58960'));
  const states = [byLast, byMark, byIndex].map((id) => told(exchange, ALICE, id).status);
  assert.deepEqual(states, ['untriggered', 'filled', 'untriggered']);
  await exchange.control.setReference(PERP, money('58950'));
  assert.equal(told(exchange, ALICE, byIndex).status, 'filled');
  assert.equal(told(exchange, ALICE, byLast).status, 'untriggered');
});

test('a sweep through several prices wakes every order on its way, the nearest first', async () => {
  const { exchange } = await openHarness();
  await exchange.control.setReference(PERP, money('60000'));
  for (const price of ['60010', '60020', '60030']) await placed(exchange, BOB, limit(PERP, 'sell', '0.1', price));
  await placed(exchange, BOB, limit(PERP, 'buy', '3', '59990'));
  await placed(exchange, BOB, limit(PERP, 'sell', '9', '60100'));
  const far = await placed(exchange, ALICE, market(PERP, 'sell', '0.1', when('60030', 'rise')));
  const near = await placed(exchange, ALICE, market(PERP, 'sell', '0.1', when('60010', 'rise')));
  await exchange.control.trade({ instrument: PERP, side: 'buy', qty: money('0.3'), price: null });
  const [first, second] = [...exchange.executions(ALICE, everything('linear'))].reverse();
  assert.deepEqual([first?.orderId, second?.orderId], [near, far]);
});

test('a trigger has to lie on the side that its direction says', async () => {
  const { exchange } = await openHarness();
  await quoted(exchange);
  await trade(exchange, '60000');
  const code = (price: string, direction: 'rise' | 'fall') =>
    codeOf(exchange, market(PERP, 'buy', '0.1', when(price, direction)));
  assert.equal(await code('60000', 'rise'), 'TRIGGER_NOT_ABOVE');
  assert.equal(await code('60000', 'fall'), 'TRIGGER_NOT_BELOW');
  assert.equal(await code('60000.1', 'rise'), 'taken');
  assert.equal(await code('60000.05', 'rise'), 'TRIGGER_OFF_TICK');
});

test('an order that cannot be paid for when it is triggered is canceled then', async () => {
  const { exchange } = await openHarness();
  await quoted(exchange);
  await trade(exchange, '60000');
  const large = await placed(exchange, ALICE, limit(PERP, 'buy', '900', '60000', when('60050', 'rise')));
  await trade(exchange, '60050');
  const order = told(exchange, ALICE, large);
  assert.deepEqual([order.status, order.closeReason], ['canceled', 'insufficient_margin']);
});

test('a reduce-only order of any size waits for a position that is not there yet, and closes no more than it', async () => {
  const { exchange } = await openHarness();
  await quoted(exchange);
  await trade(exchange, '60000');
  const none = await placed(exchange, ALICE, market(PERP, 'sell', '2', { reduceOnly: true, ...when('60050', 'rise') }));
  await trade(exchange, '60050');
  assert.equal(told(exchange, ALICE, none).closeReason, 'reduce_only');
  await placed(exchange, ALICE, market(PERP, 'buy', '1'));
  const all = { reduceOnly: true, closeOnTrigger: true, ...when('60000', 'fall') };
  const stop = await placed(exchange, ALICE, market(PERP, 'sell', '0', all));
  await trade(exchange, '59950');
  assert.deepEqual(
    [told(exchange, ALICE, stop).status, formatDecimal(told(exchange, ALICE, stop).cumQty)],
    ['filled', '1'],
  );
  const [position] = exchange.positions(ALICE, { category: 'linear', instrument: PERP, settle: null, base: null });
  assert.equal(position?.size, 0n);
});

test('spot: a stop order holds its funds from the trigger on, a take profit order from the beginning', async () => {
  const { exchange } = await openHarness();
  await quoted(exchange, BTC);
  const locked = () => formatDecimal(balance(exchange, ALICE, 'USDT').locked);
  const stop = await placed(
    exchange,
    ALICE,
    limit(BTC, 'buy', '1', '60000', { ...when('60050', null), filter: 'stop' }),
  );
  assert.equal(locked(), '0');
  const tpsl = await placed(
    exchange,
    ALICE,
    limit(BTC, 'buy', '1', '59000', { ...when('59500', null), filter: 'tpsl' }),
  );
  assert.equal(locked(), '59000');
  await trade(exchange, '60050', BTC);
  assert.equal(told(exchange, ALICE, stop).status, 'new');
  assert.equal(locked(), '119000');
  await exchange.cancel(ALICE, byId(BTC, tpsl));
  assert.equal(told(exchange, ALICE, tpsl).status, 'deactivated', 'it never was an order of the book');
  await exchange.cancel(ALICE, byId(BTC, stop));
  assert.equal(told(exchange, ALICE, stop).status, 'canceled');
  assert.equal(locked(), '0');
  assert.deepEqual(exchange.leaks(), []);
});

test('a waiting order can be moved, and follows its new price', async () => {
  const { exchange } = await openHarness();
  await quoted(exchange);
  await trade(exchange, '60000');
  const orderId = await placed(exchange, ALICE, market(PERP, 'buy', '0.1', when('60050', 'rise')));
  const amend = async (triggerPrice: string) => {
    const answer = await exchange.amend(ALICE, byId(PERP, orderId), {
      ...NO_AMENDMENT,
      triggerPrice: money(triggerPrice),
    });
    return answer.ok ? 'done' : answer.error.code;
  };
  assert.equal(await amend('60050'), 'NOT_MODIFIED');
  assert.equal(await amend('59999'), 'TRIGGER_NOT_ABOVE');
  assert.equal(await amend('60080'), 'done');
  await trade(exchange, '60050');
  assert.equal(told(exchange, ALICE, orderId).status, 'untriggered');
  await trade(exchange, '60080');
  assert.equal(told(exchange, ALICE, orderId).status, 'filled');
});

test('ten conditional orders of a contract may wait, thirty of a kind on a spot pair', async () => {
  const { exchange } = await openHarness();
  await quoted(exchange);
  const fill = async (make: (at: number) => PlaceOrder, count: number) => {
    const codes: string[] = [];
    for (let i = 0; i < count; i += 1) codes.push(await codeOf(exchange, make(i)));
    return codes.map((code, i) => (code === 'taken' ? '' : `${i} ${code}`)).filter((text) => text !== '');
  };
  const perp = (i: number) => market(PERP, 'buy', '0.1', when(`${61000 + i}`, 'rise'));
  assert.deepEqual(await fill(perp, 11), ['10 TOO_MANY_CONDITIONAL']);
  const spot = (filter: 'stop' | 'tpsl') => (i: number) =>
    limit(BTC, 'buy', '0.01', '60000', { ...when(`${61000 + i}`, null), filter });
  assert.deepEqual(await fill(spot('stop'), 31), ['30 TOO_MANY_ORDERS']);
  assert.deepEqual(await fill(spot('tpsl'), 31), ['30 TOO_MANY_ORDERS']);
});

test('what waits survives a restart, and is still woken', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  await quoted(first.exchange);
  await trade(first.exchange, '60000');
  const orderId = await placed(first.exchange, ALICE, market(PERP, 'buy', '0.1', when('60050', 'rise')));
  const held = { ...when('59500', null), filter: 'tpsl' } as const;
  const spot = await placed(first.exchange, ALICE, limit(BTC, 'buy', '1', '59000', held));
  const second = await openHarness({ journal: journal.reopen() });
  assert.deepEqual(second.exchange.groundTruth(), first.exchange.groundTruth());
  await second.flush();
  assert.equal(second.exchange.book(BTC, 5).bids.length, 0, 'it is in no book');
  await trade(second.exchange, '60050');
  assert.equal(told(second.exchange, ALICE, orderId).status, 'filled');
  await second.exchange.cancel(ALICE, byId(BTC, spot));
  assert.equal(balance(second.exchange, ALICE, 'USDT').locked, 0n as Money);
  assert.deepEqual(second.exchange.leaks(), []);
});
