import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountId } from '../../../domain/ids.ts';
import { unwrap } from '../../../domain/result.ts';
import type { Log } from '../../../ports/log.ts';
import type { OrderQuery, Records } from '../../../ports/records.ts';
import type { Store } from '../../../ports/store.ts';
import { openStore } from '../store.ts';
import { RECORDS_FILE } from './database.ts';
import { openRecords } from './records.ts';
import { encoded, partitionOf, Scribe } from './testing/events.ts';

const root = mkdtempSync(join(tmpdir(), 'okd-records-'));
after(() => rmSync(root, { recursive: true }));

const partition = partitionOf('a1');
const scribe = new Scribe('a1');
const query = (seq: number | null, limit = 100): OrderQuery => ({
  account: 'a1' as AccountId, limit, cursor: null, from: null, to: null, mark: seq === null ? null : { partition, seq },
  instrument: null, category: null, status: null, clientOrderId: null, decisions: false,
}); // biome-ignore format: short members together

/** A log that keeps what it was told. */
function keeping(): { log: Log; events: string[] } {
  const events: string[] = [];
  const note = (event: string): void => void events.push(event);
  return { events, log: { debug: note, info: note, warn: note, error: note } };
}

const durable = (store: Store): Promise<void> => new Promise((resolve) => store.journal.whenDurable(resolve));

/** Appends whole orders; returns the journal's last sequence. */
function trade(store: Store, from: number, to: number): number {
  let last = 0;
  for (let seq = from; seq <= to; seq += 1) {
    const events = encoded([...(seq === 1 ? [scribe.opened()] : []), ...scribe.filled({ seq, ms: seq * 10 })]);
    last = store.journal.append(partition, events) + events.length - 1;
  }
  return last;
}

async function shown(records: Records, seq: number | null): Promise<{ count: number; stale: boolean }> {
  const answer = await records.orders(query(seq, 500));
  assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
  return { count: answer.value.items.length, stale: answer.value.stale };
}

test('a read after an acknowledged write sees it, whether it was written before the start or just now', async () => {
  const store = unwrap(await openStore(join(root, 'live')));
  const before = trade(store, 1, 100);
  await durable(store);
  const records = openRecords(join(root, 'live'));
  assert.deepEqual(await shown(records, before), { count: 100, stale: false });
  for (let i = 101; i <= 110; i += 1) {
    const last = trade(store, i, i);
    await durable(store);
    assert.deepEqual(await shown(records, last), { count: i, stale: false });
    assert.ok(records.projectedSeq(partition) >= last);
  }
  const pending = trade(store, 111, 111);
  assert.deepEqual(
    await shown(records, pending),
    { count: 111, stale: false },
    'a commit that is under way is waited for',
  );
  await records.close();
  await store.close();
});

test('an answer that cannot include its mark comes after half a second and says so', async () => {
  const store = unwrap(await openStore(join(root, 'stale')));
  const last = trade(store, 1, 3);
  await durable(store);
  const records = openRecords(join(root, 'stale'));
  assert.deepEqual(await shown(records, last), { count: 3, stale: false });
  const started = performance.now();
  const waiting = shown(records, last + 5);
  assert.deepEqual(await shown(records, null), { count: 3, stale: false }, 'nobody else waits');
  assert.ok(performance.now() - started < 400);
  assert.deepEqual(await waiting, { count: 3, stale: true });
  assert.ok(performance.now() - started >= 500);
  await records.close();
  await store.close();
});

test('it follows without being asked, ends when closed, and goes on later', async () => {
  const dir = join(root, 'follow');
  const store = unwrap(await openStore(dir));
  const records = openRecords(dir);
  const last = trade(store, 1, 20);
  for (let i = 0; i < 100 && records.projectedSeq(partition) < last; i += 1) await sleep(20);
  assert.equal(records.projectedSeq(partition), last);
  await records.close();
  await records.close();
  const refused = await records.orders(query(null));
  assert.equal(refused.ok ? 'ok' : refused.error.code, 'RECORDS_UNAVAILABLE');
  const later = trade(store, 21, 22);
  await durable(store);
  const again = openRecords(dir);
  assert.deepEqual(await shown(again, later), { count: 22, stale: false });
  await again.close();
  await store.close();
});

test('tables that turn out damaged while in use are dropped and made again', async () => {
  const dir = join(root, 'damaged');
  const store = unwrap(await openStore(dir));
  const last = trade(store, 1, 50);
  await durable(store);
  const first = openRecords(dir);
  assert.equal((await shown(first, last)).count, 50);
  await first.close();
  ruin(join(dir, RECORDS_FILE), 'orders');
  const { log, events } = keeping();
  const records = openRecords(dir, log);
  const refused = await records.orders(query(null));
  assert.equal(refused.ok ? 'ok' : refused.error.code, 'RECORDS_UNAVAILABLE');
  for (let i = 0; i < 200 && events.length < 2; i += 1) await sleep(20);
  assert.deepEqual(await shown(records, last), { count: 50, stale: false });
  assert.deepEqual(events, ['records_stalled', 'records_following'], 'said once each');
  await records.close();
  await store.close();
});

/** Overwrites the root page of a table. */
function ruin(path: string, table: string): void {
  const db = new DatabaseSync(path, { readOnly: true });
  const { rootpage } = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table) as {
    rootpage: number;
  };
  db.close();
  const bytes = readFileSync(path);
  bytes.fill(0xa5, (rootpage - 1) * 4096, rootpage * 4096);
  writeFileSync(path, bytes);
}

test('a thread that dies is started again', async () => {
  const dir = mkdtempSync(join(root, 'dead-'));
  const { log, events } = keeping();
  const records = openRecords(dir, log);
  const refused = await records.orders(query(null));
  assert.equal(refused.ok ? 'ok' : refused.error.code, 'RECORDS_UNAVAILABLE', 'there is no journal to follow');
  const store = unwrap(await openStore(dir));
  const last = trade(store, 1, 2);
  for (let i = 0; i < 200 && records.projectedSeq(partition) < last; i += 1) await sleep(20);
  assert.deepEqual(await shown(records, last), { count: 2, stale: false });
  assert.deepEqual(events.slice(0, 1), ['records_thread_crashed']);
  await records.close();
  await store.close();
});
