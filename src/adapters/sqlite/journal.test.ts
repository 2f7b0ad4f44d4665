import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { PartitionId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { JournalClosed } from '../../ports/journal.ts';
import type { Store } from '../../ports/store.ts';
import { createDiskFaults } from './faults.ts';
import { openStore, type StoreOptions } from './store.ts';

const root = mkdtempSync(join(tmpdir(), 'okd-journal-'));
after(() => rmSync(root, { recursive: true }));
let dirs = 0;
const newDir = (): string => {
  dirs += 1;
  return join(root, `d${dirs}`);
};
const open = async (dir: string, options: StoreOptions = {}): Promise<Store> => unwrap(await openStore(dir, options));

const A = 'account:a' as PartitionId;
const B = 'book:spot:BTCUSDT' as PartitionId;
const bytes = (text: string): Uint8Array => Buffer.from(text);
const texts = (store: Store, partition: PartitionId, fromSeq = 1): string[] =>
  [...store.journal.read(partition, fromSeq)].map(({ seq, payload }) => `${seq}:${Buffer.from(payload)}`);
const durable = (store: Store): Promise<void> => new Promise((resolve) => store.journal.whenDurable(resolve));

test('records come back in order, from any sequence, also after a restart', async () => {
  const dir = newDir();
  const store = await open(dir);
  assert.equal(store.journal.append(A, [bytes('one'), bytes('two')]), 1);
  assert.equal(store.journal.append(B, [bytes('x')]), 1);
  assert.equal(store.journal.append(A, [bytes('three')]), 3);
  await durable(store);
  assert.equal(store.journal.append(A, [bytes('four'), bytes('')]), 4);
  await durable(store);
  assert.deepEqual(texts(store, A), ['1:one', '2:two', '3:three', '4:four', '5:']);
  assert.deepEqual(texts(store, A, 3), ['3:three', '4:four', '5:']);
  await store.close();

  const again = await open(dir);
  assert.deepEqual(texts(again, A, 2), ['2:two', '3:three', '4:four', '5:']);
  assert.deepEqual(texts(again, B), ['1:x']);
  assert.deepEqual(again.journal.partitions(), [A, B]);
  assert.equal(again.journal.append(A, [bytes('six')]), 6);
  await again.close();
});

test('a journal that is closed has not failed, however late its thread is heard', async () => {
  const failures: Error[] = [];
  for (let round = 0; round < 5; round += 1) {
    const store = await open(newDir());
    store.journal.onFailure((error) => failures.push(error));
    const closing = store.close();
    await new Promise((resolve) => setImmediate(resolve));
    for (const end = performance.now() + 30; performance.now() < end; ); // the thread's last words and its end come at once
    await closing;
  }
  assert.deepEqual(failures, []);
});

test('what is not durable yet is not read', async () => {
  const store = await open(newDir());
  store.journal.append(A, [bytes('one')]);
  assert.deepEqual(texts(store, A), []);
  await durable(store);
  assert.deepEqual(texts(store, A), ['1:one']);
  await store.close();
});

test('the appends of one turn of the event loop are one commit, released in the order of the calls', async () => {
  const faults = createDiskFaults();
  const store = await open(newDir(), { faults });
  const released: string[] = [];
  store.journal.append(A, [bytes('1')]);
  store.journal.whenDurable(() => released.push('first'));
  await Promise.resolve(); // a microtask later it is still the same turn
  store.journal.append(B, [bytes('2')]);
  store.journal.whenDurable(() => released.push('second'));
  faults.failNextCommit('EIO'); // one commit, so one failure takes both
  await new Promise<void>((resolve) => store.journal.onFailure(() => resolve()));
  assert.deepEqual(released, []);
  await store.close();
});

test('appends gather while a commit is under way', async () => {
  const faults = createDiskFaults();
  const store = await open(newDir(), { faults });
  faults.delayCommits(20);
  const released: number[] = [];
  for (let i = 0; i < 30; i += 1) {
    store.journal.append(A, [bytes(String(i))]);
    store.journal.whenDurable(() => released.push(i));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const started = performance.now();
  await durable(store);
  assert.ok(performance.now() - started < 200, 'thirty commits one after another would take 600 ms');
  assert.deepEqual(released, [...Array(30).keys()]);
  await store.close();
});

test('whenDurable calls back even when nothing is under way, never before it returns', async () => {
  const store = await open(newDir());
  let called = false;
  store.journal.whenDurable(() => {
    called = true;
  });
  assert.equal(called, false);
  await durable(store);
  assert.equal(called, true);
  await store.close();
});

for (const code of ['ENOSPC', 'EIO'] as const) {
  test(`after ${code} the journal is closed for ever, tells it once and releases nothing`, async () => {
    const dir = newDir();
    const faults = createDiskFaults();
    const store = await open(dir, { faults });
    store.journal.append(A, [bytes('safe')]);
    await durable(store);
    const failures: string[] = [];
    store.journal.onFailure((error) => failures.push(error.message));
    faults.failNextCommit(code);
    store.journal.append(A, [bytes('lost')]);
    store.journal.whenDurable(() => assert.fail('released'));
    await new Promise<void>((resolve) => store.journal.onFailure(() => resolve()));
    assert.throws(() => store.journal.append(A, [bytes('more')]), JournalClosed);
    assert.throws(() => store.journal.assertOpen(), JournalClosed);
    store.journal.whenDurable(() => assert.fail('released'));
    await assert.rejects(store.journal.saveSnapshot(A, 1, bytes('state')), JournalClosed);
    await assert.rejects(store.meta.set('a', 'b'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(failures, [`the journal cannot be written: injected ${code}`]);
    await new Promise<void>((resolve) => store.journal.onFailure(() => resolve())); // told too when asked late
    await store.close();
    const again = await open(dir);
    assert.deepEqual(texts(again, A), ['1:safe']);
    await again.close();
  });
}

test('what gathered behind a commit that fails is not released either', async () => {
  const faults = createDiskFaults();
  const store = await open(newDir(), { faults });
  faults.delayCommits(15);
  faults.failNextCommit('EIO');
  store.journal.append(A, [bytes('1')]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  store.journal.append(A, [bytes('2')]);
  store.journal.whenDurable(() => assert.fail('released'));
  await new Promise<void>((resolve) => store.journal.onFailure(() => resolve()));
  await new Promise((resolve) => setTimeout(resolve, 30));
  await store.close();
});

test('the latest snapshot survives a restart, older ones than the one before it are dropped', async () => {
  const dir = newDir();
  const store = await open(dir);
  assert.equal(store.journal.latestSnapshot(A), null);
  const large = new Uint8Array(700_000).map((_, i) => i * 7);
  for (let seq = 1; seq <= 4; seq += 1) {
    store.journal.append(A, [bytes(`${seq}`)]);
    await store.journal.saveSnapshot(A, seq, seq === 4 ? large : bytes(`state ${seq}`));
  }
  await store.close();
  const again = await open(dir, { verify: 'since_snapshot' });
  const latest = again.journal.latestSnapshot(A);
  assert.equal(latest?.seq, 4);
  assert.ok(Buffer.from(latest?.state ?? []).equals(large));
  assert.deepEqual(texts(again, A, 4), ['4:4']);
  assert.equal(again.journal.append(A, [bytes('5')]), 5);
  await again.close();
});

test('a snapshot of records that were never appended is a bug', async () => {
  const store = await open(newDir());
  await assert.rejects(store.journal.saveSnapshot(A, 1, bytes('state')), /ahead of its records/);
  await store.close();
});

test('commits go on between the chunks of a large snapshot', async () => {
  const faults = createDiskFaults();
  const store = await open(newDir(), { faults });
  store.journal.append(A, [bytes('1')]);
  await durable(store);
  faults.delayCommits(4);
  const order: string[] = [];
  const saved = store.journal.saveSnapshot(A, 1, new Uint8Array(2_000_000)).then(() => order.push('snapshot'));
  store.journal.append(A, [bytes('2')]);
  store.journal.whenDurable(() => order.push('record'));
  await saved;
  assert.deepEqual(order, ['record', 'snapshot']);
  await store.close();
});

test('a snapshot that was cut short by closing leaves nothing that is taken for one', async () => {
  const dir = newDir();
  const store = await open(dir);
  store.journal.append(A, [bytes('1')]);
  const saved = store.journal.saveSnapshot(A, 1, new Uint8Array(3_000_000).fill(1)).then(
    () => 'saved',
    () => 'cut short',
  );
  await durable(store);
  await store.close();
  assert.equal(await saved, 'cut short');
  const again = await open(dir);
  assert.equal(again.journal.latestSnapshot(A), null);
  await again.journal.saveSnapshot(A, 1, bytes('small'));
  assert.equal(Buffer.from(again.journal.latestSnapshot(A)?.state ?? []).toString(), 'small');
  await again.close();
});

test('meta values are durable when set resolves', async () => {
  const dir = newDir();
  const store = await open(dir);
  assert.equal(store.meta.get('environment'), null);
  await store.meta.set('environment', 'paper');
  await store.meta.set('instance', 'a1b2');
  assert.equal(store.meta.get('environment'), 'paper');
  await store.close();
  const again = await open(dir);
  assert.equal(again.meta.get('instance'), 'a1b2');
  await again.close();
});

test('files are for the owner alone', async () => {
  const dir = newDir();
  const store = await open(dir);
  store.journal.append(A, [bytes('1')]);
  await durable(store);
  assert.equal(statSync(dir).mode & 0o777, 0o700);
  for (const file of ['journal.db', 'journal.db-wal', 'lock.db', 'owner.pid']) {
    assert.equal(statSync(join(dir, file)).mode & 0o077, 0, file);
  }
  await store.close();
});

test('any appends in any turns: read back equal, restart or not', async () => {
  const turn = fc.array(fc.tuple(fc.constantFrom(A, B), fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 4 })));
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { maxLength: 8 }), fc.boolean(), async (turns, restart) => {
      const dir = newDir();
      let store = await open(dir);
      const expected = new Map<PartitionId, Uint8Array[]>([
        [A, []],
        [B, []],
      ]);
      for (const appends of turns) {
        for (const [partition, records] of appends) {
          const all = expected.get(partition) ?? [];
          assert.equal(store.journal.append(partition, records), all.length + 1);
          all.push(...records);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      await durable(store);
      if (restart) {
        await store.close();
        store = await open(dir);
      }
      for (const [partition, records] of expected) {
        const read = [...store.journal.read(partition, 1)];
        assert.deepEqual(
          read.map(({ seq }) => seq),
          records.map((_, i) => i + 1),
        );
        assert.deepEqual(
          read.map(({ payload }) => Buffer.from(payload)),
          records.map((r) => Buffer.from(r)),
        );
      }
      await store.close();
    }),
    { numRuns: 5 },
  );
});
