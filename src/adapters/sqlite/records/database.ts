import { closeSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createSql, type Table } from './table.ts';
import { TABLES } from './tables.ts';

/** The file beside the journal. It holds nothing that the journal does not, so whatever is wrong with it, it is made anew. */
export const RECORDS_FILE = 'records.db';
export const IN_MEMORY = ':memory:';

/** What a program expects of the file. Tests bring their own. */
export type Layout = Readonly<{
  tables: readonly Table[];
  /** SQL from schema version n+1 to n+2; for indexes and columns that can be filled without the journal. */
  migrations: readonly string[];
  /** Version of the meaning of the rows: with another one they are dropped and made again from the journal. */
  projection: number;
}>;

export const LAYOUT: Layout = { tables: TABLES, migrations: [], projection: 1 };

/** `OKDR`: tells our file from any other SQLite database. */
const APPLICATION_ID = 0x4f4b4452;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Opens the tables, migrated to this version. Whatever is not ours, newer, damaged or of another meaning is replaced. */
export function openDatabase(path: string, layout: Layout = LAYOUT): DatabaseSync {
  const db = openFit(path, layout);
  if (db !== null) return db;
  removeDatabase(path);
  return create(path, layout);
}

/** The tables as they are; null where there are none that this program can read. Changes nothing. */
export function openReadOnly(path: string, layout: Layout = LAYOUT): DatabaseSync | null {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  if (isOurs(db, layout) && versionOf(db) === layout.migrations.length + 1) return db;
  db.close();
  return null;
}

export function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}

export function isDamage(error: unknown): boolean {
  const primary = ((error as { errcode?: number }).errcode ?? 0) & 0xff; // extended codes carry it in the low byte
  return primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB;
}

function openFit(path: string, layout: Layout): DatabaseSync | null {
  makePrivateFile(path);
  const db = new DatabaseSync(path, { timeout: 5_000 });
  try {
    setUp(db);
    if (isOurs(db, layout)) {
      migrate(db, layout.migrations);
      return db;
    }
  } catch (error) {
    if (!isDamage(error)) {
      db.close();
      throw error;
    }
  }
  db.close();
  return null;
}

function create(path: string, { tables, migrations, projection }: Layout): DatabaseSync {
  makePrivateFile(path);
  const db = new DatabaseSync(path, { timeout: 5_000 });
  setUp(db);
  db.exec(`BEGIN IMMEDIATE;
    ${tables.map(createSql).join('')}
    CREATE TABLE versions (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO versions VALUES ('projection', ${projection});
    PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length + 1}; COMMIT`);
  return db;
}

/** NORMAL: a power loss may take the last commits back, whole; they are folded again. */
function setUp(db: DatabaseSync): void {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
}

function isOurs(db: DatabaseSync, { migrations, projection }: Layout): boolean {
  if (db.prepare('PRAGMA application_id').get()?.['application_id'] !== APPLICATION_ID) return false;
  if (versionOf(db) > migrations.length + 1) return false;
  return db.prepare("SELECT version FROM versions WHERE name = 'projection'").get()?.['version'] === projection;
}

const versionOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.['user_version']);

function migrate(db: DatabaseSync, migrations: readonly string[]): void {
  for (let version = versionOf(db); version <= migrations.length; version += 1) {
    db.exec(`BEGIN IMMEDIATE; ${migrations[version - 1]}; PRAGMA user_version = ${version + 1}; COMMIT`);
  }
}

/** Mode 0600 from the start; SQLite gives its side files the same. */
function makePrivateFile(path: string): void {
  if (path === IN_MEMORY) return;
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
