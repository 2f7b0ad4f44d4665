import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { type AssetId, instrumentId, type Money } from '../../domain/ids.ts';
import type { ExchangePosition } from '../../ports/exchange.ts';
import type { PaperExchange } from '../paper.ts';
import {
  ALICE,
  balance,
  BOB,
  bothSides,
  BTC,
  everything,
  type Harness,
  limit,
  market,
  openHarness,
  PERP,
  placed,
  told,
  withBalances,
} from '../testing/harness.ts';

const TEN_THOUSAND = withBalances({ USDT: '10000' });

const position = (exchange: PaperExchange, uid: string): ExchangePosition =>
  exchange.positions(uid, { category: 'linear', instrument: PERP, settle: null, base: null })[0] as ExchangePosition;

/** Alice is long and Bob short, 1.5 BTC at 60,000, tenfold. */
async function longAndShort(config: object = TEN_THOUSAND): Promise<Harness> {
  const harness = await openHarness({ config: { ...TEN_THOUSAND, ...config } });
  const { exchange } = harness;
  await exchange.control.setReference(PERP, money('60000'));
  await placed(exchange, BOB, limit(PERP, 'sell', '1.5', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '1.5'));
  return harness;
}

const rates = ({ exchange }: Harness, uid: string): bigint => {
  const { marginBalance, maintenanceMargin } = exchange.wallet(uid).totals;
  return marginBalance - maintenanceMargin;
};

test('a cross account is liquidated when its margin says so, not a tick earlier', async () => {
  const harness = await longAndShort();
  const { exchange } = harness;
  const shown = position(exchange, ALICE).liquidationPrice as Money;
  assert.ok(shown > money('53000') && shown < money('54500'), formatDecimal(shown));
  await exchange.control.setReference(PERP, (shown + money('0.1')) as Money);
  assert.equal(formatDecimal(position(exchange, ALICE).size), '1.5');
  assert.ok(rates(harness, ALICE) > 0n);
  await exchange.control.setReference(PERP, shown);
  assert.equal(formatDecimal(position(exchange, ALICE).size), '0');
  assert.deepEqual(exchange.leaks(), []);
});

test('what is left to the account is never below zero, and the insurance fund holds what nobody took', async () => {
  const { exchange } = await longAndShort();
  await exchange.control.setReference(PERP, money('50000'));
  const left = balance(exchange, ALICE, 'USDT').wallet;
  assert.ok(left >= 0n && left < money('1'), formatDecimal(left));
  const insurance = exchange.groundTruth().accounts.find(({ uid }) => uid === 'insurance');
  const held = [...(insurance?.positions.values() ?? [])].map(({ size }) => formatDecimal(size));
  assert.deepEqual(held, ['1.5']);
  assert.deepEqual(exchange.leaks(), []);
});

test('a liquidation cancels the orders first, and shows as Bybit shows it', async () => {
  const { exchange, privates, flush } = await longAndShort();
  const resting = await placed(exchange, ALICE, limit(PERP, 'buy', '0.001', '59000'));
  await flush();
  privates.length = 0;
  await exchange.control.setReference(PERP, money('50000'));
  await flush();
  const order = told(exchange, ALICE, resting);
  assert.deepEqual([order.status, order.closeReason], ['canceled', 'all_before_liquidation']);
  const executions = exchange.executions(ALICE, everything('linear'));
  assert.deepEqual([executions[0]?.kind, executions[0]?.createdBy], ['bust', 'takeover']);
  const kinds = privates.filter(({ uid }) => uid === ALICE).map(({ type }) => type);
  assert.deepEqual([...new Set(kinds)].sort(), ['execution', 'order', 'position', 'wallet']);
});

test('what was taken over goes to the market, and its profit to the fund', async () => {
  const { exchange } = await longAndShort(withBalances({ USDT: '10000', BTC: '0' }));
  const before = exchange.market.insuranceFunds().find(({ asset }) => asset === 'USDT')?.balance as Money;
  await exchange.control.setReference(PERP, money('54500'));
  await placed(exchange, BOB, limit(PERP, 'buy', '1.5', '54400'));
  await exchange.control.setReference(PERP, money('53000'));
  assert.equal(formatDecimal(position(exchange, ALICE).size), '0');
  assert.equal(formatDecimal(position(exchange, BOB).size), '0', 'Bob bought back what the fund sold');
  const after = exchange.market.insuranceFunds().find(({ asset }) => asset === 'USDT')?.balance as Money;
  assert.ok(after > before, 'sold at 54,400 what was taken over lower');
  assert.deepEqual(exchange.leaks(), []);
});

