import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PartitionId } from '../../src/domain/ids.ts';
import { unwrap } from '../../src/domain/result.ts';
import { JournalClosed } from '../../src/ports/journal.ts';
import { uniform } from '../../src/ports/rng.ts';
import type { Store } from '../../src/ports/store.ts';
import { exactly } from './random.ts';
import { Sim, type Started } from './sim.ts';
import type { SimDisk } from './sim-disk.ts';

const A = 'account:a' as PartitionId;
const B = 'account:b' as PartitionId;
const bytes = (text: string): Uint8Array => Buffer.from(text);
const texts = (store: Store, partition = A): string[] =>
  [...store.journal.read(partition, 1)].map(({ payload }) => Buffer.from(payload).toString());

function setUp(seed = 1): { sim: Sim; disk: SimDisk; gateway: Started; store: Store } {
  const sim = new Sim(seed);
  const disk = sim.disk('data');
  disk.setCommitTime(exactly(3));
  const gateway = sim.start('gateway');
  return { sim, disk, gateway, store: unwrap(disk.openStore(gateway.process)) };
}

test('what one event and its microtasks append is one commit; the next gathers meanwhile', async () => {
  const { sim, gateway, store } = setUp();
  const durable: string[] = [];
  const append = (text: string, partition = A): void => {
    store.journal.append(partition, [bytes(text)]);
    store.journal.whenDurable(() => durable.push(`${text} at ${sim.clock.monotonic()}`));
  };
  gateway.process.clock.after(1, () => {
    append('1');
    void Promise.resolve().then(() => append('2', B));
  });
  gateway.process.clock.after(2, () => append('3'));
  gateway.process.clock.after(3.5, () => append('4'));
  await sim.clock.runFor(3.9);
  assert.deepEqual([durable, texts(store)], [[], []]);
  await sim.clock.runFor(10);
  assert.deepEqual(durable, ['1 at 4', '2 at 4', '3 at 7', '4 at 7']);
  assert.deepEqual(texts(store), ['1', '3', '4']);
  assert.deepEqual(store.journal.partitions(), [A, B]);
});

test('sequences go on after a restart; reads start anywhere; nothing that the caller changes later matters', async () => {
  const { sim, disk, gateway, store } = setUp();
  const record = bytes('one');
  assert.equal(store.journal.append(A, [record, bytes('two')]), 1);
  record.fill(0);
  await sim.clock.runFor(10);
  gateway.process.kill();
  const again = unwrap(disk.openStore(sim.start('gateway').process));
  assert.equal(again.journal.append(A, [bytes('three')]), 3);
  await sim.clock.runFor(10);
  assert.deepEqual(
    [...again.journal.read(A, 2)].map(({ seq }) => seq),
    [2, 3],
  );
  assert.deepEqual(texts(again), ['one', 'two', 'three']);
});

test('a crash loses what was not committed; the commit under way is there whole or not at all', async () => {
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 40; seed += 1) {
    const { sim, disk, gateway, store } = setUp(seed);
    store.journal.append(A, [bytes('committed')]);
    await sim.clock.runFor(5);
    store.journal.append(A, [bytes('under way 1'), bytes('under way 2')]);
    store.journal.whenDurable(() => assert.fail('released'));
    await sim.clock.runFor(1);
    store.journal.append(A, [bytes('never')]);
    gateway.process.kill();
    store.journal.append(A, [bytes('by the dead')]);
    await sim.clock.runFor(50);
    outcomes.add(texts(unwrap(disk.openStore(sim.start('gateway').process))).join());
  }
  assert.deepEqual([...outcomes].sort(), ['committed', 'committed,under way 1,under way 2']);
});

