import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { contentHash } from '../adapters/sqlite/records/dump.ts';
import { encoded, partitionOf, Scribe } from '../adapters/sqlite/records/testing/events.ts';
import { openStore } from '../adapters/sqlite/store.ts';
import { unwrap } from '../domain/result.ts';
import { CommandError } from './exit.ts';
import { rebuildRecords, verifyRecords } from './records.ts';

const root = mkdtempSync(join(tmpdir(), 'okd-records-'));
after(() => rmSync(root, { recursive: true }));
const silent = (): void => {};

/** An instance that has stopped, after some orders. Returns how many records its journal has. */
async function instance(dir: string): Promise<number> {
  const store = unwrap(await openStore(dir));
  const [buyer, seller] = [new Scribe('a1'), new Scribe('a2')];
  const bought = [buyer.opened(1), buyer.deposited(1, 'USDT', '1000')];
  const sold = [seller.opened(2), seller.deposited(1, 'BTC', '5')];
  for (const seq of [1, 3]) bought.push(...buyer.filled({ seq, ms: seq * 10 }));
  for (const seq of [1, 2]) sold.push(...seller.filled({ seq, ms: seq * 10, side: 'sell' }));
  bought.push(...buyer.canceled({ seq: 2, ms: 50 }));
  store.journal.append(partitionOf('a1'), encoded(bought));
  store.journal.append(partitionOf('a2'), encoded(sold));
  await store.close();
  return bought.length + sold.length;
}

function change(dir: string, sql: string): void {
  const db = new DatabaseSync(join(dir, 'records.db'));
  db.exec(sql);
  db.close();
}

function hashOf(dir: string): string {
  const db = new DatabaseSync(join(dir, 'records.db'), { readOnly: true });
  const hash = contentHash(db);
  db.close();
  return hash;
}

test('a rebuild makes the same tables again, whatever was done to them', async () => {
  const dir = join(root, 'rebuild');
  const records = await instance(dir);
  const first = await rebuildRecords(dir, silent);
  assert.equal(first.records, records);
  const hash = hashOf(dir);
  change(dir, "UPDATE orders SET status = 'rejected'; DELETE FROM ledger");
  assert.notEqual(hashOf(dir), hash);
  await rebuildRecords(dir, silent);
  assert.equal(hashOf(dir), hash);
});

test('the check folds what is missing, agrees with the accounts, and names what was tampered with', async () => {
  const dir = join(root, 'verify');
  await instance(dir);
  assert.deepEqual(await verifyRecords(dir, silent), { accounts: 2, orders: 5, lines: 16, problems: [] });
  change(dir, "UPDATE ledger SET total = '1001' WHERE account = 'a1' AND cause = 'deposit'");
  change(
    dir,
    "UPDATE ledger SET total = '1.5' WHERE account = 'a2' AND order_seq = 2 AND asset = 'USDT' AND moves = 1",
  );
  change(dir, "UPDATE executions SET qty = '0.9' WHERE account = 'a1' AND order_seq = 1");
  change(dir, "UPDATE orders SET status = 'filled' WHERE account = 'a1' AND seq = 2");
  const { problems } = await verifyRecords(dir, silent);
  assert.deepEqual(problems, [
    'a1 USDT: ledger 801, balance 800',
    'a1 USDT: 7 lines do not follow from the line before',
    'a1 o-1: quantity of its executions is 0.9, should be 1',
    'a1 o-2: is filled, the account says canceled',
    'a2 USDT: ledger 101.5, balance 200',
    'a2 USDT: 1 lines do not follow from the line before',
    'USDT between the parties of trades is 98.5, should be 0',
  ]);
});

test('a directory without an instance, or one that runs, is refused and left alone', async () => {
  const refused = async (dir: string): Promise<string> => {
    const error: unknown = await rebuildRecords(dir, silent).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof CommandError);
    return error.code;
  };
  assert.equal(await refused(join(root, 'nowhere')), 'DATA_DIR_NOT_FOUND');
  assert.ok(!existsSync(join(root, 'nowhere')));
  const dir = join(root, 'running');
  const store = unwrap(await openStore(dir));
  assert.equal(await refused(dir), 'DATA_DIR_IN_USE');
  await store.close();
});
