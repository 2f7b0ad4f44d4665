import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { unwrap } from '../../domain/result.ts';
import type { PlaceOrder } from '../../ports/exchange.ts';
import {
  ALICE,
  BOB,
  BTC,
  balance,
  everything,
  limit,
  market,
  openHarness,
  PERP,
  placed,
  told,
} from '../testing/harness.ts';

const config = {
  accounts: [ALICE, BOB].map((uid) => ({
    uid,
    apiKey: `key${uid}`,
    apiSecret: 's',
    balances: { USDT: '100000', BTC: '2' },
  })),
};

test('an order that is checked before says what margin it would take, and is not placed', async () => {
  const { exchange } = await openHarness({ config });
  await exchange.control.setReference(PERP, money('60000'));
  const before = exchange.wallet(ALICE).totals;
  const order = limit(PERP, 'buy', '1', '60000');
  const checked = unwrap(await exchange.preCheck(ALICE, order));
  assert.deepEqual([checked.before, checked.refusal], [{ initial: 0n, maintenance: 0n }, null]);
  assert.deepEqual(exchange.orders(ALICE, { ...everything('linear'), recentlyClosed: false }), []);
  assert.deepEqual(exchange.wallet(ALICE).totals, before);
  await placed(exchange, BOB, limit(PERP, 'sell', '1', '60000'));
  await placed(exchange, ALICE, order);
  const { initialMargin, maintenanceMargin } = exchange.wallet(ALICE).totals;
  const rate = (margin: bigint, base: bigint) => Number((margin * 10_000n) / base);
  // After the fill the fee is gone from the balance: a hundredth of a percent at the most.
  const base = before.marginBalance;
  const near = (one: bigint, other: number) =>
    assert.ok(Math.abs(Number(one / 10n ** 14n) - other) <= 1, `${one} ${other}`);
  near(checked.after.initial, rate(initialMargin, base));
  near(checked.after.maintenance, rate(maintenanceMargin, base));
});

test('what cannot be paid for is told with its rates, what is wrong is refused as when it is placed', async () => {
  const { exchange } = await openHarness({ config });
  await exchange.control.setReference(PERP, money('60000'));
  const large = unwrap(await exchange.preCheck(ALICE, limit(PERP, 'buy', '60', '60000')));
  assert.equal(large.refusal?.code, 'INSUFFICIENT_BALANCE');
  assert.ok(large.after.initial > money('1'));
  const code = async (order: PlaceOrder) => {
    const checked = await exchange.preCheck(ALICE, order);
    return checked.ok ? 'checked' : checked.error.code;
  };
  assert.equal(await code(limit(PERP, 'buy', '1', '60000.05')), 'OFF_TICK');
  assert.equal(await code(limit(BTC, 'buy', '1', '60000')), 'NOT_SUPPORTED');
  const waits = { trigger: { price: money('61000'), direction: 'rise', by: 'last' } } as const;
  assert.equal(await code(market(PERP, 'buy', '1', waits)), 'NOT_SUPPORTED');
});

test('the most that spot can buy and sell is what is there, and with spot margin what may be borrowed besides', async () => {
  const { exchange } = await openHarness({ config });
  await exchange.control.setReference(BTC, money('60000'));
  await placed(exchange, BOB, limit(BTC, 'sell', '1', '60000'));
  const buy = exchange.borrowCheck(ALICE, BTC, 'buy');
  assert.deepEqual([formatDecimal(buy.ownAmount), buy.borrows, buy.maxAmount], ['100000', 'USDT', buy.ownAmount]);
  assert.equal(formatDecimal(buy.ownQty).slice(0, 6), '1.6666');
  assert.equal(formatDecimal(exchange.borrowCheck(ALICE, BTC, 'sell').ownQty), '2');
  await exchange.changeSettings(ALICE, { spotMargin: { on: true, leverage: money('5') } });
  const more = exchange.borrowCheck(ALICE, BTC, 'buy');
  assert.ok(more.maxAmount > more.ownAmount);
});

test('when nobody guards a product any more its working orders go, and what waits stays', async () => {
  const { exchange } = await openHarness();
  const working = await placed(exchange, ALICE, limit(PERP, 'buy', '1', '59000'));
  const spot = await placed(exchange, ALICE, limit(BTC, 'buy', '1', '59000'));
  const waits = { trigger: { price: money('70000'), direction: 'rise', by: 'last' } } as const;
  const waiting = await placed(exchange, ALICE, market(PERP, 'buy', '1', waits));
  assert.equal(unwrap(await exchange.cancelUnguarded(ALICE, 'derivatives')), 1);
  assert.deepEqual(
    [told(exchange, ALICE, working).status, told(exchange, ALICE, working).closeReason],
    ['canceled', 'dcp'],
  );
  assert.deepEqual([told(exchange, ALICE, spot).status, told(exchange, ALICE, waiting).status], ['new', 'untriggered']);
  assert.equal(unwrap(await exchange.cancelUnguarded(ALICE, 'spot')), 1);
  assert.equal(balance(exchange, ALICE, 'USDT').locked, 0n);
});
