import { DatabaseSync } from 'node:sqlite';
import { JournalOpenError } from '../../ports/journal.ts';

/** Version of the tables below, kept in the database (`user_version`). A higher one was written by a later program. */
export const SCHEMA_VERSION = 1;
/** `OKDJ`: tells our file from any other SQLite database. */
const APPLICATION_ID = 0x4f4b444a;

const TABLES = `
  CREATE TABLE partitions (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    sealed_seq INTEGER NOT NULL DEFAULT 0 -- last sequence at the last clean close: the journal never ends before it
  ) STRICT;
  CREATE TABLE journal (
    partition INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    hash_prev BLOB NOT NULL,
    crc INTEGER NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (partition, first_seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE snapshots (
    partition INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    length INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (partition, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE snapshot_chunks (
    partition INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    chunk INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (partition, seq, chunk)
  ) STRICT;
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** A connection that writes. FULL: a commit returns after its bytes were synced, the write-ahead log after each. */
export function openWritable(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 5_000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  return db;
}

/** Makes the tables in a new file; refuses one that is not ours or that a later version wrote. */
export function prepareSchema(db: DatabaseSync, dir: string): void {
  const version = pragma(db, 'user_version');
  const application = pragma(db, 'application_id');
  if (version === 0 && application === 0) {
    createSchema(db);
    return;
  }
  if (application !== APPLICATION_ID) {
    throw new JournalOpenError(
      'JOURNAL_CORRUPT',
      `The journal in ${dir} is not one of OKD. Start with another directory (--data), or restore this one from a backup.`,
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new JournalOpenError(
      'DATA_DIR_NEWER_VERSION',
      `${dir} was written by a newer version of OKD (format ${version}, this version reads up to ${SCHEMA_VERSION}). ` +
        'Start the newer version, or choose another directory with --data.',
    );
  }
}

function createSchema(db: DatabaseSync): void {
  db.exec(`BEGIN IMMEDIATE; ${TABLES}
    PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
