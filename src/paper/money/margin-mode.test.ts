import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { ALICE, BOB, bothSides, limit, market, openHarness, PERP, placed, withBalances } from '../testing/harness.ts';

const FEELESS = { fees: { linear: { maker: '0', taker: '0' } } };
const refusal = async (asked: Promise<{ ok: boolean }>) => {
  const answer = (await asked) as { ok: boolean; error?: { code: string } };
  return answer.ok ? '' : answer.error?.code;
};
const add = (amount: string) => ({ instrument: PERP, idx: 0, amount: money(amount) }) as const;
const show = (value: Money | null) => (value === null ? null : formatDecimal(value));

/** Alice has 10,000 USDT and is long one bitcoin from 60,000 with leverage 10, if she asks for it. */
async function opened(long = true) {
  const { exchange } = await openHarness({ config: { ...withBalances({ USDT: '10000', BTC: '1' }), ...FEELESS } });
  unwrap(await exchange.control.setReference(PERP, money('60000')));
  unwrap(await exchange.control.deposit(BOB, 'USDT' as never, money('1000000')));
  unwrap(await exchange.setLeverage(ALICE, PERP, bothSides('20')));
  if (!long) return exchange;
  await placed(exchange, BOB, limit(PERP, 'sell', '1', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '1'));
  return exchange;
}
const position = (exchange: Awaited<ReturnType<typeof opened>>) =>
  exchange.positions(ALICE, { category: 'linear', instrument: PERP, settle: null, base: null })[0];

test('isolated: margin that is added moves liquidation away, and can be taken back and no more', async () => {
  const exchange = await opened();
  assert.equal(await refusal(exchange.money.addMargin(ALICE, add('1'))), 'NOT_ISOLATED');
  unwrap(await exchange.money.setMarginMode(ALICE, 'isolated'));
  const before = position(exchange);
  // 60,000 ÷ 20, and no fee to close: nobody pays any here.
  assert.equal(show(before?.initialMargin ?? null), '3000');
  assert.equal(show(before?.bankruptcyPrice ?? null), '57000');
  const after = unwrap(await exchange.money.addMargin(ALICE, add('1000')));
  assert.equal(show(after.initialMargin), '4000');
  assert.equal(show(after.bankruptcyPrice), '56000');
  // 57,000 ÷ (1 − 0.5 %) and 56,000 ÷ (1 − 0.5 %), on the tick.
  assert.deepEqual([before?.liquidationPrice ?? null, after.liquidationPrice].map(show), ['57286.4', '56281.4']);
  assert.equal(await refusal(exchange.money.addMargin(ALICE, add('0'))), 'MARGIN_UNCHANGED');
  assert.equal(await refusal(exchange.money.addMargin(ALICE, add('-1000.01'))), 'MARGIN_NOT_ADDED');
  // 10,000 less the 4,000 of the position.
  assert.equal(await refusal(exchange.money.addMargin(ALICE, add('6000.01'))), 'MARGIN_TOO_LARGE');
  assert.equal(await refusal(exchange.money.addMargin(ALICE, add('6000'))), '');
  unwrap(await exchange.money.addMargin(ALICE, add('-7000')));
  assert.equal(show(position(exchange)?.initialMargin ?? null), '3000');
  assert.deepEqual(exchange.leaks(), []);
});

test('margin that a position lives on cannot be taken away', async () => {
  const exchange = await opened();
  unwrap(await exchange.money.setMarginMode(ALICE, 'isolated'));
  unwrap(await exchange.money.addMargin(ALICE, add('3000')));
  unwrap(await exchange.control.setReference(PERP, money('57000')));
  assert.equal(await refusal(exchange.money.addMargin(ALICE, add('-3000'))), 'WOULD_LIQUIDATE');
  assert.equal(await refusal(exchange.money.addMargin(ALICE, add('-1000'))), '');
});

test('the margin mode is not changed where the account could not live with it, nor to what it is', async () => {
  const exchange = await opened(false);
  assert.equal(await refusal(exchange.money.setMarginMode(ALICE, 'cross')), 'MARGIN_MODE_UNCHANGED');
  assert.equal(await refusal(exchange.money.addMargin(ALICE, add('1'))), 'NOT_ISOLATED');
  // 3 × 60,000 ÷ 20 = 9,000 are covered in cross mode by USDT; a fourth bitcoin is covered by the one in the wallet.
  await placed(exchange, BOB, limit(PERP, 'sell', '4', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '4'));
  assert.equal(await refusal(exchange.money.setMarginMode(ALICE, 'isolated')), 'MARGIN_MODE_REFUSED');
  await placed(exchange, BOB, limit(PERP, 'buy', '1', '60000'));
  await placed(exchange, ALICE, market(PERP, 'sell', '1'));
  assert.equal(await refusal(exchange.money.setMarginMode(ALICE, 'isolated')), '');
  assert.equal(exchange.settings(ALICE).marginMode, 'isolated');
  assert.equal(await refusal(exchange.money.setMarginMode(ALICE, 'cross')), '');
});

test('back in cross mode a position has no margin of its own any more', async () => {
  const exchange = await opened();
  unwrap(await exchange.money.setMarginMode(ALICE, 'isolated'));
  unwrap(await exchange.money.addMargin(ALICE, add('1000')));
  unwrap(await exchange.money.setMarginMode(ALICE, 'cross'));
  unwrap(await exchange.money.setMarginMode(ALICE, 'isolated'));
  assert.equal(show(position(exchange)?.initialMargin ?? null), '3000');
});

test('a position may take margin by itself only where margin is isolated', async () => {
  const exchange = await opened();
  assert.equal(await refusal(exchange.money.setAutoAddMargin(ALICE, PERP, 0, true)), 'NOT_ISOLATED_AUTO');
  unwrap(await exchange.money.setMarginMode(ALICE, 'isolated'));
  assert.equal(await refusal(exchange.money.setAutoAddMargin(ALICE, PERP, 1, true)), 'POSITION_IDX_MISMATCH');
  unwrap(await exchange.money.setAutoAddMargin(ALICE, PERP, null, true));
  assert.equal(position(exchange)?.autoAddMargin, true);
});

test('a position that may takes margin by itself, as often as it needs, and is liquidated when nothing is left', async () => {
  const exchange = await opened();
  unwrap(await exchange.money.setMarginMode(ALICE, 'isolated'));
  unwrap(await exchange.money.setAutoAddMargin(ALICE, PERP, 0, true));
  // Margin of 3,000 a time: at 57,000 the first is used up, at 53,500 three are not enough.
  unwrap(await exchange.control.setReference(PERP, money('57000')));
  assert.equal(show(position(exchange)?.initialMargin ?? null), '6000');
  unwrap(await exchange.control.setReference(PERP, money('53500')));
  assert.equal(show(position(exchange)?.initialMargin ?? null), '9000');
  unwrap(await exchange.control.setReference(PERP, money('51000')));
  assert.equal(show(position(exchange)?.initialMargin ?? null), '10000', 'what is left of the wallet');
  unwrap(await exchange.control.setReference(PERP, money('50000')));
  assert.equal(show(position(exchange)?.size ?? null), '0');
  assert.deepEqual(exchange.leaks(), []);
});
