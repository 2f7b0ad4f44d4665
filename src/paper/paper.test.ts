import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../domain/decimal.ts';
import { ALICE, BOB, BTC, balance, limit, market, openHarness, placed, told } from './testing/harness.ts';

test('two clients trade, pay their fees in what they receive, and nothing is lost', async () => {
  const { exchange, flush, privates, publics } = await openHarness();
  await placed(exchange, BOB, limit(BTC, 'sell', '0.5', '60000'));
  const orderId = await placed(exchange, ALICE, market(BTC, 'buy', '0.2'));
  assert.equal(privates.length, 0, 'events come after the answer');
  await flush();
  const order = told(exchange, ALICE, orderId);
  assert.equal(order.status, 'filled');
  assert.equal(formatDecimal(order.cumNotional), '12000');
  assert.deepEqual(balance(exchange, ALICE, 'USDT'), { wallet: money('988000'), locked: money('0') });
  assert.deepEqual(balance(exchange, ALICE, 'BTC'), { wallet: money('10.1998'), locked: money('0') });
  assert.deepEqual(balance(exchange, BOB, 'USDT'), { wallet: money('1011988'), locked: money('0') });
  assert.deepEqual(balance(exchange, BOB, 'BTC'), { wallet: money('9.8'), locked: money('0.3') });
  assert.deepEqual(exchange.leaks(), []);
  const seen = privates.filter((event) => event.uid === ALICE).map((event) => event.type);
  assert.deepEqual(seen, ['order', 'execution', 'order', 'wallet']);
  assert.deepEqual(
    publics.map((event) => event.type),
    ['book', 'ticker', 'trades', 'book', 'ticker'],
  );
});
