import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { AssetId, Money, Side, UnixMs } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import type { PlaceSpread, SpreadPrivateEvent } from '../../ports/exchange.ts';
import { NO_AMENDMENT } from '../../ports/exchange.ts';
import { steppedClock } from '../clocks.ts';
import type { PaperExchange } from '../paper.ts';
import {
  ALICE,
  balance,
  BOB,
  BTC,
  byId,
  CAROL,
  everything,
  limit,
  market,
  openHarness,
  PERP,
  placed,
  told,
  withBalances,
} from '../testing/harness.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';

const COMBO = 'BTCUSDT_BTC/USDT';
const FREE = { spot: { maker: '0', taker: '0' }, linear: { maker: '0', taker: '0' } };
const listed = { instruments: ['spot:BTCUSDT', 'linear:BTCUSDT'] };
const ANY = { symbol: null, base: null, orderId: null, clientOrderId: null };
const EVER = { from: everything('spot').from, to: everything('spot').to };

const combo = (side: Side, qty: string, price: string, more: Partial<PlaceSpread> = {}): PlaceSpread => ({
  symbol: COMBO,
  clientOrderId: null,
  side,
  type: 'limit',
  qty: money(qty),
  price: money(price),
  timeInForce: 'gtc',
  ...more,
});

/** Bitcoin stands at 60,000 on both legs. */
async function open(config: object = {}, journal: MemoryJournal | null = null) {
  const options = { config: { ...listed, ...config }, ...(journal === null ? {} : { journal }) };
  const harness = await openHarness(options);
  const spreads: SpreadPrivateEvent[] = [];
  harness.exchange.spread.onPrivate((event) => spreads.push(event));
  await harness.exchange.control.setReference(BTC, money('60000'));
  return { ...harness, spreads };
}

const put = async (exchange: PaperExchange, uid: string, order: PlaceSpread): Promise<string> =>
  unwrap(await exchange.spread.place(uid, order)).orderId;
const refusal = async (answer: Promise<{ ok: boolean }>): Promise<string> => {
  const given = (await answer) as { ok: boolean; error?: { code: string } };
  assert.equal(given.ok, false);
  return given.error?.code ?? '';
};
const order = (exchange: PaperExchange, uid: string, orderId: string) => {
  const [found] = exchange.spread.orderHistory(uid, { ...ANY, orderId, ...EVER });
  assert.ok(found !== undefined);
  return found;
};
const size = (exchange: PaperExchange, uid: string): string => {
  const [position] = exchange.positions(uid, { category: 'linear', instrument: PERP, settle: null, base: null });
  return formatDecimal(position?.size ?? (0n as Money));
};
const wallet = (exchange: PaperExchange, uid: string, asset: string): string =>
  formatDecimal(balance(exchange, uid, asset).wallet);

test('a trade of a combo trades both legs at once, between the same two accounts and exactly as far apart as it cost', async () => {
  const { exchange } = await open({ ...withBalances({ USDT: '100000', BTC: '2' }), fees: FREE });
  const sold = await put(exchange, BOB, combo('sell', '1', '30'));
  const bought = await put(exchange, ALICE, combo('buy', '1', '40'));
  // Half of the difference each: 60,015 − 59,985.
  const [execution] = exchange.spread.executions(ALICE, { ...ANY, ...EVER });
  assert.equal(formatDecimal(execution?.price ?? (0n as Money)), '30');
  const legs = execution?.legs.map((leg) => [leg.instrument, leg.side, formatDecimal(leg.price)]);
  assert.deepEqual(legs, [
    [PERP, 'buy', '60015'],
    [BTC, 'sell', '59985'],
  ]);
  assert.deepEqual([size(exchange, ALICE), size(exchange, BOB)], ['1', '-1']);
  assert.deepEqual([wallet(exchange, ALICE, 'BTC'), wallet(exchange, ALICE, 'USDT')], ['1', '159985']);
  assert.deepEqual([wallet(exchange, BOB, 'BTC'), wallet(exchange, BOB, 'USDT')], ['3', '40015']);
  assert.deepEqual([order(exchange, ALICE, bought).status, order(exchange, BOB, sold).status], ['filled', 'filled']);
  assert.deepEqual(exchange.leaks(), []);
});

