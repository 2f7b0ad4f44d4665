import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money, multiply } from '../../domain/decimal.ts';
import { instrumentId, type Side, type UnixMs } from '../../domain/ids.ts';
import type { ExchangeExecution } from '../../ports/exchange.ts';
import { closedOptions } from './closed-options.ts';
import { sampleExecution } from './testing/samples.ts';

const CALL = instrumentId('option', 'BTC-27DEC24-60000-C-USDT');

let at = 0;
/** An execution whose fee is a hundredth of its quantity. */
const executed = (side: Side, qty: string, price: string, change: Partial<ExchangeExecution> = {}) =>
  sampleExecution({
    instrument: CALL,
    side,
    qty: money(qty),
    price: money(price),
    notional: multiply(money(qty), money(price), 'down'),
    fee: multiply(money(qty), money('0.01'), 'down'),
    at: (at += 1000) as UnixMs,
    ...change,
  });

const told = (executions: readonly ExchangeExecution[]) =>
  closedOptions([...executions].reverse()).map((one) => [
    one.side,
    ...[one.qty, one.openValue, one.closeValue, one.openFee, one.closeFee, one.deliveryFee].map(formatDecimal),
  ]);

test('a position is told of once it is flat, with everything that it was opened and closed by', () => {
  const open = [executed('buy', '1', '100'), executed('buy', '2', '130'), executed('sell', '1', '150')];
  assert.deepEqual(told(open), []);
  assert.deepEqual(told([...open, executed('sell', '2', '90')]), [['buy', '3', '360', '330', '0.03', '0.03', '0']]);
});

test('an execution that turns a position around closes one and opens another, newest first', () => {
  const turned = [executed('sell', '1', '100'), executed('buy', '3', '120'), executed('sell', '2', '110')];
  assert.deepEqual(told(turned), [
    ['buy', '2', '240', '220', '0.02', '0.02', '0'],
    ['sell', '1', '100', '120', '0.01', '0.01', '0'],
  ]);
});

test('a delivery closes at its own price, and its fee is told apart', () => {
  const delivered = [executed('buy', '1', '100'), executed('sell', '1', '61000', { kind: 'delivery' })];
  assert.deepEqual(told(delivered), [['buy', '1', '100', '61000', '0.01', '0', '0.01']]);
  assert.equal(closedOptions([...delivered].reverse())[0]?.deliveryPrice, money('61000'));
});
