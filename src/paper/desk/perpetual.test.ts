import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { unwrap } from '../../domain/result.ts';
import type { ExchangePosition } from '../../ports/exchange.ts';
import type { PaperExchange } from '../paper.ts';
import {
  ALICE,
  BOB,
  balance,
  byId,
  CAROL,
  everything,
  limit,
  market,
  openHarness,
  PERP,
  placed,
  told,
  bothSides,
  withBalances,
} from '../testing/harness.ts';

const positionOf = (exchange: PaperExchange, uid: string): ExchangePosition =>
  exchange.positions(uid, { category: 'linear', instrument: PERP, settle: null, base: null })[0] as ExchangePosition;
const sizeOf = (exchange: PaperExchange, uid: string): string => formatDecimal(positionOf(exchange, uid).size);

const MILLION = withBalances({ USDT: '1000000' });

test('a trade gives both sides a position and takes their fees from the settle coin', async () => {
  const { exchange, flush, privates } = await openHarness();
  await placed(exchange, BOB, limit(PERP, 'sell', '2', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '0.5'));
  const long = positionOf(exchange, ALICE);
  assert.deepEqual(
    [formatDecimal(long.size), formatDecimal(long.entryPrice), formatDecimal(long.leverage)],
    ['0.5', '60000', '10'],
  );
  assert.equal(sizeOf(exchange, BOB), '-0.5');
  assert.equal(formatDecimal(balance(exchange, ALICE, 'USDT').wallet), '999983.5', 'taker 0.055 % of 30,000');
  assert.equal(formatDecimal(balance(exchange, BOB, 'USDT').wallet), '999994', 'maker 0.02 %');
  assert.equal(formatDecimal(exchange.ticker(PERP).openInterest), '0.5');
  assert.deepEqual(exchange.leaks(), []);
  await flush();
  const alice = privates.filter((event) => event.uid === ALICE);
  assert.deepEqual(
    alice.map((event) => event.type),
    ['order', 'execution', 'order', 'position', 'wallet'],
  );
});

test('a sell of three with a long of one closes one and opens two, each with its own profit', async () => {
  const { exchange } = await openHarness();
  await placed(exchange, BOB, limit(PERP, 'sell', '1', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '1'));
  await placed(exchange, BOB, limit(PERP, 'buy', '3', '60100'));
  const orderId = await placed(exchange, ALICE, market(PERP, 'sell', '3'));
  const [execution] = exchange.executions(ALICE, { ...everything('linear'), orderId });
  assert.ok(execution !== undefined);
  assert.deepEqual([formatDecimal(execution.closedQty), formatDecimal(execution.realisedPnl)], ['1', '100']);
  const position = positionOf(exchange, ALICE);
  assert.deepEqual([formatDecimal(position.size), formatDecimal(position.entryPrice)], ['-2', '60100']);
  assert.equal(
    formatDecimal(position.totalRealisedPnl),
    formatDecimal((money('100') - money('33') - money('99.165')) as never),
  );
  assert.equal(sizeOf(exchange, BOB), '2');
  assert.deepEqual(exchange.leaks(), []);
});

test('unrealised profit moves with the mark and counts as margin', async () => {
  const { exchange } = await openHarness({ config: MILLION });
  await exchange.control.setReference(PERP, money('60000'));
  await placed(exchange, BOB, limit(PERP, 'sell', '10', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '10'));
  const before = exchange.wallet(ALICE).totals;
  await exchange.control.setReference(PERP, money('61000'));
  const after = exchange.wallet(ALICE).totals;
  assert.equal(formatDecimal(positionOf(exchange, ALICE).unrealisedPnl), '10000');
  assert.equal(formatDecimal((after.perpUnrealised - before.perpUnrealised) as never), '10000');
  assert.ok(after.available > before.available, 'ten thousand more, less the margin of a larger value');
  assert.equal(formatDecimal(positionOf(exchange, BOB).unrealisedPnl), '-10000');
  const { equity, walletBalance, marginBalance, perpUnrealised } = after;
  assert.deepEqual([equity, marginBalance], [walletBalance + perpUnrealised, walletBalance + perpUnrealised]);
});

test('reduce-only orders are cut to the position and never open one', async () => {
  const { exchange } = await openHarness();
  await placed(exchange, BOB, limit(PERP, 'sell', '1', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '1'));
  const large = await placed(exchange, ALICE, limit(PERP, 'sell', '5', '60500', { reduceOnly: true }));
  assert.equal(formatDecimal(told(exchange, ALICE, large).qty), '1');
  const wrong = await exchange.place(ALICE, limit(PERP, 'buy', '1', '60000', { reduceOnly: true }));
  assert.equal(wrong.ok ? '' : wrong.error.code, 'REDUCE_ONLY_WITHOUT_POSITION');
  await placed(exchange, BOB, limit(PERP, 'buy', '0.4', '60100'));
  await placed(exchange, ALICE, market(PERP, 'sell', '0.4'));
  assert.equal(formatDecimal(told(exchange, ALICE, large).leavesQty), '0.6', 'cut when the position shrank');
  await placed(exchange, BOB, limit(PERP, 'buy', '0.6', '60100'));
  await placed(exchange, ALICE, market(PERP, 'sell', '0.6'));
  assert.deepEqual(
    [told(exchange, ALICE, large).status, told(exchange, ALICE, large).closeReason],
    ['canceled', 'reduce_only'],
  );
  assert.deepEqual(exchange.leaks(), []);
});

