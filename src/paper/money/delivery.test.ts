import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { type InstrumentId, instrumentId, type Money, type UnixMs } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import type { Side } from '../../domain/ids.ts';
import { steppedClock } from '../clocks.ts';
import {
  ALICE,
  BOB,
  BTC,
  balance,
  everything,
  type Harness,
  limit,
  market,
  openHarness,
  placed,
  START,
  told,
  withBalances,
} from '../testing/harness.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const ALL = { from: 0 as UnixMs, to: Number.MAX_SAFE_INTEGER as UnixMs };
const FREE = { maker: '0', taker: '0' };
const FEES = { linear: FREE, inverse: FREE, option: FREE };
const LISTED = [
  'spot:BTCUSDT',
  'linear:BTCUSDT',
  'linear:BTCPERP',
  'linear:BTCUSDT-*',
  'inverse:BTCUSD*',
  'option:BTC-*-USDT',
];
/** 2024-12-27, the last Friday of the quarter; `START` is the first of that month. */
const QUARTER = Date.UTC(2024, 11, 27, 8) as UnixMs;

const step = async (harness: Harness, ms: number): Promise<void> => {
  await harness.clock.step?.(ms);
};
const show = (value: Money | undefined): string => formatDecimal(value ?? money('0'));
const wallet = ({ exchange }: Harness, uid: string, asset: string) =>
  formatDecimal(balance(exchange, uid, asset).wallet);

/** The exchange a while before the delivery of its contracts; the coin stands at 60,000. */
async function opened(startAt: number, more: Parameters<typeof openHarness>[0] = {}): Promise<Harness> {
  const harness = await openHarness({
    clock: steppedClock(startAt as UnixMs),
    ...more,
    config: {
      ...withBalances({ USDT: '1000000', BTC: '100', USDC: '1000000' }),
      fees: FEES,
      instruments: LISTED,
      ...more.config,
    },
  });
  await harness.exchange.start();
  unwrap(await harness.exchange.control.setReference(BTC, money('60000')));
  return harness;
}

/** Alice buys from Bob, or sells to him. */
async function trade({ exchange }: Harness, id: InstrumentId, side: Side, qty: string, price: string): Promise<void> {
  await placed(exchange, BOB, limit(id, side === 'buy' ? 'sell' : 'buy', qty, price));
  await placed(exchange, ALICE, market(id, side, qty));
}

test('a future is delivered at the mean index of the last half hour, with its fee, and its orders go', async () => {
  const future = instrumentId('linear', 'BTCUSDT-27DEC24');
  const harness = await opened(QUARTER - 2 * HOUR_MS);
  const { exchange } = harness;
  await trade(harness, future, 'buy', '0.5', '60010');
  const open = await placed(exchange, ALICE, limit(future, 'buy', '0.1', '59000'));
  await step(harness, 90 * MINUTE_MS);
  await step(harness, 15 * MINUTE_MS);
  unwrap(await exchange.control.setReference(BTC, money('61000')));
  harness.privates.length = 0;
  await step(harness, 15 * MINUTE_MS);
  // A quarter of an hour at 60,000 and one at 61,000; 0.05 % of what is delivered is the fee.
  const [record] = exchange.records(ALICE, 'delivery', ALL);
  assert.deepEqual(
    [record?.side, show(record?.position), show(record?.deliveryPrice), show(record?.fee), show(record?.pnl)],
    ['sell', '0.5', '60500', '15.125', '245'],
  );
  assert.equal(record?.at, QUARTER);
  assert.equal(wallet(harness, ALICE, 'USDT'), '1000229.875');
  assert.equal(wallet(harness, BOB, 'USDT'), '999739.875');
  assert.deepEqual(exchange.positions(ALICE, { category: 'linear', instrument: null, settle: null, base: null }), []);
  assert.equal(told(exchange, ALICE, open).closeReason, 'delivery');
  assert.equal(exchange.instrument(future)?.status, 'closed');
  const [execution] = exchange.executions(ALICE, everything('linear'));
  assert.deepEqual(
    [execution?.kind, execution?.side, show(execution?.price), show(execution?.fee)],
    ['delivery', 'sell', '60500', '15.125'],
  );
  const [line] = exchange.records(ALICE, 'ledger', ALL);
  assert.deepEqual(
    [line?.type, show(line?.cashFlow), show(line?.fee), show(line?.change)],
    ['delivery', '245', '15.125', '229.875'],
  );
  assert.equal(show(exchange.records(ALICE, 'closed_pnl', ALL)[0]?.pnl), '229.875');
  assert.deepEqual(
    exchange.market
      .deliveries('linear')
      .filter(({ instrument }) => instrument === future)
      .map(({ at, price }) => [at, show(price)]),
    [[QUARTER, '60500']],
  );
  const types = harness.privates.filter(({ uid }) => uid === ALICE).map(({ type }) => type);
  assert.deepEqual(types.slice(-4), ['execution', 'order', 'position', 'wallet']);
  assert.deepEqual(exchange.leaks(), []);
  exchange.stop();
});

test('an inverse future is settled in its coin', async () => {
  const future = instrumentId('inverse', 'BTCUSDZ24');
  const harness = await opened(QUARTER - 2 * HOUR_MS);
  await trade(harness, future, 'buy', '60000', '60000');
  unwrap(await harness.exchange.control.setReference(BTC, money('75000')));
  await step(harness, 2 * HOUR_MS);
  // 60,000 ÷ 60,000 − 60,000 ÷ 75,000, and 0.05 % of 0.8 as the fee.
  assert.equal(wallet(harness, ALICE, 'BTC'), '100.1996');
  assert.equal(wallet(harness, BOB, 'BTC'), '99.7996');
  assert.equal(harness.exchange.records(ALICE, 'delivery', ALL)[0]?.side, 'sell');
  assert.equal(harness.exchange.executions(ALICE, everything('inverse'))[0]?.kind, 'settle');
  assert.deepEqual(harness.exchange.leaks(), []);
  harness.exchange.stop();
});

