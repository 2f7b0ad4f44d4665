import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../domain/result.ts';
import { JournalOpenError } from '../../ports/journal.ts';
import { type Log, silentLog } from '../../ports/log.ts';
import type { Meta, Store } from '../../ports/store.ts';
import { type DirLock, takeDataDir } from './data-dir.ts';
import type { DiskFaults } from './faults.ts';
import { SqliteJournal } from './journal.ts';
import { RowReader, type Tail } from './reader.ts';
import { openWritable, prepareSchema } from './schema.ts';
import { perform, SnapshotReader } from './snapshots.ts';
import { checkWal } from './wal-check.ts';
import { WriterThread } from './writer.ts';

export type StoreOptions = Readonly<{
  /**
   * What is verified before the store opens: every record there is, or those that recovery will read. The first
   * reads the whole file (about 1 GB/s); corruption of what lies behind a snapshot changes no state, only the record.
   */
  verify?: 'all' | 'since_snapshot';
  log?: Log;
  /** Tests and drills only. */
  faults?: DiskFaults;
}>;

const DATABASE = 'journal.db';

/** Takes the data directory, checks what is in it and starts the writer. Makes both where they are missing. */
export async function openStore(dir: string, options: StoreOptions = {}): Promise<Result<Store, JournalOpenError>> {
  const opened: { close(): void }[] = [];
  try {
    const lock = takeDataDir(dir);
    opened.push({ close: lock.release });
    return ok(await openTaken(dir, options, lock, opened));
  } catch (error) {
    for (const resource of opened.reverse()) resource.close();
    return err(asOpenError(dir, error));
  }
}

async function openTaken(
  dir: string,
  options: StoreOptions,
  lock: DirLock,
  opened: { close(): void }[],
): Promise<Store> {
  const path = join(dir, DATABASE);
  const log = options.log ?? silentLog;
  refuseDamagedWal(path, dir, log);
  const main = openWritable(path);
  opened.push(main);
  prepareSchema(main, dir);
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  opened.push(db);
  const reader = new RowReader(db, dir);
  const snapshots = new SnapshotReader(db, log);
  const tails = verifyAll(reader, snapshots, options.verify ?? 'all');
  const writer = await WriterThread.start({ path, tails, faultCells: options.faults?.cells ?? null });
  main.close(); // the writer's connection is the only one that writes from here on
  const journal = new SqliteJournal(writer, reader, snapshots, tails);
  return {
    journal,
    meta: createMeta(db, writer),
    close: async () => {
      await journal.close();
      if (db.isOpen) db.close();
      lock.release();
    },
  };
}

function verifyAll(reader: RowReader, snapshots: SnapshotReader, verify: 'all' | 'since_snapshot'): Tail[] {
  return reader.partitions().map((partition) => {
    const snapshotSeq = verify === 'all' ? 0 : (snapshots.latest(partition.name)?.seq ?? 0);
    return reader.verify(partition, snapshotSeq);
  });
}

function refuseDamagedWal(path: string, dir: string, log: Log): void {
  const state = checkWal(`${path}-wal`);
  if (state === 'torn_tail') log.warn('journal_torn_tail', { dir });
  if (state !== 'damaged') return;
  throw new JournalOpenError(
    'JOURNAL_CORRUPT',
    `The journal in ${dir} is damaged: its write-ahead log has a broken part with commits behind it. Nothing was ` +
      'changed. Keep a copy of the directory, then restore it from a backup; the venues are asked for what happened since.',
  );
}

function createMeta(db: DatabaseSync, writer: WriterThread): Meta {
  const byKey = db.prepare('SELECT value FROM meta WHERE key = ?');
  return {
    get: (key) => (byKey.get(key)?.value as string | undefined) ?? null,
    set: (key, value) => perform(writer, { type: 'meta', key, value }),
  };
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
/** READONLY, IOERR, FULL, CANTOPEN, PERM, AUTH. */
const UNWRITABLE = new Set([3, 8, 10, 13, 14, 23]);

function asOpenError(dir: string, error: unknown): JournalOpenError {
  if (error instanceof JournalOpenError) return error;
  const { message, errcode } = error as Error & { errcode?: number };
  const primary = (errcode ?? 0) & 0xff; // SQLite's extended codes carry the primary one in the low byte
  if (primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB) {
    return new JournalOpenError(
      'JOURNAL_CORRUPT',
      `The journal in ${dir} is damaged (${message}). Keep a copy of the directory, then restore it from a backup.`,
    );
  }
  if (UNWRITABLE.has(primary)) {
    return new JournalOpenError(
      'DATA_DIR_NOT_WRITABLE',
      `${dir} cannot be written (${message}). Free some space or give this user the right to write there, ` +
        'or choose another directory with --data.',
    );
  }
  throw error;
}