test('legs pay the fees of their own categories, and are told of as executions of the combo', async () => {
  const fees = { spot: { maker: '0.001', taker: '0.002' }, linear: { maker: '0.0002', taker: '0.0005' } };
  const { exchange, flush, privates, spreads } = await open({ ...withBalances({ USDT: '100000', BTC: '2' }), fees });
  await put(exchange, BOB, combo('sell', '1', '30'));
  await put(exchange, ALICE, combo('buy', '1', '30'));
  const [taken] = exchange.spread.executions(ALICE, { ...ANY, ...EVER });
  const [made] = exchange.spread.executions(BOB, { ...ANY, ...EVER });
  const paid = (one: typeof taken) => one?.legs.map((leg) => [formatDecimal(leg.fee), leg.feeAsset]);
  assert.deepEqual(paid(taken), [
    ['30.0075', 'USDT'],
    ['119.97', 'USDT'],
  ]); // 0.05 % of 60,015; 0.2 % of 59,985
  assert.deepEqual(paid(made), [
    ['12.003', 'USDT'],
    ['0.001', 'BTC'],
  ]); // a buyer of coins pays in coins
  const [linear] = exchange.executions(ALICE, everything('linear'));
  assert.deepEqual(
    [linear?.kind, linear?.createdBy, linear?.execId],
    ['future_spread', 'future_spread', taken?.legs[0]?.execId],
  );
  await flush();
  const heard = spreads.filter((event) => event.uid === ALICE && event.type === 'execution');
  assert.equal(heard.length, 1);
  const first = heard[0];
  assert.ok(first?.type === 'execution');
  assert.deepEqual(
    first.executions[0]?.legs.map((leg) => leg.execId),
    taken?.legs.map((leg) => leg.execId),
  );
  assert.ok(privates.some((event) => event.type === 'execution' && event.executions[0]?.kind === 'future_spread'));
  assert.deepEqual(exchange.leaks(), []);
});

test('legs are orders of their own that reserve coins and margin, but nobody can touch them alone', async () => {
  const { exchange } = await open(withBalances({ USDT: '100000', BTC: '2' }));
  const id = await put(exchange, ALICE, combo('buy', '1', '-10', { clientOrderId: 'mine' }));
  const { far, near } = order(exchange, ALICE, id);
  const [linear] = exchange.orders(ALICE, { ...everything('linear'), recentlyClosed: false });
  assert.deepEqual(
    [linear?.orderId, linear?.createdBy, linear?.status, formatDecimal(linear?.price ?? (0n as Money))],
    [far.orderId, 'future_spread', 'new', '59995'],
  );
  assert.equal(formatDecimal(balance(exchange, ALICE, 'BTC').locked), '1');
  assert.ok((exchange.wallet(ALICE).coins.find(({ asset }) => asset === 'USDT')?.orderMargin ?? 0n) > money('5999'));
  assert.equal(exchange.book(PERP, 5).bids.length + exchange.book(BTC, 5).asks.length, 0);
  assert.equal(await refusal(exchange.cancel(ALICE, byId(PERP, far.orderId))), 'LEG_NOT_CANCELABLE');
  const change = { ...NO_AMENDMENT, qty: money('0.5') };
  assert.equal(await refusal(exchange.amend(ALICE, byId(BTC, near.orderId), change)), 'LEG_NOT_AMENDABLE');
  for (const category of ['spot', 'linear'] as const) unwrap(await exchange.cancelAll(ALICE, everything(category)));
  assert.equal(exchange.spread.orders(ALICE, ANY).length, 1);
  assert.equal(
    await refusal(exchange.spread.place(ALICE, combo('buy', '1', '-10', { clientOrderId: 'mine' }))),
    'DUPLICATE_CLIENT_ORDER_ID',
  );
  unwrap(await exchange.spread.cancel(ALICE, { symbol: null, orderId: null, clientOrderId: 'mine' }));
  assert.deepEqual(
    [told(exchange, ALICE, far.orderId).status, told(exchange, ALICE, near.orderId).closeReason],
    ['canceled', 'by_user'],
  );
  assert.equal(formatDecimal(balance(exchange, ALICE, 'BTC').locked), '0');
  assert.equal(
    await refusal(exchange.spread.cancel(ALICE, { symbol: null, orderId: id, clientOrderId: null })),
    'ORDER_ALREADY_FINAL',
  );
  assert.deepEqual(exchange.leaks(), []);
});

