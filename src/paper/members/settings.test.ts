import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../domain/decimal.ts';
import { type AssetId, instrumentId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { ALICE, BTC as SPOT, byId, limit, openHarness, PERP, placed, withBalances } from '../testing/harness.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';

const USDT = 'USDT' as AssetId;
const BTC = 'BTC' as AssetId;
const SUB = { username: 'desk2one', kind: 'normal', note: '' } as const;

test('a coin stays collateral while it is what the margin stands on, and USDT always', async () => {
  const { exchange } = await openHarness({ config: withBalances({ USDT: '10', BTC: '1' }) });
  const off = async (...notCollateral: AssetId[]) => {
    const answer = await exchange.changeSettings(ALICE, { notCollateral });
    return answer.ok ? 'ok' : answer.error.code;
  };
  assert.equal(await off(USDT), 'COLLATERAL_FIXED');
  assert.equal(await off(BTC), 'ok', 'nothing is open');
  assert.equal(await off(), 'ok');
  const orderId = await placed(exchange, ALICE, limit(PERP, 'buy', '1', '60000'));
  assert.equal(await off(BTC), 'COLLATERAL_IN_USE');
  assert.deepEqual(exchange.settings(ALICE).notCollateral, []);
  unwrap(await exchange.cancel(ALICE, byId(PERP, orderId)));
  assert.equal(await off(BTC), 'ok');
  const refused = await exchange.place(ALICE, limit(PERP, 'buy', '1', '60000'));
  assert.equal(refused.ok ? '' : refused.error.code, 'INSUFFICIENT_BALANCE');
});

test('two changes at once are made one after the other: neither loses what the other set', async () => {
  const { exchange } = await openHarness();
  const add = (coin: string) =>
    exchange.changeSettings(ALICE, ({ notCollateral }) => ({ notCollateral: [...notCollateral, coin as AssetId] }));
  await Promise.all([add('BTC'), add('ETH'), add('SOL')]);
  assert.deepEqual(exchange.settings(ALICE).notCollateral, ['BTC', 'ETH', 'SOL']);
});

test('play money comes in and goes out, never more than could be moved out, and survives a restart', async () => {
  const journal = new MemoryJournal();
  const { exchange } = await openHarness({ journal, config: withBalances({ USDT: '1000' }) });
  unwrap(
    await exchange.adjustMoney(ALICE, [
      { asset: USDT, amount: money('500') },
      { asset: BTC, amount: money('0.5') },
    ]),
  );
  assert.equal(exchange.transferable(ALICE, USDT), money('1500'));
  await placed(exchange, ALICE, limit(SPOT, 'buy', '0.01', '60000'));
  const tooMuch = await exchange.adjustMoney(ALICE, [{ asset: USDT, amount: money('-901') }]);
  assert.equal(tooMuch.ok ? '' : tooMuch.error.code, 'TRANSFER_BALANCE');
  unwrap(await exchange.adjustMoney(ALICE, [{ asset: USDT, amount: money('-900') }]));
  assert.equal(exchange.transferable(ALICE, USDT), money('0'));
  assert.deepEqual(exchange.leaks(), []);
  await exchange.close();
  const again = await openHarness({ journal, config: withBalances({ USDT: '1000' }) });
  assert.equal(again.exchange.wallet(ALICE).coins.find(({ asset }) => asset === USDT)?.wallet, money('600'));
  assert.deepEqual(again.exchange.leaks(), []);
});

test('a demo account is a sub-account that begins with money, and each has a name of its own', async () => {
  const { exchange } = await openHarness();
  const first = unwrap(await exchange.createDemoMember(ALICE));
  const second = unwrap(await exchange.createDemoMember(ALICE));
  assert.deepEqual([first.parent, first.username, second.username], [ALICE, 'demo0001', 'demo0002']);
  assert.equal(exchange.transferable(first.uid, USDT), money('50000'));
  assert.equal(exchange.transferable(first.uid, BTC), money('1'));
  const nested = await exchange.createDemoMember(first.uid);
  assert.equal(nested.ok ? '' : nested.error.code, 'NOT_MASTER');
  assert.deepEqual(exchange.leaks(), []);
});

test('a frozen sub-account gets no keys', async () => {
  const { exchange } = await openHarness();
  const { uid } = unwrap(await exchange.createSubMember(ALICE, SUB));
  unwrap(await exchange.freezeSubMember(ALICE, uid, true));
  const made = await exchange.createSubKey(ALICE, { uid, readOnly: false, permissions: {}, ips: [], note: '' });
  assert.equal(made.ok ? '' : made.error.code, 'SUB_MEMBER_FROZEN');
});

test('inverse contracts trade only while their coin is collateral, in cross margin', async () => {
  const inverse = instrumentId('inverse', 'BTCUSD');
  const { exchange } = await openHarness({ config: { instruments: undefined } });
  await exchange.control.setReference(inverse, money('60000'));
  const place = async () => {
    const answer = await exchange.place(ALICE, limit(inverse, 'buy', '100', '60000'));
    return answer.ok ? 'ok' : answer.error.code;
  };
  unwrap(await exchange.changeSettings(ALICE, { notCollateral: [BTC] }));
  assert.equal(await place(), 'SETTLE_NOT_COLLATERAL');
  unwrap(await exchange.changeSettings(ALICE, { notCollateral: [] }));
  assert.equal(await place(), 'ok');
});

test('accounts that the configuration puts into one group are in it from the first day on', async () => {
  const journal = new MemoryJournal();
  const grouped = (smpGroup: number) => ({
    accounts: [{ uid: ALICE, apiKey: 'key1001', apiSecret: 'secret1001', balances: { USDT: '1000' }, smpGroup }],
  });
  const { exchange } = await openHarness({ journal, config: grouped(7) });
  assert.equal(exchange.settings(ALICE).smpGroup, 7);
  unwrap(await exchange.changeSettings(ALICE, { deltaMode: true }));
  await exchange.close();
  const again = await openHarness({ journal, config: grouped(8) });
  assert.deepEqual([again.exchange.settings(ALICE).smpGroup, again.exchange.settings(ALICE).deltaMode], [7, true]);
});
