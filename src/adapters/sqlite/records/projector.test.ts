import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { MemoryJournal } from '../../../../test/support/memory-journal.ts';
import type { PlatformEvent } from '../../../clearing/platform.ts';
import { money } from '../../../domain/decimal.ts';
import type { AccountId, AssetId, PartitionId, VenueId } from '../../../domain/ids.ts';
import type { RegistryEvent } from '../../../oms/registry.ts';
import { PLATFORM_ACCOUNT } from '../../../ports/records.ts';
import { IN_MEMORY, openDatabase } from './database.ts';
import { RecordsEngine } from './engine.ts';
import { openInlineRecords } from './inline.ts';
import { Projector } from './projector.ts';
import { at, childIdOf, encoded, partitionOf, Scribe } from './testing/events.ts';

const one = new Scribe('a1');

function journalWith(partition: string, events: readonly unknown[], journal = new MemoryJournal()): MemoryJournal {
  journal.append(partition as PartitionId, encoded(events));
  return journal;
}

const everything = (projector: Projector): void => {
  while (projector.step(1_000).records > 0);
};

test('a batch is at most as large as asked, says where its partitions are, and none is left when all is folded', () => {
  const journal = journalWith(partitionOf('a1'), [one.opened(), ...one.filled({ seq: 1, ms: 10 })]);
  journalWith(partitionOf('a2'), [new Scribe('a2').opened(2)], journal);
  const projector = new Projector(openDatabase(IN_MEMORY), journal);
  assert.deepEqual(projector.step(4), { records: 4, positions: [[partitionOf('a1'), 4]] });
  assert.deepEqual(projector.step(4), { records: 3, positions: [[partitionOf('a2'), 1], [partitionOf('a1'), 6]] }, 'in turn'); // biome-ignore format: one line
  assert.deepEqual(projector.step(4), { records: 0, positions: [] });
  assert.equal(projector.projectedSeq(partitionOf('a1')), 6);
  assert.equal(projector.projectedSeq(partitionOf('nobody')), 0);
});

test('whom a reader waits for is folded first', () => {
  const journal = journalWith(partitionOf('a1'), [one.opened(), ...one.filled({ seq: 1, ms: 10 })]);
  journalWith(partitionOf('a2'), [new Scribe('a2').opened(2)], journal);
  const projector = new Projector(openDatabase(IN_MEMORY), journal);
  assert.deepEqual(projector.step(1, partitionOf('a2')).positions, [[partitionOf('a2'), 1]]);
});

test('a second projector on the same tables cannot fold a record twice', () => {
  const journal = journalWith(partitionOf('a1'), [one.opened(), ...one.filled({ seq: 1, ms: 10 })]);
  const db = openDatabase(IN_MEMORY);
  const late = new Projector(db, journal);
  everything(new Projector(db, journal));
  assert.throws(() => late.step(10), /UNIQUE constraint failed/);
  assert.equal(late.step(10).records, 0, 'it has read the positions again');
});

test('books and partitions that nobody projects are passed over', () => {
  const journal = journalWith('book:spot:BTCUSDT', [{ type: 'opened' }]);
  journalWith('users', [{ type: 'anything' }], journal);
  assert.equal(new Projector(openDatabase(IN_MEMORY), journal).step(10).records, 0);
});

test('tables of another journal are made anew', () => {
  const dir = mkdtempSync(join(tmpdir(), 'okd-records-'));
  const path = join(dir, 'records.db');
  const partition = partitionOf('a1');
  const orders = (journal: MemoryJournal): number => {
    const engine = RecordsEngine.open(path, journal);
    while (engine.step(100).records > 0);
    const { n } = engine.db.prepare('SELECT count(*) AS n FROM orders').get() as { n: number };
    engine.close();
    return n;
  };
  assert.equal(
    orders(
      journalWith(partition, [one.opened(), ...one.filled({ seq: 1, ms: 10 }), ...one.filled({ seq: 2, ms: 20 })]),
    ),
    2,
  );
  assert.equal(
    orders(journalWith(partition, [one.opened(), ...one.filled({ seq: 1, ms: 10 })])),
    1,
    'a journal that ends before',
  );
  assert.equal(
    orders(journalWith(partition, [one.opened(), ...one.filled({ seq: 1, ms: 11 })])),
    1,
    'as long, and other',
  );
  rmSync(dir, { recursive: true });
});

