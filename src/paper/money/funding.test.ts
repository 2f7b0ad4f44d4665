import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { type AssetId, instrumentId, type Money, type UnixMs } from '../../domain/ids.ts';
import { ok, unwrap } from '../../domain/result.ts';
import { steppedClock } from '../clocks.ts';
import {
  ALICE,
  BOB,
  balance,
  CAROL,
  everything,
  type Harness,
  limit,
  market,
  openHarness,
  PERP,
  placed,
  START,
} from '../testing/harness.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ALL = { from: 0 as UnixMs, to: Number.MAX_SAFE_INTEGER as UnixMs };

const step = async (harness: Harness, ms: number): Promise<void> => {
  await harness.clock.step?.(ms);
};
const wallets = ({ exchange }: Harness) =>
  [ALICE, BOB].map((uid) => formatDecimal(balance(exchange, uid, 'USDT').wallet));
const fundings = ({ exchange }: Harness, uid: string) =>
  exchange.records(uid, 'ledger', ALL).filter((record) => record.type === 'funding');

/** Alice is long 0.5 against Bob at 60,000, without fees; the coin stands at 60,000. */
async function opened(options: Parameters<typeof openHarness>[0] = {}): Promise<Harness> {
  const fees = { linear: { maker: '0', taker: '0' } };
  const harness = await openHarness({ ...options, config: { fees, ...options.config } });
  await harness.exchange.start();
  unwrap(await harness.exchange.control.setReference(PERP, money('60000')));
  await placed(harness.exchange, BOB, limit(PERP, 'sell', '0.5', '60000'));
  await placed(harness.exchange, ALICE, market(PERP, 'buy', '0.5'));
  return harness;
}

test('at the boundary of eight hours a long pays value at mark times rate, and the short receives it', async () => {
  const harness = await opened();
  const before = wallets(harness);
  await step(harness, 8 * HOUR_MS - 1);
  assert.deepEqual(wallets(harness), before);
  harness.privates.length = 0;
  await step(harness, 1);
  // 0.5 × 60,000 × 0.01 %: without a premium the rate is the interest of eight hours.
  assert.deepEqual(wallets(harness), ['999997', '1000003']);
  const [paid] = fundings(harness, ALICE);
  const shown = [paid?.funding, paid?.change, paid?.fee, paid?.feeRate, paid?.size, paid?.price, paid?.balance];
  assert.deepEqual(
    shown.map((value) => formatDecimal(value ?? money('0'))),
    ['-3', '-3', '0', '0.0001', '0.5', '60000', '999997'],
  );
  assert.equal(paid?.side, 'buy');
  assert.equal(paid?.at, START + 8 * HOUR_MS);
  const [execution] = harness.exchange.executions(ALICE, everything('linear'));
  assert.deepEqual(
    [execution?.kind, execution?.orderType, formatDecimal(execution?.fee ?? money('0')), execution?.qty],
    ['funding', 'unknown', '3', money('0.5')],
  );
  const [position] = harness.exchange.positions(ALICE, {
    category: 'linear',
    instrument: PERP,
    settle: null,
    base: null,
  });
  assert.equal(formatDecimal(position?.currentRealisedPnl ?? money('0')), '-3');
  const told = harness.privates.filter(({ uid }) => uid === ALICE).map(({ type }) => type);
  assert.deepEqual(told, ['execution', 'position', 'wallet']);
  const history = harness.exchange.market.fundings(PERP, { from: null, to: null, limit: 10 });
  assert.deepEqual(
    history.map(({ at, rate }) => [at, formatDecimal(rate)]),
    [[START + 8 * HOUR_MS, '0.0001']],
  );
  assert.deepEqual(harness.exchange.leaks(), []);
  harness.exchange.stop();
});