test('parts fill parts of both legs, at prices below zero too; less keeps its place, another price does not', async () => {
  const { exchange } = await open({ ...withBalances({ USDT: '200000', BTC: '3' }), fees: FREE });
  const first = await put(exchange, BOB, combo('sell', '1', '-20'));
  const second = await put(exchange, CAROL, combo('sell', '1', '-20'));
  const less = { price: null, qty: money('0.6') };
  unwrap(await exchange.spread.amend(BOB, { symbol: COMBO, orderId: first, clientOrderId: null }, less));
  await put(exchange, ALICE, combo('buy', '0.25', '0'));
  const half = order(exchange, BOB, first);
  assert.deepEqual(
    [half.status, formatDecimal(half.cumQty), formatDecimal(half.leavesQty)],
    ['partially_filled', '0.25', '0.35'],
  );
  const leg = told(exchange, BOB, half.near.orderId);
  assert.deepEqual([formatDecimal(leg.cumQty), formatDecimal(leg.leavesQty)], ['0.25', '0.35']);
  // 0.35 at 60,010, what the leg was priced at.
  assert.equal(formatDecimal(balance(exchange, BOB, 'USDT').locked), '21003.5');
  unwrap(
    await exchange.spread.amend(
      BOB,
      { symbol: COMBO, orderId: first, clientOrderId: null },
      { price: money('-19.9'), qty: null },
    ),
  );
  await put(exchange, ALICE, combo('buy', '0.5', '0', { type: 'market', price: null }));
  assert.deepEqual(
    [formatDecimal(order(exchange, CAROL, second).cumQty), formatDecimal(order(exchange, BOB, first).cumQty)],
    ['0.5', '0.25'],
  );
  assert.deepEqual(exchange.leaks(), []);
});

test('IOC, FOK and post-only end as they do elsewhere', async () => {
  const { exchange } = await open(withBalances({ USDT: '200000', BTC: '3' }));
  await put(exchange, BOB, combo('sell', '0.5', '10'));
  const ended = async (timeInForce: PlaceSpread['timeInForce']) => {
    const id = await put(exchange, ALICE, combo('buy', '1', '10', { timeInForce }));
    const { status, closeReason, far } = order(exchange, ALICE, id);
    assert.equal(told(exchange, ALICE, far.orderId).status, 'canceled');
    return [status, closeReason, formatDecimal(order(exchange, ALICE, id).cumQty)];
  };
  assert.deepEqual(await ended('post_only'), ['canceled', 'post_only_would_take', '0']);
  assert.deepEqual(await ended('fok'), ['canceled', 'fok_unfilled', '0']);
  assert.deepEqual(await ended('ioc'), ['canceled', 'ioc_unfilled', '0.5']);
  assert.equal(
    await refusal(exchange.spread.place(ALICE, combo('buy', '1', '0', { type: 'market', price: null }))),
    'NO_MARKET_PRICE',
  );
  assert.deepEqual(exchange.leaks(), []);
});

test('what cannot be paid for, or would put a leg outside its band, is refused', async () => {
  const { exchange } = await open(withBalances({ USDT: '10000', BTC: '0.1' }));
  assert.equal(await refusal(exchange.spread.place(ALICE, combo('buy', '0.2', '0'))), 'INSUFFICIENT_BALANCE');
  assert.equal(await refusal(exchange.spread.place(ALICE, combo('sell', '0.2', '0'))), 'INSUFFICIENT_BALANCE');
  assert.equal(await refusal(exchange.spread.place(ALICE, combo('buy', '0.1', '5000'))), 'LEG_OUTSIDE_BAND');
  assert.equal(await refusal(exchange.spread.place(ALICE, combo('buy', '0.1', '0.05'))), 'OFF_TICK');
  assert.equal(await refusal(exchange.spread.place(ALICE, combo('buy', '0.0001', '0'))), 'OFF_STEP');
  assert.equal(await refusal(exchange.spread.place(ALICE, combo('buy', '0', '0'))), 'QTY_TOO_SMALL');
  const most = unwrap(exchange.spread.maxQty(ALICE, COMBO, 'buy', money('0')));
  assert.equal(formatDecimal(most), '0.1', 'all the coins there are to sell');
  for (let i = 0; i < 50; i += 1) await put(exchange, ALICE, combo('buy', '0.001', '-1'));
  assert.equal(await refusal(exchange.spread.place(ALICE, combo('buy', '0.001', '-1'))), 'TOO_MANY_SPREAD_ORDERS');
  assert.equal(unwrap(await exchange.spread.cancelAll(ALICE, COMBO)).length, 50);
  assert.deepEqual(exchange.leaks(), []);
});