test('a fund without coins deleverages those who win, at the price of the takeover', async () => {
  const { exchange } = await longAndShort({ insurance: {} });
  await exchange.control.setReference(PERP, money('50000'));
  assert.equal(formatDecimal(position(exchange, ALICE).size), '0');
  assert.equal(formatDecimal(position(exchange, BOB).size), '0');
  const [adl] = exchange.executions(BOB, everything('linear'));
  assert.deepEqual([adl?.kind, formatDecimal(adl?.qty as Money)], ['adl', '1.5']);
  assert.deepEqual(exchange.leaks(), []);
});

test('an isolated position loses its own margin and nothing else', async () => {
  const harness = await openHarness({ config: TEN_THOUSAND });
  const { exchange } = harness;
  await exchange.changeSettings(ALICE, { marginMode: 'isolated' });
  await exchange.control.setReference(PERP, money('60000'));
  await exchange.setLeverage(ALICE, PERP, bothSides('50'));
  await placed(exchange, BOB, limit(PERP, 'sell', '1', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '1'));
  const paid = balance(exchange, ALICE, 'USDT').wallet;
  const { liquidationPrice, bankruptcyPrice } = position(exchange, ALICE);
  await exchange.control.setReference(PERP, liquidationPrice as Money);
  assert.equal(formatDecimal(position(exchange, ALICE).size), '0');
  const lost = paid - balance(exchange, ALICE, 'USDT').wallet;
  assert.ok(
    lost > money('1199') && lost < money('1240'),
    `a fiftieth and the fee to close: ${formatDecimal(lost as Money)}`,
  );
  const [bust] = exchange.executions(ALICE, everything('linear'));
  assert.equal(bust?.price, bankruptcyPrice);
  assert.deepEqual(exchange.leaks(), []);
});

const OPTION = instrumentId('option', 'BTC-27DEC24-60000-C-USDT');

test('a short option that is taken over costs its share of the margin, and never puts the account below zero', async () => {
  const config = { ...withBalances({ USDT: '10000' }), instruments: ['spot:BTCUSDT', OPTION], insurance: {} };
  const { exchange } = await openHarness({ config });
  await exchange.control.setReference(BTC, money('60000'));
  const link = (clientOrderId: string) => ({ clientOrderId });
  await placed(exchange, BOB, limit(OPTION, 'buy', '0.5', '2000', link('b')));
  await placed(exchange, ALICE, limit(OPTION, 'sell', '0.5', '2000', link('a')));
  await exchange.control.setReference(BTC, money('120000'));
  const left = balance(exchange, ALICE, 'USDT').wallet;
  assert.ok(left >= 0n, formatDecimal(left));
  const [held] = exchange.positions(ALICE, { category: 'option', instrument: OPTION, settle: null, base: null });
  assert.equal(held?.size, money('0'));
  assert.deepEqual(exchange.leaks(), []);
});

test('what is owed is paid with other coins before positions go, and without any positions too', async () => {
  const config = { ...withBalances({ USDT: '10000' }), instruments: ['spot:BTCUSDT'] };
  const { exchange } = await openHarness({ config });
  await exchange.control.setReference(BTC, money('60000'));
  await exchange.changeSettings(ALICE, { spotMargin: { on: true, leverage: money('10') } });
  await exchange.control.deposit(BOB, 'BTC' as AssetId, money('2'));
  await placed(exchange, BOB, limit(BTC, 'sell', '0.6', '60000'));
  await placed(exchange, ALICE, limit(BTC, 'buy', '0.6', '60000', { leverage: true }));
  assert.ok(balance(exchange, ALICE, 'USDT').wallet < 0n, 'borrowed');
  await exchange.control.setReference(BTC, money('46000'));
  assert.equal(balance(exchange, ALICE, 'USDT').wallet, money('0'));
  assert.ok(balance(exchange, ALICE, 'BTC').wallet > 0n, 'the rest of the coins is its own');
  assert.deepEqual(exchange.leaks(), []);
});

test('in isolated margin the margin of a position cannot be spent on spot', async () => {
  const { exchange } = await openHarness({ config: TEN_THOUSAND });
  await exchange.changeSettings(ALICE, { marginMode: 'isolated' });
  await exchange.control.setReference(PERP, money('60000'));
  await placed(exchange, BOB, limit(PERP, 'sell', '1.5', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '1.5'));
  const spot = await exchange.place(ALICE, limit(BTC, 'buy', '0.16', '60000'));
  assert.equal(spot.ok ? '' : spot.error.code, 'INSUFFICIENT_BALANCE');
});
