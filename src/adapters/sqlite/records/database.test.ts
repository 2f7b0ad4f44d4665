import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { LAYOUT, type Layout, openDatabase, openReadOnly, removeDatabase } from './database.ts';
import { TABLES } from './tables.ts';

const root = mkdtempSync(join(tmpdir(), 'okd-records-'));
after(() => rmSync(root, { recursive: true }));
let files = 0;
const fresh = (): string => {
  files += 1;
  return join(root, `${files}.db`);
};

/** Makes the file and leaves an anomaly in it, to see whether rows survive. */
function made(layout?: Layout): string {
  const path = fresh();
  const db = openDatabase(path, layout);
  db.exec("INSERT INTO anomalies VALUES ('a1', 1, 2, 'X', 'kept')");
  db.close();
  return path;
}

function rowsIn(path: string, layout?: Layout): number {
  const db = openDatabase(path, layout);
  const { n } = db.prepare('SELECT count(*) AS n FROM anomalies').get() as { n: number };
  db.close();
  return n;
}

test('a new file has every table, belongs to its user alone, and keeps its rows when opened again', () => {
  const path = made();
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(rowsIn(path), 1);
  const db = openReadOnly(path);
  assert.ok(db !== null);
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'versions'").all();
  assert.deepEqual(names.map(({ name }) => name).sort(), TABLES.map(({ name }) => name).sort());
  assert.throws(() => db.exec('DELETE FROM anomalies'), /readonly/);
  db.close();
});

test('rows of another projection are dropped', () => {
  const path = made();
  assert.equal(rowsIn(path, { ...LAYOUT, projection: LAYOUT.projection + 1 }), 0);
});

test('a schema that is behind is migrated forward, and its rows stay', () => {
  const path = made();
  const migrations = [
    'CREATE INDEX anomalies_by_code ON anomalies (code)',
    'ALTER TABLE anomalies ADD COLUMN more TEXT',
  ];
  const ahead = { ...LAYOUT, migrations };
  assert.equal(openReadOnly(path, ahead), null, 'not yet migrated');
  assert.equal(rowsIn(path, ahead), 1);
  assert.equal(rowsIn(path, ahead), 1, 'once');
  const db = openReadOnly(path, ahead);
  assert.deepEqual(
    db?.prepare('SELECT code, more FROM anomalies').get(),
    Object.assign(Object.create(null), { code: 'X', more: null }),
  );
  db?.close();
  assert.equal(rowsIn(path), 0, 'a file of a newer program is made anew by an older one');
});

test('a damaged file and a stranger are made anew', () => {
  const damaged = made();
  writeFileSync(damaged, 'no database at all');
  assert.equal(rowsIn(damaged), 0);
  const torn = made();
  writeFileSync(torn, readFileSync(torn).fill(7, 20, 2_000));
  assert.equal(rowsIn(torn), 0);
  const stranger = fresh();
  const other = new DatabaseSync(stranger);
  other.exec('CREATE TABLE anomalies (x)');
  other.close();
  assert.equal(rowsIn(stranger), 0);
});

test('removing takes the side files along', () => {
  const path = made();
  const db = openDatabase(path);
  db.exec("INSERT INTO anomalies VALUES ('a1', 2, 2, 'X', '')");
  assert.ok(existsSync(`${path}-wal`));
  db.close();
  writeFileSync(`${path}-wal`, '');
  removeDatabase(path);
  for (const suffix of ['', '-wal', '-shm']) assert.ok(!existsSync(path + suffix));
  removeDatabase(path);
});