test("fees arrive in the platform's own ledger, and no client account can be it", async () => {
  const fees: PlatformEvent[] = [1, 2].map((n) => ({
    type: 'fee_booked', at: at(n), from: 4, n, asset: 'USDT' as AssetId, amount: money(`0.${n}`),
  })); // biome-ignore format: one line
  const journal = journalWith('platform', fees);
  journalWith(
    partitionOf('platform'),
    [new Scribe('platform').opened(), new Scribe('platform').deposited(5, 'USDT', '7')],
    journal,
  );
  const records = openInlineRecords(journal);
  const query = { limit: 10, cursor: null, from: null, to: null, mark: null, asset: null, cause: null, holds: false };
  const own = await records.ledger({ ...query, account: PLATFORM_ACCOUNT });
  assert.ok(own.ok);
  assert.deepEqual(
    own.value.items.map(({ total, totalAfter, cause, contra, reference }) => [
      total,
      totalAfter,
      cause,
      contra,
      reference,
    ]),
    [
      [money('0.2'), money('0.3'), 'fee', 'account:4', '4-2'],
      [money('0.1'), money('0.1'), 'fee', 'account:4', '4-1'],
    ],
  );
  const client = await records.ledger({ ...query, account: 'platform' as AccountId });
  assert.deepEqual(client.ok && client.value.items.map(({ total }) => total), [money('7')]);
});

test('what was done to the instance is kept without its secrets', () => {
  const report = { uid: '1001' } as never;
  const events: RegistryEvent[] = [
    { type: 'account_registered', at: at(1), account: 'a1' as AccountId, number: 1, label: 'Desk', synthetic: false },
    {
      type: 'connected', at: at(2),
      connection: { account: 'a1' as AccountId, venue: 'bybit' as VenueId, keyId: 'k1…9', sealed: 'v1.SEALED', report, connectedAt: at(2) },
    },
    { type: 'disconnected', at: at(3), account: 'a1' as AccountId, venue: 'bybit' as VenueId, actor: 'root' },
    { type: 'halted_all', at: at(4), actor: 'root' },
  ]; // biome-ignore format: one line each
  const journal = journalWith('registry', events);
  journalWith(partitionOf('a1'), [one.opened(), { type: 'halted', at: at(5), actor: 'root' }], journal);
  const db = openDatabase(IN_MEMORY);
  everything(new Projector(db, journal));
  const rows = db.prepare('SELECT type, account, actor, text FROM audit ORDER BY at, partition').all();
  assert.deepEqual(rows.map((row) => Object.values(row)), [
    ['account_opened', 'a1', null, 'number 1'],
    ['account_registered', 'a1', null, 'number 1, Desk'],
    ['connected', 'a1', null, 'bybit, key k1…9'],
    ['disconnected', 'a1', 'root', 'bybit'],
    ['halted_all', null, 'root', ''],
    ['halted', 'a1', 'root', ''],
  ]); // biome-ignore format: one line each
  assert.doesNotMatch(JSON.stringify(rows), /SEALED/);
});

test('a fill after the end is marked on the execution, the child and the order', () => {
  const events = [
    one.opened(),
    one.deposited(1, 'USDT', '1000'),
    ...one.canceled({ seq: 1, ms: 10 }),
    { ...one.bought(1, 50, '100', '1', '0'), beyondOrder: true },
  ];
  const db = openDatabase(IN_MEMORY);
  everything(new Projector(db, journalWith(partitionOf('a1'), events)));
  const late = db
    .prepare('SELECT o.late_fill AS o, c.late_fill AS c, x.late AS x, o.status FROM orders o, children c, executions x')
    .all();
  assert.deepEqual(
    late.map((row) => Object.values(row)),
    [[1, 1, 1, 'canceled']],
  );
  assert.equal(db.prepare('SELECT id FROM children').get()?.['id'], childIdOf(1));
});
