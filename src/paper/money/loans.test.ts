import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { AssetId, UnixMs } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { BOB, BTC, balance, coin, limit, market, openHarness, placed, ALICE } from '../testing/harness.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';

const ALL = { from: 0 as UnixMs, to: Number.MAX_SAFE_INTEGER as UnixMs };
type Exchange = Awaited<ReturnType<typeof openHarness>>['exchange'];

const wallet = (exchange: Exchange, asset: string) => formatDecimal(balance(exchange, ALICE, asset).wallet);
const loan = (exchange: Exchange, asset: string) => {
  const row = exchange.wallet(ALICE).coins.find((one) => one.asset === asset);
  return [row?.spotBorrow, row?.borrowAmount, row?.equity].map((value) => formatDecimal(value ?? money('0')));
};
const refusal = async (asked: Promise<{ ok: boolean }>) => {
  const answer = (await asked) as { ok: boolean; error?: { code: string } };
  return answer.ok ? '' : answer.error?.code;
};
const FEELESS = { fees: { spot: { maker: '0', taker: '0' } } };

/** Alice has 10,000 USDT and nothing else; a bitcoin stands at 50,000. */
async function opened(more: Parameters<typeof openHarness>[0] = {}) {
  const account = (uid: string, balances: object) => ({ uid, apiKey: `k${uid}`, apiSecret: `s${uid}`, balances });
  const accounts = [account(ALICE, { USDT: '10000' }), account(BOB, { USDT: '1000000', BTC: '100' })];
  const harness = await openHarness({ ...more, config: { ...FEELESS, accounts } });
  unwrap(await harness.exchange.control.setReference(BTC, money('50000')));
  return harness;
}

test('what is borrowed is in the wallet and owed, its equity is zero, and no coin is made', async () => {
  const { exchange } = await opened();
  unwrap(await exchange.money.borrow(ALICE, coin('BTC'), money('0.1')));
  assert.equal(wallet(exchange, 'BTC'), '0.1');
  assert.deepEqual(loan(exchange, 'BTC'), ['0.1', '0.1', '0']);
  // 0.1 × 50,000 ÷ 10: what a loan needs as initial margin at ten times.
  assert.equal(formatDecimal(exchange.wallet(ALICE).totals.initialMargin), '500');
  assert.deepEqual(exchange.leaks(), []);
  const [line] = exchange.records(ALICE, 'ledger', ALL);
  assert.deepEqual([line?.type, formatDecimal(line?.change ?? money('0'))], ['borrow', '0.1']);
  const [record] = exchange.records(ALICE, 'borrow', ALL);
  assert.deepEqual([record?.asset, formatDecimal(record?.amount ?? money('0'))], ['BTC', '0.1']);
});

test('a loan is no larger than margin and limit carry, and of coins that are lent', async () => {
  const { exchange } = await opened();
  const most = exchange.money.lending(ALICE).find(({ asset }) => asset === 'BTC')?.available ?? money('0');
  // 10,000 ÷ (50,000 × (0.1 + 1 − 0.95)) bitcoins.
  assert.equal(formatDecimal(most), '1.33333333');
  assert.equal(await refusal(exchange.money.borrow(ALICE, coin('BTC'), money('1.33333334'))), 'LOAN_TOO_LARGE');
  assert.equal(await refusal(exchange.money.borrow(ALICE, coin('BTC'), money('1.33333333'))), '');
  assert.equal(await refusal(exchange.money.borrow(ALICE, coin('DOGE'), money('1'))), 'COIN_NOT_LENT');
  assert.equal(await refusal(exchange.money.borrow(ALICE, coin('ETH'), money('0'))), 'LOAN_AMOUNT_INVALID');
});

test('a loan is repaid with the coin itself, as far as there is any and no further than is owed', async () => {
  const { exchange } = await opened();
  unwrap(await exchange.money.borrow(ALICE, coin('BTC'), money('0.1')));
  await placed(exchange, BOB, limit(BTC, 'buy', '0.04', '50000'));
  await placed(exchange, ALICE, market(BTC, 'sell', '0.04'));
  const repay = (amount: string | null, convert = false) =>
    exchange.money.repay(ALICE, {
      asset: coin('BTC'),
      amount: amount === null ? null : money(amount),
      convert,
    });
  assert.deepEqual(unwrap(await repay('0.02')), [{ asset: 'BTC', amount: money('0.02') }]);
  assert.deepEqual(unwrap(await repay(null)), [{ asset: 'BTC', amount: money('0.04') }]);
  assert.deepEqual(loan(exchange, 'BTC'), ['0.04', '0.04', '-0.04']);
  assert.equal(await refusal(repay(null)), 'NOTHING_TO_PAY_WITH');
  // With other coins: 0.04 bitcoins for 2,000 of the 12,000 USDT.
  assert.deepEqual(unwrap(await repay(null, true)), [{ asset: 'BTC', amount: money('0.04') }]);
  assert.equal(wallet(exchange, 'USDT'), '10000');
  assert.deepEqual([wallet(exchange, 'BTC'), loan(exchange, 'BTC')], ['0', ['0', '0', '0']]);
  assert.equal(await refusal(repay(null)), 'NOTHING_OWED');
  assert.deepEqual(exchange.leaks(), []);
});

test('an order on margin spends what is not there, and the debt is covered with other coins', async () => {
  const { exchange } = await opened();
  const short = market(BTC, 'sell', '0.1', { leverage: true });
  await placed(exchange, BOB, limit(BTC, 'buy', '1', '50000'));
  assert.equal(await refusal(exchange.place(ALICE, short)), 'INSUFFICIENT_BALANCE', 'spot margin is off');
  unwrap(await exchange.changeSettings(ALICE, { spotMargin: { on: true, leverage: money('5') } }));
  await placed(exchange, ALICE, short);
  assert.deepEqual([wallet(exchange, 'BTC'), wallet(exchange, 'USDT')], ['-0.1', '15000']);
  assert.deepEqual(loan(exchange, 'BTC'), ['0', '0.1', '-0.1']);
  assert.deepEqual(exchange.leaks(), []);
  const off = { spotMargin: { on: false, leverage: money('5') } };
  assert.equal(await refusal(exchange.changeSettings(ALICE, off)), 'SPOT_MARGIN_IN_USE');
  const paid = unwrap(await exchange.money.coverDebts(ALICE, null));
  assert.deepEqual(paid, [{ asset: 'BTC' as AssetId, amount: money('0.1') }]);
  assert.deepEqual([wallet(exchange, 'BTC'), wallet(exchange, 'USDT')], ['0', '10000']);
  unwrap(await exchange.money.borrow(ALICE, coin('BTC'), money('0.1')));
  assert.equal(await refusal(exchange.money.coverDebts(ALICE, coin('BTC'))), 'LOAN_BY_REQUEST');
  assert.deepEqual(exchange.leaks(), []);
});

test('loans survive a restart', async () => {
  const journal = new MemoryJournal();
  const first = await opened({ journal });
  unwrap(await first.exchange.money.borrow(ALICE, coin('BTC'), money('0.1')));
  const second = await opened({ journal: journal.reopen() });
  assert.deepEqual(loan(second.exchange, 'BTC'), ['0.1', '0.1', '0']);
  assert.deepEqual(second.exchange.groundTruth(), first.exchange.groundTruth());
  assert.deepEqual(second.exchange.leaks(), []);
});
