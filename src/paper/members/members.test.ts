import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../domain/decimal.ts';
import type { AssetId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import type { TransferEnd } from '../../ports/exchange.ts';
import type { PaperExchange } from '../paper.ts';
import { ALICE, BOB, BTC, limit, openHarness, PERP, placed, withBalances } from '../testing/harness.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';

const USDT = 'USDT' as AssetId;
const SUB = { username: 'desk2one', kind: 'normal', note: '' } as const;
const unified = (uid: string): TransferEnd => ({ uid, wallet: 'unified' });
const fund = (uid: string): TransferEnd => ({ uid, wallet: 'fund' });
let ids = 0;
const move = async (exchange: PaperExchange, uid: string, from: TransferEnd, to: TransferEnd, amount: string) => {
  ids += 1;
  const answer = await exchange.transfer(uid, {
    transferId: `id-${ids}`,
    asset: USDT,
    amount: money(amount),
    from,
    to,
  });
  return answer.ok ? 'ok' : answer.error.code;
};

test('a sub-account is its own account: it trades with what its master sends it, under its own key', async () => {
  const { exchange } = await openHarness();
  const { uid } = unwrap(await exchange.createSubMember(ALICE, SUB));
  assert.equal(await move(exchange, ALICE, unified(ALICE), unified(uid), '5000'), 'ok');
  const key = unwrap(await exchange.createSubKey(ALICE, { uid, readOnly: false, permissions: {}, ips: [], note: '' }));
  assert.equal(exchange.credential(key.apiKey)?.uid, uid);
  await placed(exchange, uid, limit(BTC, 'buy', '0.05', '60000'));
  assert.equal(exchange.transferable(uid, USDT), money('2000'));
  assert.deepEqual(exchange.leaks(), []);
});

test('whoever is no master, or not the master of that account, is refused', async () => {
  const { exchange } = await openHarness();
  const { uid } = unwrap(await exchange.createSubMember(ALICE, SUB));
  const again = await exchange.createSubMember(BOB, SUB);
  assert.equal(again.ok ? '' : again.error.code, 'USERNAME_TAKEN');
  const nested = await exchange.createSubMember(uid, { ...SUB, username: 'desk2two' });
  assert.equal(nested.ok ? '' : nested.error.code, 'NOT_MASTER');
  const stranger = await exchange.freezeSubMember(BOB, uid, true);
  assert.equal(stranger.ok ? '' : stranger.error.code, 'SUB_MEMBER_NOT_FOUND');
  assert.equal(await move(exchange, BOB, unified(ALICE), unified(BOB), '1'), 'TRANSFER_NOT_ALLOWED');
  assert.equal(await move(exchange, uid, unified(ALICE), unified(uid), '1'), 'TRANSFER_NOT_ALLOWED');
});

test('a frozen account has keys that open nothing, until it is thawed', async () => {
  const { exchange } = await openHarness();
  const { uid } = unwrap(await exchange.createSubMember(ALICE, SUB));
  const key = unwrap(
    await exchange.createSubKey(ALICE, { uid, readOnly: true, permissions: {}, ips: ['1.2.3.4'], note: '' }),
  );
  await exchange.freezeSubMember(ALICE, uid, true);
  assert.equal(exchange.credential(key.apiKey), null);
  await exchange.freezeSubMember(ALICE, uid, false);
  assert.deepEqual(exchange.credential(key.apiKey), key);
  assert.equal(key.expiresAt, null);
});

test('coins that are locked or needed as margin stay; the same transfer happens once', async () => {
  const { exchange } = await openHarness({ config: withBalances({ USDT: '1000000' }) });
  await placed(exchange, BOB, limit(PERP, 'sell', '1', '60000'));
  await placed(exchange, ALICE, limit(PERP, 'buy', '1', '60000'));
  await placed(exchange, ALICE, limit(BTC, 'buy', '10', '59000'));
  const most = exchange.transferable(ALICE, USDT);
  assert.equal(most, money('409967'), 'a million less what is locked and the fee; other margin is plenty');
  assert.equal(await move(exchange, ALICE, unified(ALICE), fund(ALICE), '409968'), 'TRANSFER_NOT_SAFE');
  assert.equal(await move(exchange, ALICE, unified(ALICE), fund(ALICE), '1000001'), 'TRANSFER_BALANCE');
  const once = { transferId: 'once', asset: USDT, amount: money('1000'), from: unified(ALICE), to: fund(ALICE) };
  unwrap(await exchange.transfer(ALICE, once));
  const twice = await exchange.transfer(ALICE, once);
  assert.equal(twice.ok ? '' : twice.error.code, 'TRANSFER_REPEATED');
  assert.equal(exchange.funding(ALICE).get(USDT), money('1000'));
  assert.equal(await move(exchange, ALICE, fund(ALICE), unified(ALICE), '1000.000000001'), 'TRANSFER_AMOUNT_INVALID');
  assert.deepEqual(exchange.leaks(), []);
});

test('users, keys, settings and the funding account outlive a restart', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  const { uid } = unwrap(await first.exchange.createSubMember(ALICE, SUB));
  const key = unwrap(
    await first.exchange.createSubKey(ALICE, { uid, readOnly: false, permissions: {}, ips: [], note: 'mine' }),
  );
  unwrap(await first.exchange.changeKey(BOB, 'key1002', { readOnly: true }));
  unwrap(await first.exchange.deleteKey(ALICE, 'key1003').then(() => first.exchange.deleteKey('1003', 'key1003')));
  unwrap(await first.exchange.changeSettings(ALICE, { smpGroup: 7 }));
  assert.equal(await move(first.exchange, ALICE, unified(ALICE), fund(uid), '12'), 'ok');
  await first.exchange.close();
  const { exchange } = await openHarness({ journal });
  assert.deepEqual(exchange.credential(key.apiKey), key);
  const changed = exchange.credential('key1002');
  assert.deepEqual([changed?.readOnly, changed?.apiSecret], [true, 'secret1002']);
  assert.equal(exchange.credential('key1003'), null);
  assert.equal(exchange.settings(ALICE).smpGroup, 7);
  assert.equal(exchange.funding(uid).get(USDT), money('12'));
  assert.deepEqual(exchange.leaks(), []);
});

test('only an empty sub-account can be deleted, and its uid is never given again', async () => {
  const { exchange } = await openHarness();
  const { uid } = unwrap(await exchange.createSubMember(ALICE, SUB));
  await move(exchange, ALICE, unified(ALICE), fund(uid), '1');
  const early = await exchange.deleteSubMember(ALICE, uid);
  assert.equal(early.ok ? '' : early.error.code, 'SUB_MEMBER_NOT_EMPTY');
  await move(exchange, ALICE, fund(uid), unified(ALICE), '1');
  unwrap(await exchange.deleteSubMember(ALICE, uid));
  assert.deepEqual(exchange.subMembers(ALICE), []);
  const next = unwrap(await exchange.createSubMember(ALICE, SUB));
  assert.notEqual(next.uid, uid);
});
