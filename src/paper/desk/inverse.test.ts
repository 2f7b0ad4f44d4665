import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { instrumentId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
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
  told,
} from '../testing/harness.ts';

const INVERSE = instrumentId('inverse', 'BTCUSD');
const CONFIG = { instruments: ['spot:BTCUSDT', 'inverse:BTCUSD', 'inverse:BTCUSD*'] };
const open = () => openHarness({ config: CONFIG });
const wallet = ({ exchange }: Harness, uid: string): string => formatDecimal(balance(exchange, uid, 'BTC').wallet);

/** Moves the index, and trades one contract at a price: BOB sells it to ALICE. */
async function trade(harness: Harness, qty: string, price: string): Promise<string> {
  const { exchange } = harness;
  unwrap(await exchange.control.setReference(BTC, money(price)));
  await placed(exchange, BOB, limit(INVERSE, 'sell', qty, price));
  return placed(exchange, ALICE, limit(INVERSE, 'buy', qty, price));
}

test('an inverse contract is paid, and earns, in its coin: 60,000 USD from 50,000 to 60,000 earn 0.2 BTC', async () => {
  const harness = await open();
  const { exchange } = harness;
  const bought = await trade(harness, '60000', '50000');
  assert.equal(formatDecimal(told(exchange, ALICE, bought).cumNotional), '1.2', 'BTC, not dollars');
  assert.equal(wallet(harness, ALICE), '9.99934', '10 less 0.055 % of 1.2');
  assert.equal(wallet(harness, BOB), '9.99976', '10 less 0.02 % of 1.2');
  const [position] = exchange.positions(ALICE, { category: 'inverse', instrument: INVERSE, settle: null, base: null });
  assert.equal(formatDecimal(position?.entryPrice ?? money('0')), '50000');
  assert.equal(formatDecimal(position?.notional ?? money('0')), '1.2');

  unwrap(await exchange.control.setReference(BTC, money('60000')));
  const [higher] = exchange.positions(ALICE, { category: 'inverse', instrument: INVERSE, settle: null, base: null });
  assert.equal(formatDecimal(higher?.unrealisedPnl ?? money('0')), '0.2', '1.2 − 60,000 ÷ 60,000');
  await placed(exchange, BOB, limit(INVERSE, 'buy', '60000', '60000'));
  const closing = await placed(exchange, ALICE, market(INVERSE, 'sell', '60000'));
  assert.equal(formatDecimal(told(exchange, ALICE, closing).closedPnl), '0.2');
  assert.equal(wallet(harness, ALICE), '10.19879', '9.99934 + 0.2 − 0.055 % of 1');
  assert.equal(wallet(harness, BOB), '9.79956', '9.99976 − 0.2 − 0.02 % of 1');
  assert.deepEqual(exchange.leaks(), []);
  const [record] = exchange.records(ALICE, 'closed_pnl', { from: 0 as never, to: Number.MAX_SAFE_INTEGER as never });
  assert.deepEqual(
    [record?.entryValue, record?.exitValue].map((one) => formatDecimal(one ?? money('0'))),
    ['1.2', '1'],
  );
});

test('its margin is in the coin as well: value at mark over leverage and the fee to close', async () => {
  const harness = await open();
  const { exchange } = harness;
  await trade(harness, '60000', '50000');
  const [position] = exchange.positions(ALICE, { category: 'inverse', instrument: INVERSE, settle: null, base: null });
  // 1.2 ÷ 10, and 0.055 % of 1.32, the value at the bankruptcy price 50,000 ÷ 1.1; 0.5 % of 1.2 to maintain it.
  assert.equal(formatDecimal(position?.initialMargin ?? money('0')), '0.120726');
  assert.equal(formatDecimal(position?.maintenanceMargin ?? money('0')), '0.006726');
  const btc = exchange.wallet(ALICE).coins.find(({ asset }) => asset === 'BTC');
  assert.equal(formatDecimal(btc?.positionMargin ?? money('0')), '0.120726');
});

test('an order that needs more margin than the account has is refused', async () => {
  const accounts = [{ uid: ALICE, apiKey: 'k', apiSecret: 's', balances: { BTC: '10' } }];
  const { exchange } = await openHarness({ config: { ...CONFIG, accounts } });
  unwrap(await exchange.control.setReference(BTC, money('50000')));
  const much = await exchange.place(ALICE, limit(INVERSE, 'buy', '6000000', '50000'));
  assert.equal(much.ok ? '' : much.error.code, 'INSUFFICIENT_BALANCE', '120 BTC at 10x need 12, 10 are there');
  assert.ok((await exchange.place(ALICE, limit(INVERSE, 'buy', '4000000', '50000'))).ok);
});

test('fees, fills and the average price of an order over several levels', async () => {
  const { exchange } = await open();
  unwrap(await exchange.control.setReference(BTC, money('50000')));
  await placed(exchange, BOB, limit(INVERSE, 'sell', '100', '50000'));
  await placed(exchange, BOB, limit(INVERSE, 'sell', '100', '50001'));
  const order = told(exchange, ALICE, await placed(exchange, ALICE, market(INVERSE, 'buy', '200')));
  assert.deepEqual([order.status, formatDecimal(order.cumQty)], ['filled', '200']);
  assert.equal(formatDecimal(order.cumNotional), '0.00399996', '0.002 and 0.00199996');
  assert.deepEqual([...order.fees], [['BTC', money('0.0000022')]], '0.0000011, and 0.000001099978 rounded up');
  const executions = exchange.executions(ALICE, everything('inverse'));
  assert.deepEqual(
    executions.map(({ feeAsset, notional }) => [feeAsset, formatDecimal(notional)]),
    [
      ['BTC', '0.00199996'],
      ['BTC', '0.002'],
    ],
  );
});