test('one sweep through a plain and a reduce-only order closes the position and no more', async () => {
  const { exchange } = await openHarness();
  await placed(exchange, BOB, limit(PERP, 'sell', '1', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '1'));
  await placed(exchange, ALICE, limit(PERP, 'sell', '1', '60200', { reduceOnly: true }));
  await placed(exchange, ALICE, limit(PERP, 'sell', '0.7', '60100'));
  await placed(exchange, CAROL, market(PERP, 'buy', '5'));
  assert.equal(sizeOf(exchange, ALICE), '0');
  assert.equal(sizeOf(exchange, CAROL), '1');
  assert.deepEqual(exchange.leaks(), []);
});

test('margin is needed for what opens, and closing is always possible', async () => {
  const { exchange } = await openHarness({ config: MILLION });
  const put = async (side: 'buy' | 'sell', qty: string): Promise<string> => {
    const answer = await exchange.place(ALICE, limit(PERP, side, qty, side === 'buy' ? '60000' : '60100'));
    return answer.ok ? answer.value.orderId : answer.error.code;
  };
  assert.equal(await put('buy', '170'), 'INSUFFICIENT_BALANCE', '1,020,000 of margin');
  const orderId = await put('buy', '160');
  assert.match(orderId, /-/);
  assert.equal(await put('buy', '20'), 'INSUFFICIENT_BALANCE');
  assert.match(await put('sell', '150'), /-/, 'the smaller side costs nothing more');
  const { totals } = exchange.wallet(ALICE);
  assert.ok(totals.available >= 0n && totals.available < money('40000'));
  const spot = await exchange.place(ALICE, limit('spot:BTCUSDT' as never, 'buy', '1', '60000'));
  assert.ok(spot.ok, 'what is bought stands behind the orders as well, less its haircut');
  const more = await exchange.place(ALICE, limit('spot:BTCUSDT' as never, 'buy', '15', '60000'));
  assert.equal(more.ok ? '' : more.error.code, 'INSUFFICIENT_BALANCE', 'a haircut of 45,000 is more than there is');
  await exchange.cancel(ALICE, byId(PERP, orderId));
});

test('leverage decides the margin, within the limits of the risk tier', async () => {
  const { exchange } = await openHarness({ config: MILLION });
  const set = async (leverage: string): Promise<string> => {
    const answer = await exchange.setLeverage(ALICE, PERP, bothSides(leverage));
    return answer.ok ? 'done' : answer.error.code;
  };
  assert.equal(await set('10'), 'LEVERAGE_UNCHANGED');
  assert.equal(await set('100.01'), 'LEVERAGE_ABOVE_LIMIT');
  assert.equal(await set('0.5'), 'LEVERAGE_ABOVE_LIMIT');
  assert.equal(await set('50'), 'done');
  await placed(exchange, BOB, limit(PERP, 'sell', '40', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '40'));
  assert.equal(
    formatDecimal(positionOf(exchange, ALICE).initialMargin),
    '49293.6',
    '2.4 million ÷ 50, and the fee to close',
  );
  assert.equal(await set('95'), 'LEVERAGE_ABOVE_LIMIT', 'the second tier ends at 90');
  assert.equal(await set('2'), 'INSUFFICIENT_BALANCE');
  assert.equal(await set('25'), 'done');
  const spot = await exchange.setLeverage(ALICE, 'spot:BTCUSDT' as never, bothSides('5'));
  assert.equal(spot.ok ? '' : spot.error.code, 'NOT_SUPPORTED');
  unwrap(await exchange.setLeverage(BOB, PERP, bothSides('20')));
});

test('a flat position is shown when its instrument is named, only', async () => {
  const { exchange } = await openHarness();
  const all = { category: 'linear', instrument: null, settle: 'USDT' as never, base: null } as const;
  assert.equal(exchange.positions(ALICE, all).length, 0);
  const flat = positionOf(exchange, ALICE);
  assert.deepEqual([flat.size, flat.seq, flat.liquidationPrice], [0n, -1, null]);
});

test('a trade of an account with itself costs its fees and nothing else', async () => {
  const { exchange } = await openHarness();
  await placed(exchange, BOB, limit(PERP, 'sell', '1', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '1'));
  const before = positionOf(exchange, ALICE);
  const wallet = balance(exchange, ALICE, 'USDT').wallet;
  await placed(exchange, ALICE, limit(PERP, 'sell', '0.5', '60100'));
  await placed(exchange, ALICE, limit(PERP, 'buy', '0.5', '60100'));
  const after = positionOf(exchange, ALICE);
  assert.equal(formatDecimal(after.size), '1');
  const earned = balance(exchange, ALICE, 'USDT').wallet - wallet;
  assert.equal(after.totalRealisedPnl - before.totalRealisedPnl, earned, 'what was realised is what the wallet got');
  assert.deepEqual(exchange.leaks(), []);
});

test('an order that turns a position round pays for each part what that part costs', async () => {
  const { exchange } = await openHarness({ config: MILLION });
  await placed(exchange, BOB, limit(PERP, 'sell', '1', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '1'));
  await placed(exchange, BOB, limit(PERP, 'buy', '3', '59000'));
  await placed(exchange, ALICE, market(PERP, 'sell', '3'));
  const turned = positionOf(exchange, ALICE);
  assert.equal(formatDecimal(turned.size), '-2');
  assert.equal(formatDecimal(turned.currentRealisedPnl), '-64.9', '0.055 % of the two that are open');
  const range = { from: 0 as never, to: Number.MAX_SAFE_INTEGER as never };
  const [closed] = exchange.records(ALICE, 'closed_pnl', range);
  assert.deepEqual(
    [formatDecimal(closed?.closeFee as never), formatDecimal(closed?.openFee as never)],
    ['32.45', '33'],
  );
  assert.equal(
    formatDecimal(turned.totalRealisedPnl),
    formatDecimal((money('-1000') - money('33') - money('97.35')) as never),
  );
});
