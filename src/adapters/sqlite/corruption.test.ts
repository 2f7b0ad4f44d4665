import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import type { PartitionId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { JournalOpenError } from '../../ports/journal.ts';
import { below, type Rng, seededRng } from '../../ports/rng.ts';
import { RowReader } from './reader.ts';
import { openStore } from './store.ts';
import { checkWal } from './wal-check.ts';

const SEED = Number(process.env.OKD_SEED ?? 1);
const LONG = process.env.OKD_LONG === '1';
const FLIPS = LONG ? 2_000 : 15;
const DAMAGES = LONG ? 200_000 : 2_000;
const root = mkdtempSync(join(tmpdir(), 'okd-corrupt-'));
after(() => rmSync(root, { recursive: true }));

const A = 'account:a' as PartitionId;
const B = 'account:b' as PartitionId;
const closed = join(root, 'closed'); // sealed by a clean close: everything in journal.db
const killed = join(root, 'killed'); // as kill -9 leaves it: everything in journal.db-wal
const COMMITS = 40;

before(async () => {
  const dir = join(root, 'origin');
  const store = unwrap(await openStore(dir));
  for (let i = 1; i <= COMMITS; i += 1) {
    store.journal.append(A, [Buffer.from(`a${i}`), Buffer.alloc(30 * i, i)]);
    if (i % 2 === 0) store.journal.append(B, [Buffer.from(`b${i}`)]);
    await new Promise<void>((resolve) => store.journal.whenDurable(resolve));
  }
  cpSync(dir, killed, { recursive: true, filter: (path) => !path.endsWith('-shm') });
  await store.close();
  cpSync(dir, closed, { recursive: true });
});

let copies = 0;
const copyOf = (dir: string): string => {
  copies += 1;
  const copy = join(root, `copy${copies}`);
  cpSync(dir, copy, { recursive: true });
  return copy;
};

type Content = { a: string[]; b: string[] };
const content = (dir: string): Promise<Content | string> =>
  openStore(dir).then(async (result) => {
    if (!result.ok) return result.error.code;
    const { journal } = result.value;
    const read = (p: PartitionId): string[] =>
      [...journal.read(p, 1)].map((r) => Buffer.from(r.payload).toString('hex'));
    const found = { a: read(A), b: read(B) };
    await result.value.close();
    return found;
  });

test('a row that was altered refuses to start and is named', async () => {
  for (const [change, partition, seq] of [
    ["UPDATE journal SET payload = x'00000000' WHERE partition = 1 AND first_seq = 21", A, 21],
    ['UPDATE journal SET crc = crc + 1 WHERE partition = 2 AND first_seq = 5', B, 5],
    ['DELETE FROM journal WHERE partition = 1 AND first_seq = 31', A, 31],
    ['DELETE FROM journal WHERE partition = 1 AND first_seq = 1', A, 1],
    ['DELETE FROM journal WHERE partition = 1 AND first_seq > 70', A, 71],
    ['UPDATE journal SET hash_prev = zeroblob(32) WHERE partition = 1 AND first_seq = 41', A, 41],
    ['DELETE FROM journal WHERE partition = 2', B, 1],
  ] as const) {
    const dir = copyOf(closed);
    const db = new DatabaseSync(join(dir, 'journal.db'));
    db.exec(change);
    db.close();
    const result = await openStore(dir);
    assert.ok(!result.ok, change);
    assert.equal(result.error.code, 'JOURNAL_CORRUPT');
    assert.match(result.error.message, new RegExp(`partition ${partition}, record ${seq}:`), change);
  }
});

test('a whole row replaced by a consistent one breaks the chain', async () => {
  const dir = copyOf(closed);
  const db = new DatabaseSync(join(dir, 'journal.db'));
  db.exec(`UPDATE journal SET (crc, payload) = (SELECT crc, payload FROM journal WHERE partition = 2 AND first_seq = 3)
           WHERE partition = 2 AND first_seq = 7`);
  db.close();
  const result = await openStore(dir);
  assert.ok(!result.ok);
  assert.match(result.error.message, /partition account:b, record 8: it does not continue what is before it/);
});

test(`flipped bytes anywhere in a closed journal: refused, or nothing is changed (seed ${SEED})`, async () => {
  const rng = seededRng(SEED);
  const sound = await content(copyOf(closed));
  for (let i = 0; i < FLIPS; i += 1) {
    const dir = copyOf(closed);
    const at = flip(join(dir, 'journal.db'), rng);
    const found = await content(dir);
    if (found !== 'JOURNAL_CORRUPT') assert.deepEqual(found, sound, `flip ${at}`);
  }
});

test(`flipped bytes anywhere in a write-ahead log: refused, or at most the last commit is gone (seed ${SEED})`, async () => {
  const rng = seededRng(SEED);
  const sound = (await content(copyOf(killed))) as Content;
  assert.equal(sound.a.length, 2 * COMMITS);
  for (let i = 0; i < FLIPS; i += 1) {
    const dir = copyOf(killed);
    const at = flip(join(dir, 'journal.db-wal'), rng);
    const found = await content(dir);
    if (typeof found === 'string') assert.equal(found, 'JOURNAL_CORRUPT');
    else {
      assert.deepEqual(
        found,
        { a: sound.a.slice(0, found.a.length), b: sound.b.slice(0, found.b.length) },
        `flip ${at}`,
      );
      assert.ok(found.a.length >= sound.a.length - 2 && found.b.length >= sound.b.length - 1, `flip ${at}`);
    }
  }
});

test(`${DAMAGES} rows damaged in any column, lost or exchanged: every one is refused (seed ${SEED})`, () => {
  const rng = seededRng(SEED);
  const db = new DatabaseSync(':memory:');
  db.exec(`ATTACH '${join(closed, 'journal.db')}' AS disk; CREATE TABLE partitions AS SELECT * FROM disk.partitions;
           CREATE TABLE journal AS SELECT * FROM disk.journal; DETACH disk`);
  const reader = new RowReader(db, 'memory');
  const verify = (): void => reader.partitions().forEach((partition) => void reader.verify(partition, 0));
  verify();
  const rows = db.prepare('SELECT rowid FROM journal').all();
  const damages: readonly ((row: number) => void)[] = [
    (row) => damageBytes(db, row, 'payload', rng),
    (row) => damageBytes(db, row, 'hash_prev', rng),
    (row) => db.exec(`UPDATE journal SET crc = (crc + ${1 + below(rng, 1e6)}) WHERE rowid = ${row}`),
    (row) =>
      db.exec(`UPDATE journal SET first_seq = first_seq ${below(rng, 2) === 0 ? '+' : '-'} 1 WHERE rowid = ${row}`),
    (row) => db.exec(`UPDATE journal SET last_seq = last_seq + ${1 + below(rng, 9)} WHERE rowid = ${row}`),
    (row) => db.exec(`UPDATE journal SET partition = 3 - partition WHERE rowid = ${row}`),
    (row) => db.exec(`DELETE FROM journal WHERE rowid = ${row}`),
  ];
  for (let i = 0; i < DAMAGES; i += 1) {
    const row = Number(rows[below(rng, rows.length)]?.rowid);
    const damage = below(rng, damages.length);
    db.exec('BEGIN');
    damages[damage]?.(row);
    assert.throws(verify, JournalOpenError, `damage ${damage} of row ${row}`);
    db.exec('ROLLBACK');
  }
  db.close();
});

test('a write-ahead log cut anywhere in its last commit opens without it', async () => {
  const wal = join(killed, 'journal.db-wal');
  assert.equal(checkWal(wal), 'sound');
  for (const cut of [1, 24, 4096, 4119]) {
    const dir = copyOf(killed);
    const path = join(dir, 'journal.db-wal');
    truncateSync(path, readFileSync(path).length - cut);
    const found = (await content(dir)) as Content;
    assert.equal(found.a.length, 2 * COMMITS - 2, `cut ${cut}`);
  }
});

test('no log, an empty one and one that was only begun are sound', () => {
  const path = join(root, 'some-wal');
  assert.equal(checkWal(path), 'sound');
  for (const size of [0, 10, 32, 5000]) {
    writeFileSync(path, new Uint8Array(size));
    assert.equal(checkWal(path), 'sound');
  }
});

function damageBytes(db: DatabaseSync, row: number, column: 'payload' | 'hash_prev', rng: Rng): void {
  const bytes = db.prepare(`SELECT ${column} AS bytes FROM journal WHERE rowid = ?`).get(row)?.bytes as Uint8Array;
  const at = below(rng, bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << below(rng, 8));
  db.prepare(`UPDATE journal SET ${column} = ? WHERE rowid = ?`).run(bytes, row);
}

function flip(path: string, rng: Rng): string {
  const file = readFileSync(path);
  const at = below(rng, file.length);
  const bit = below(rng, 8);
  file[at] = (file[at] ?? 0) ^ (1 << bit);
  writeFileSync(path, file);
  return `${at}.${bit}`;
}