test('a step over several boundaries settles each of them, in order, at the mark of its time', async () => {
  const harness = await opened();
  await step(harness, 24 * HOUR_MS);
  assert.deepEqual(wallets(harness), ['999991', '1000009']);
  assert.deepEqual(
    fundings(harness, ALICE).map(({ at }) => at),
    [24, 16, 8].map((hours) => START + hours * HOUR_MS),
  );
  harness.exchange.stop();
});

test('what does not divide is paid up and received down; the insurance fund has the rest', async () => {
  const harness = await openHarness({ config: { fees: { linear: { maker: '0', taker: '0' } } } });
  await harness.exchange.start();
  const { exchange } = harness;
  unwrap(await exchange.control.setReference(PERP, money('60000.1')));
  await placed(exchange, BOB, limit(PERP, 'sell', '0.003', '60000'));
  await placed(exchange, ALICE, market(PERP, 'buy', '0.001'));
  await placed(exchange, CAROL, market(PERP, 'buy', '0.002'));
  const insured = () =>
    exchange
      .groundTruth()
      .accounts.find(({ uid }) => uid === 'insurance')
      ?.coins.get('USDT' as AssetId)?.wallet ?? money('0');
  const before = insured();
  unwrap((await exchange.control.money.funding?.(PERP, money('0.00012345'))) ?? ok(undefined));
  // Exactly 0.007407012345, 0.01481402469 and 0.022221037035.
  const received = [ALICE, CAROL, BOB].map((uid) => fundings(harness, uid)[0]?.funding ?? money('0'));
  assert.deepEqual(received.map(formatDecimal), ['-0.00740702', '-0.01481403', '0.02222103']);
  assert.equal(formatDecimal((insured() - before) as Money), '0.00000002');
  assert.deepEqual(exchange.leaks(), []);
  exchange.stop();
});

test('an inverse contract settles in its coin', async () => {
  const inverse = instrumentId('inverse', 'BTCUSD');
  const harness = await openHarness({
    config: { fees: { inverse: { maker: '0', taker: '0' } }, instruments: undefined },
  });
  const { exchange } = harness;
  await exchange.start();
  unwrap(await exchange.control.setReference(inverse, money('50000')));
  await placed(exchange, BOB, limit(inverse, 'sell', '60000', '50000'));
  await placed(exchange, ALICE, market(inverse, 'buy', '60000'));
  await step(harness, 8 * HOUR_MS);
  // 60,000 ÷ 50,000 × 0.01 % of a bitcoin.
  assert.equal(formatDecimal(balance(exchange, ALICE, 'BTC').wallet), '9.99988');
  assert.equal(formatDecimal(balance(exchange, BOB, 'BTC').wallet), '10.00012');
  assert.deepEqual(exchange.leaks(), []);
  exchange.stop();
});

test('funding that fell due while the exchange did not run is charged once, at the last mark and rate', async () => {
  const journal = new MemoryJournal();
  const first = await opened({ journal });
  await step(first, 7 * HOUR_MS);
  await first.exchange.close();
  // Away over three boundaries: at 8, 16 and 24 hours.
  const away = { journal: journal.reopen(), clock: steppedClock((START + 25 * HOUR_MS) as UnixMs) };
  const second = await openHarness({ ...away, config: { fees: { linear: { maker: '0', taker: '0' } } } });
  assert.deepEqual(wallets(second), ['1000000', '1000000']);
  await second.exchange.start();
  await second.flush();
  assert.deepEqual(wallets(second), ['999991', '1000009']);
  assert.deepEqual(
    fundings(second, ALICE).map(({ at, price }) => [at, formatDecimal(price)]),
    [24, 16, 8].map((hours) => [START + hours * HOUR_MS, '60000']),
  );
  await second.exchange.close();
  const third = await openHarness({
    journal: journal.reopen(),
    clock: steppedClock((START + 25 * HOUR_MS + MINUTE_MS) as UnixMs),
  });
  await third.exchange.start();
  await third.flush();
  assert.deepEqual(wallets(third), ['999991', '1000009'], 'once');
  assert.deepEqual(third.exchange.leaks(), []);
  await third.exchange.close();
});