test('two contracts need margin for both of them together', async () => {
  const symbol = 'BTCUSDT-27DEC24_BTCUSDT';
  const instruments = ['spot:BTCUSDT', 'linear:BTCUSDT', 'linear:BTCUSDT-27DEC24'];
  const { exchange } = await open({ ...withBalances({ USDT: '10000' }), instruments });
  const at = (qty: string) => combo('buy', qty, '100', { symbol });
  // Tenfold at some 60,000: 6,000 for each leg of one bitcoin.
  assert.equal(await refusal(exchange.spread.place(ALICE, at('1'))), 'INSUFFICIENT_BALANCE');
  const most = unwrap(exchange.spread.maxQty(ALICE, symbol, 'buy', money('100')));
  assert.ok(most > money('0.7') && most < money('0.84'), formatDecimal(most));
  await put(exchange, ALICE, at(formatDecimal(most)));
  assert.equal(unwrap(exchange.spread.maxQty(ALICE, symbol, 'buy', money('100'))), 0n);
  assert.equal(await refusal(exchange.spread.place(ALICE, at('0.001'))), 'INSUFFICIENT_BALANCE');
  assert.deepEqual(exchange.leaks(), []);
});

test('combos know cross margin and one-way mode only', async () => {
  const { exchange } = await open();
  unwrap(await exchange.setHedged(ALICE, PERP, true));
  assert.equal(await refusal(exchange.spread.place(ALICE, combo('buy', '0.1', '0'))), 'SPREAD_HEDGE_MODE');
  await exchange.changeSettings(BOB, { marginMode: 'isolated' });
  assert.equal(await refusal(exchange.spread.place(BOB, combo('buy', '0.1', '0'))), 'SPREAD_ISOLATED_MARGIN');
});

test('an account with orders of combos stays with cross margin and one-way mode', async () => {
  const { exchange } = await open();
  await put(exchange, ALICE, combo('buy', '0.1', '-1'));
  assert.equal(await refusal(exchange.money.setMarginMode(ALICE, 'isolated')), 'SPREAD_ORDER_OPEN');
  assert.equal(await refusal(exchange.setHedged(ALICE, PERP, true)), 'MODE_BLOCKED_BY_ORDERS');
  unwrap(await exchange.spread.cancelAll(ALICE, null));
  unwrap(await exchange.money.setMarginMode(ALICE, 'isolated'));
});

test('a combo of two futures ends with the nearer one, and others take its place', async () => {
  const delivery = Date.UTC(2024, 11, 27, 8) as UnixMs;
  const clock = steppedClock((delivery - 3_600_000) as UnixMs);
  const { exchange } = await openHarness({ config: { instruments: 'default' }, clock });
  await exchange.start();
  const symbol = 'BTCUSDT-28MAR25_BTCUSDT-27DEC24';
  const before = exchange.spread.instrument(symbol);
  assert.deepEqual([before?.kind, before?.deliveryAt, before?.near.kind], ['future_spread', delivery, 'future']);
  assert.equal(exchange.spread.instruments().length, 6);
  const id = await put(exchange, ALICE, combo('buy', '0.5', '0', { symbol }));
  await put(exchange, BOB, combo('sell', '0.25', '0', { symbol }));
  const sizes = exchange
    .positions(ALICE, { category: 'linear', instrument: null, settle: 'USDT' as AssetId, base: null })
    .map(({ instrument, size: held }) => [instrument, formatDecimal(held)]);
  assert.deepEqual(sizes.sort(), [
    ['linear:BTCUSDT-27DEC24', '-0.25'],
    ['linear:BTCUSDT-28MAR25', '0.25'],
  ]);
  await clock.step?.(3_600_000);
  await clock.step?.(120_000);
  assert.equal(exchange.spread.instrument(symbol), null);
  assert.deepEqual(
    [order(exchange, ALICE, id).status, order(exchange, ALICE, id).closeReason],
    ['canceled', 'delivery'],
  );
  const now = exchange.spread.instruments().map((one) => one.symbol);
  assert.ok(now.includes('BTCUSDT-28MAR25_BTC/USDT'), now.join());
  assert.equal(now.length, 6);
  assert.equal(
    await refusal(exchange.spread.place(ALICE, combo('buy', '0.1', '0', { symbol }))),
    'INSTRUMENT_NOT_FOUND',
  );
  assert.deepEqual(exchange.leaks(), []);
  await exchange.close();
});