test('options pay what they are worth: long and short, in and out of the money', async () => {
  // Listed more than a day before they are delivered: dailies pay no fee.
  const harness = await opened(QUARTER - 25 * HOUR_MS);
  const { exchange } = harness;
  const due = QUARTER;
  const ofQuarter = exchange
    .instruments('option')
    .filter(({ base, contract }) => base === 'BTC' && contract?.delivery?.at === due);
  const strikes = [...new Set(ofQuarter.map(({ contract }) => contract?.option?.strike ?? money('0')))].sort((a, b) =>
    Number(a - b),
  );
  const strike = strikes[Math.floor(strikes.length / 2)] ?? money('0');
  const named = (type: 'call' | 'put') =>
    ofQuarter.find(({ contract }) => contract?.option?.strike === strike && contract.option.type === type)
      ?.id as InstrumentId;
  const [call, put] = [named('call'), named('put')];
  await trade(harness, call, 'buy', '0.5', '1500');
  await trade(harness, put, 'sell', '1', '1000');
  assert.equal(wallet(harness, ALICE, 'USDT'), '1000250', 'premiums: −750 and +1,000');
  unwrap(await exchange.control.setReference(BTC, (strike + money('2000')) as Money));
  await step(harness, due - exchange.now());
  // The call pays 2,000 × 0.5; its fee is 0.015 % of the delivery price a coin, which is less than 12.5 % of 2,000.
  const price = (strike + money('2000')) as Money;
  const fee = (price * 75n) / 1_000_000n;
  const received = money('1001250') - fee;
  assert.equal(wallet(harness, ALICE, 'USDT'), formatDecimal(received as Money));
  assert.equal(wallet(harness, BOB, 'USDT'), formatDecimal((money('998750') - fee) as Money));
  const records = exchange.records(ALICE, 'delivery', ALL);
  const of = (id: InstrumentId) => records.find(({ instrument }) => instrument === id);
  assert.deepEqual(
    [of(call)?.side, show(of(call)?.pnl), show(of(call)?.strike ?? undefined)],
    ['sell', '250', show(strike)],
  );
  assert.deepEqual([of(put)?.side, show(of(put)?.pnl), show(of(put)?.fee)], ['buy', '1000', '0'], 'worthless: no fee');
  assert.deepEqual(exchange.leaks(), []);
  exchange.stop();
});

test('a contract that fell due while the exchange did not run is delivered at the start, at what was known', async () => {
  const future = instrumentId('linear', 'BTCUSDT-27DEC24');
  const journal = new MemoryJournal();
  const first = await opened(QUARTER - 2 * HOUR_MS, { journal });
  await trade(first, future, 'buy', '0.5', '60000');
  await step(first, HOUR_MS);
  unwrap(await first.exchange.control.setReference(BTC, money('60400')));
  await step(first, 2 * MINUTE_MS);
  await first.exchange.close();
  const config = {
    ...withBalances({ USDT: '1000000', BTC: '100', USDC: '1000000' }),
    fees: FEES,
    instruments: LISTED,
  };
  const clock = steppedClock((QUARTER + DAY_MS) as UnixMs);
  const second = await openHarness({ journal: journal.reopen(), clock, config });
  await second.exchange.start();
  await second.flush();
  const [record] = second.exchange.records(ALICE, 'delivery', ALL);
  assert.deepEqual([record?.at, show(record?.deliveryPrice), show(record?.pnl)], [QUARTER, '60400', '200']);
  assert.deepEqual(second.exchange.leaks(), []);
  await second.exchange.close();
});

test('a session of a USDC contract books the profit at mark, and the entry becomes the mark', async () => {
  const perp = instrumentId('linear', 'BTCPERP');
  const harness = await opened(START);
  const { exchange } = harness;
  const position = () =>
    exchange.positions(ALICE, { category: 'linear', instrument: perp, settle: null, base: null })[0];
  await trade(harness, perp, 'buy', '0.5', '59500');
  await step(harness, 8 * HOUR_MS);
  const mark = position()?.markPrice ?? money('0');
  const [settled] = exchange.records(ALICE, 'settlement', ALL);
  const profit = (mark - money('59500')) / 2n;
  assert.deepEqual(
    [settled?.side, show(settled?.size), show(settled?.sessionAvgPrice), show(settled?.markPrice), show(settled?.pnl)],
    ['buy', '0.5', '59500', show(mark), formatDecimal(profit as Money)],
  );
  const funding = exchange.records(ALICE, 'ledger', ALL).find(({ type }) => type === 'funding')?.funding ?? money('0');
  assert.equal(wallet(harness, ALICE, 'USDC'), formatDecimal((money('1000000') + profit + funding) as Money));
  const now = position();
  assert.deepEqual(
    [show(now?.entryPrice), show(now?.sessionEntryPrice ?? undefined), show(now?.unrealisedPnl)],
    ['59500', show(mark), '0'],
  );
  assert.deepEqual(exchange.leaks(), []);
  await trade(harness, perp, 'sell', '0.25', show(mark));
  const half = position();
  assert.deepEqual([show(half?.entryPrice), show(half?.sessionEntryPrice ?? undefined)], ['59500', show(mark)]);
  assert.deepEqual(exchange.leaks(), []);
  exchange.stop();
});