test('what was told to be durable is there after any crash, and what is there is a prefix', async () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const sim = new Sim(seed);
    const disk = sim.disk('data');
    const rng = sim.rng('test');
    let acknowledged = 0;
    for (let life = 0; life < 4; life += 1) {
      const { process } = sim.start('gateway');
      const { journal } = unwrap(disk.openStore(process));
      const found = disk.records(A).length;
      assert.ok(found >= acknowledged);
      assert.deepEqual(
        texts(unwrapStore(journal)),
        Array.from({ length: found }, (_, i) => `${i + 1}`),
      );
      let next = found;
      const tick = (): void => {
        next += 1;
        const mine = next;
        journal.append(A, [bytes(`${mine}`)]);
        journal.whenDurable(() => {
          acknowledged = mine;
        });
        process.clock.after(uniform(rng), tick);
      };
      tick();
      await sim.clock.runFor(uniform(rng) * 20);
      if (uniform(rng) < 0.3) process.pause();
      await sim.clock.runFor(uniform(rng) * 3);
      if (uniform(rng) < 0.5) process.kill();
      else process.vanish();
    }
  }
});
const unwrapStore = (journal: Store['journal']): Store => ({ journal }) as unknown as Store;

test('a failed commit closes the journal for ever, is told once and counted; a restart opens it again', async () => {
  const landed = new Set<number>();
  for (let seed = 0; seed < 20; seed += 1) {
    const { sim, disk, gateway, store } = setUp(seed);
    const failures: string[] = [];
    store.journal.onFailure((error) => failures.push(error.message));
    disk.failNextCommit('H10');
    store.journal.append(A, [bytes('lost')]);
    store.journal.whenDurable(() => assert.fail('released'));
    const saved = store.meta.set('k', 'v').then(
      () => 'saved',
      () => 'refused',
    );
    await sim.clock.runFor(10);
    assert.equal(await saved, 'refused');
    assert.throws(() => store.journal.append(A, [bytes('more')]), JournalClosed);
    store.journal.whenDurable(() => assert.fail('released'));
    store.journal.onFailure(() => failures.push('late'));
    await sim.clock.runFor(10);
    assert.deepEqual(failures, ['the journal cannot be written: simulated failure of data', 'late']);
    assert.equal(sim.faultCounts.of('H10'), 1);
    gateway.process.kill();
    const again = unwrap(disk.openStore(sim.start('gateway').process));
    landed.add(texts(again).length);
    again.journal.append(A, [bytes('works')]);
    await sim.clock.runFor(10);
  }
  assert.deepEqual([...landed].sort(), [0, 1], 'the bytes of a failed sync may be there or not');
});

test('one process at a time; a damaged store does not open', async () => {
  const { sim, disk, gateway, store } = setUp();
  const other = sim.start('other');
  const refused = disk.openStore(other.process);
  assert.ok(!refused.ok && refused.error.code === 'DATA_DIR_IN_USE');
  store.journal.append(A, [bytes('1')]);
  const closed = store.close();
  await sim.clock.runFor(10);
  await closed;
  assert.throws(() => store.journal.append(A, [bytes('2')]), JournalClosed);
  const next = unwrap(disk.openStore(other.process));
  assert.deepEqual(texts(next), ['1']);
  other.process.kill();
  gateway.process.kill();
  disk.corrupt(A, 1);
  const corrupt = disk.openStore(sim.start('gateway').process);
  assert.ok(!corrupt.ok && corrupt.error.code === 'JOURNAL_CORRUPT');
});

test('snapshots and meta join the commits and survive', async () => {
  const { sim, disk, gateway, store } = setUp();
  store.journal.append(A, [bytes('1'), bytes('2')]);
  const done: string[] = [];
  void store.journal.saveSnapshot(A, 2, bytes('state')).then(() => done.push('snapshot'));
  void store.meta.set('environment', 'paper').then(() => done.push('meta'));
  await assert.rejects(store.journal.saveSnapshot(A, 3, bytes('x')), /ahead of its records/);
  assert.equal(store.journal.latestSnapshot(A), null);
  await sim.clock.runFor(10);
  assert.deepEqual(done.sort(), ['meta', 'snapshot']);
  gateway.process.kill();
  const again = unwrap(disk.openStore(sim.start('gateway').process));
  assert.equal(Buffer.from(again.journal.latestSnapshot(A)?.state ?? []).toString(), 'state');
  assert.equal(again.meta.get('environment'), 'paper');
});
