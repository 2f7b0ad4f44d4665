import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { type InstrumentId, instrumentId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { NO_AMENDMENT } from '../../ports/exchange.ts';
import {
  ALICE,
  BOB,
  BTC,
  balance,
  byId,
  everything,
  type Harness,
  limit,
  market,
  openHarness,
  placed,
  told,
} from '../testing/harness.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';

const CALL = instrumentId('option', 'BTC-27DEC24-42000-C-USDT');
const OTHER = instrumentId('option', 'BTC-27DEC24-45000-C-USDT');
const FAR = instrumentId('option', 'BTC-27DEC24-60000-C-USDT');
const CONFIG = { instruments: ['spot:BTCUSDT', CALL, OTHER, FAR] };

async function open(more: Readonly<Record<string, unknown>> = {}): Promise<Harness> {
  const harness = await openHarness({ config: { ...CONFIG, ...more } });
  unwrap(await harness.exchange.control.setReference(BTC, money('42000')));
  return harness;
}
const usdt = ({ exchange }: Harness, uid: string): string => formatDecimal(balance(exchange, uid, 'USDT').wallet);
const position = ({ exchange }: Harness, uid: string, id: InstrumentId = CALL) => {
  const [row] = exchange.positions(uid, { category: 'option', instrument: id, settle: null, base: null });
  assert.ok(row !== undefined);
  return row;
};
const shown = (amount: bigint): string => formatDecimal(amount as never);

test('the premium changes hands at the trade, the fee is a part of the index: 0.3 at 3,000 cost 900 and 3.78', async () => {
  const harness = await open();
  const { exchange } = harness;
  await placed(exchange, BOB, limit(CALL, 'sell', '0.3', '3000'));
  const bought = await placed(exchange, ALICE, limit(CALL, 'buy', '0.3', '3000'));
  assert.equal(usdt(harness, ALICE), '999096.22', '1,000,000 − 900 − 3.78 (0.03 % of 42,000, 0.3 times)');
  assert.equal(usdt(harness, BOB), '1000897.48', '1,000,000 + 900 − 2.52 (0.02 %)');
  const [execution] = exchange.executions(ALICE, { ...everything('option'), orderId: bought });
  assert.ok(execution?.option !== null && execution?.option !== undefined);
  assert.equal(shown(execution.fee), '3.78');
  assert.ok(execution.option.tradeIv > 0n && execution.option.markIv > 0n);
  assert.ok(execution.option.underlyingPrice > money('42000'), 'the forward is above the index');
  assert.deepEqual([shown(position(harness, ALICE).size), shown(position(harness, ALICE).entryPrice)], ['0.3', '3000']);
  assert.equal(shown(position(harness, BOB).size), '-0.3');
  assert.deepEqual(exchange.leaks(), []);
});

test('closing pays the new premium and books the difference as profit; nothing is left of the position', async () => {
  const harness = await open();
  const { exchange } = harness;
  await placed(exchange, BOB, limit(CALL, 'sell', '0.3', '3000'));
  await placed(exchange, ALICE, limit(CALL, 'buy', '0.3', '3000'));
  await placed(exchange, BOB, limit(CALL, 'buy', '0.3', '3200'));
  const closing = await placed(exchange, ALICE, limit(CALL, 'sell', '0.3', '3200', { reduceOnly: true }));
  assert.equal(shown(told(exchange, ALICE, closing).closedPnl), '60');
  assert.equal(usdt(harness, ALICE), '1000052.44', '999,096.22 + 960 − 3.78');
  assert.equal(usdt(harness, BOB), '999934.96', '1,000,897.48 − 960 − 2.52');
  assert.deepEqual([position(harness, ALICE).size, position(harness, BOB).size], [0n, 0n]);
  assert.equal(shown(position(harness, ALICE).totalRealisedPnl), '52.44', '60 less both fees');
  assert.deepEqual(exchange.leaks(), []);
});

test('a cheap option pays at most 7 % of its price', async () => {
  const harness = await open();
  await placed(harness.exchange, BOB, limit(FAR, 'sell', '0.3', '50'));
  await placed(harness.exchange, ALICE, limit(FAR, 'buy', '0.3', '50'));
  assert.equal(usdt(harness, ALICE), '999983.95', '1,000,000 − 15 − 1.05');
});

test('a buyer pays in cash; a seller holds the margin of a short option', async () => {
  const accounts = [ALICE, BOB].map((uid) => ({ uid, apiKey: `k${uid}`, apiSecret: 's', balances: { USDT: '7000' } }));
  const harness = await open({ accounts });
  const { exchange } = harness;
  const buy = await exchange.place(ALICE, limit(CALL, 'buy', '3', '3000'));
  assert.equal(buy.ok ? '' : buy.error.code, 'INSUFFICIENT_BALANCE', '9,000 of premium');
  assert.ok((await exchange.place(ALICE, limit(CALL, 'buy', '2', '3000'))).ok);
  const more = await exchange.place(ALICE, limit(CALL, 'buy', '0.5', '3000'));
  assert.equal(more.ok ? '' : more.error.code, 'INSUFFICIENT_BALANCE', 'what works already is held');
  // At the money: 15 % of 42,000 and 3,000 of price a contract, less the premium that comes in.
  const sell = await exchange.place(BOB, limit(CALL, 'sell', '1.2', '3200'));
  assert.equal(sell.ok ? '' : sell.error.code, 'INSUFFICIENT_BALANCE');
  await placed(exchange, BOB, limit(CALL, 'sell', '1', '3000'));
  const short = position(harness, BOB);
  assert.equal(shown(short.size), '-1');
  const mark = short.markPrice > money('3000') ? short.markPrice : money('3000');
  assert.equal(short.initialMargin, money('6300') + mark, '15 % of the index and the higher of entry and mark');
  assert.equal(position(harness, ALICE).initialMargin, 0n, 'a long option is paid for');
  assert.deepEqual(exchange.leaks(), []);
});

test('an order by volatility gets the price of the model, on the tick that does not worsen it', async () => {
  const { exchange } = await open();
  const priceOf = (uid: string, orderId: string) => told(exchange, uid, orderId).price ?? money('0');
  const buy = await placed(exchange, ALICE, { ...limit(CALL, 'buy', '0.1', '5'), price: null, iv: money('0.5') });
  const sell = await placed(exchange, BOB, { ...limit(OTHER, 'sell', '0.1', '5'), iv: money('0.5') });
  assert.equal(priceOf(ALICE, buy) % money('5'), 0n);
  // Brenner and Subrahmanyam: about 0.4 × 42,000 × 0.5 × √(26.33 ÷ 365) = 2,256 at the money, and the carry on top.
  assert.ok(priceOf(ALICE, buy) > money('2200') && priceOf(ALICE, buy) < money('2400'), shown(priceOf(ALICE, buy)));
  assert.ok(priceOf(BOB, sell) > money('1000'), 'the volatility counts, not the price beside it');
  await exchange.amend(ALICE, byId(CALL, buy), { ...NO_AMENDMENT, iv: money('0.55') });
  assert.ok(priceOf(ALICE, buy) > money('2400'));
  assert.equal(told(exchange, ALICE, buy).iv, money('0.55'));
  await exchange.amend(ALICE, byId(CALL, buy), { ...NO_AMENDMENT, price: money('2000') });
  assert.deepEqual([told(exchange, ALICE, buy).iv, shown(priceOf(ALICE, buy))], [null, '2000'], 'a price ends that');
  const spot = await exchange.place(ALICE, { ...limit(BTC, 'buy', '0.1', '41000'), iv: money('0.5') });
  assert.equal(spot.ok ? '' : spot.error.code, 'NOT_SUPPORTED');
});

test('fifty orders may work in the options of one coin', async () => {
  const { exchange } = await open();
  for (let index = 0; index < 50; index += 1) {
    await placed(exchange, ALICE, limit(index % 2 === 0 ? CALL : OTHER, 'buy', '0.01', '100'));
  }
  const more = await exchange.place(ALICE, limit(OTHER, 'buy', '0.01', '100'));
  assert.equal(more.ok ? '' : more.error.code, 'TOO_MANY_ORDERS');
  assert.ok((await exchange.place(ALICE, market(OTHER, 'buy', '0.01'))).ok, 'what does not rest is not counted');
});

test('a market order without anybody on the other side ends, and a limit far off goes to the edge of the band', async () => {
  const { exchange } = await open();
  const nobody = told(exchange, ALICE, await placed(exchange, ALICE, market(CALL, 'buy', '0.1')));
  assert.deepEqual([nobody.status, nobody.closeReason], ['canceled', 'no_liquidity']);
  const far = told(exchange, ALICE, await placed(exchange, ALICE, limit(CALL, 'buy', '0.1', '40000')));
  const mark = exchange.ticker(CALL).mark;
  assert.equal(far.price, mark + money('2100'), '5 % of the index above the mark');
});

test('positions and premiums are there after a restart', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ config: CONFIG, journal });
  unwrap(await first.exchange.control.setReference(BTC, money('42000')));
  await placed(first.exchange, BOB, limit(CALL, 'sell', '0.3', '3000'));
  await placed(first.exchange, ALICE, limit(CALL, 'buy', '0.3', '3000'));
  await first.exchange.close();
  const second = await openHarness({ config: CONFIG, journal });
  assert.equal(usdt(second, ALICE), '999096.22');
  assert.equal(shown(position(second, ALICE).size), '0.3');
  assert.deepEqual(second.exchange.leaks(), []);
});