test('an order goes when its legs come to lie outside their bands', async () => {
  const { exchange } = await open();
  const id = await put(exchange, ALICE, combo('buy', '0.1', '600'));
  await exchange.control.setReference(PERP, money('58000'));
  const { status, closeReason } = order(exchange, ALICE, id);
  assert.deepEqual([status, closeReason], ['canceled', 'rebalance']);
});

test('a maker that has not what the coins cost by now goes instead of trading', async () => {
  const { exchange } = await open({ ...withBalances({ USDT: '66000', BTC: '2' }), fees: FREE });
  const poor = await put(exchange, BOB, combo('sell', '1', '0'));
  await exchange.control.setReference(BTC, money('70000'));
  const id = await put(exchange, ALICE, combo('buy', '1', '0'));
  assert.equal(order(exchange, BOB, poor).closeReason, 'cannot_afford');
  assert.equal(order(exchange, ALICE, id).status, 'new');
  assert.deepEqual(exchange.leaks(), []);
});

test('after a restart combos rest where they were, with their legs in no book, and trade', async () => {
  const journal = new MemoryJournal();
  const first = await open({ fees: FREE }, journal);
  const one = await put(first.exchange, BOB, combo('sell', '1', '10'));
  const other = await put(first.exchange, CAROL, combo('sell', '1', '10'));
  await put(first.exchange, ALICE, combo('buy', '0.25', '10'));
  await first.exchange.close();
  const { exchange } = await open({ fees: FREE }, journal);
  assert.deepEqual(
    [order(exchange, BOB, one).status, formatDecimal(order(exchange, BOB, one).leavesQty)],
    ['partially_filled', '0.75'],
  );
  assert.equal(formatDecimal(exchange.spread.ticker(COMBO).last ?? (0n as Money)), '10');
  assert.equal(exchange.book(PERP, 5).asks.length, 0);
  await put(exchange, ALICE, combo('buy', '1', '10'));
  assert.deepEqual(
    [order(exchange, BOB, one).status, formatDecimal(order(exchange, CAROL, other).cumQty)],
    ['filled', '0.25'],
  );
  assert.equal(exchange.spread.executions(ALICE, { ...ANY, ...EVER }).length, 3);
  assert.deepEqual(exchange.leaks(), []);
  const text = await exchange.control.saved.save();
  unwrap(await exchange.control.saved.restore(text));
  assert.equal(exchange.spread.executions(ALICE, { ...ANY, ...EVER }).length, 3);
  await put(exchange, ALICE, combo('buy', '0.75', '10'));
  assert.equal(order(exchange, CAROL, other).status, 'filled');
  assert.deepEqual(exchange.leaks(), []);
});

test('an account that is liquidated loses its combos with their legs', async () => {
  const { exchange } = await open({ ...withBalances({ USDT: '10000', BTC: '0.01' }), fees: FREE });
  await placed(exchange, BOB, limit(PERP, 'sell', '1.4', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '1.4'));
  const id = await put(exchange, ALICE, combo('buy', '0.001', '-5'));
  await exchange.control.setReference(BTC, money('50000'));
  const { status, closeReason, near } = order(exchange, ALICE, id);
  assert.deepEqual([status, closeReason], ['canceled', 'all_before_liquidation']);
  assert.equal(told(exchange, ALICE, near.orderId).status, 'canceled');
  assert.deepEqual(exchange.leaks(), []);
});

test('what was published of the book is what rests in it', async () => {
  const { exchange, flush } = await open();
  await put(exchange, ALICE, combo('buy', '0.5', '-3.1'));
  await put(exchange, BOB, combo('buy', '0.25', '-3.1'));
  await put(exchange, CAROL, combo('sell', '0.1', '2'));
  await flush();
  const { bids, asks } = exchange.spread.book(COMBO, 25);
  assert.deepEqual(
    bids.map((level) => ({ ...level })),
    [{ price: -31, qty: 750 }],
  );
  assert.deepEqual(
    asks.map((level) => ({ ...level })),
    [{ price: 20, qty: 100 }],
  );
});
