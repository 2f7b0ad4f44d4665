import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { JournalOpenError } from '../../ports/journal.ts';

/** Gives the directory back. The operating system does it too when the process ends, however it ends. */
export type DirLock = Readonly<{ release(): void }>;

const PID_FILE = 'owner.pid';
const LOCK_FILE = 'lock.db';
const SQLITE_BUSY = 5;

/** Makes the directory (mode 0700) where it is missing, and takes it for this process alone. Throws JournalOpenError. */
export function takeDataDir(dir: string): DirLock {
  try {
    makeDir(dir);
    makePrivateFile(join(dir, LOCK_FILE));
    makePrivateFile(join(dir, 'journal.db'));
  } catch (cause) {
    throw notWritable(dir, cause);
  }
  return lockDir(dir);
}

function makeDir(dir: string): void {
  makeMissing(resolve(dir));
  accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  if (!statSync(dir).isDirectory()) throw new Error('it is a file');
}

/** Level by level: Node's own recursive mkdir never returns where a parent exists and takes no entries (`/proc`). */
function makeMissing(dir: string): void {
  if (existsSync(dir)) return;
  makeMissing(dirname(dir));
  mkdirSync(dir, { mode: 0o700 });
  syncDir(dirname(dir));
}

/** A new directory entry survives a power loss only once its directory is synced. */
function syncDir(dir: string): void {
  const handle = openSync(dir, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Mode 0600 from the start; SQLite gives its side files the same. Never opens a file that exists: closing any handle
 * of a file drops all POSIX locks that this process has on it, SQLite's too.
 */
function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
    syncDir(dirname(path));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/**
 * SQLite's exclusive lock on a database of its own: the operating system holds it for the process, so it ends with
 * the process, by kill -9 too; a pid file alone would go stale. The pid beside it is only for the message.
 */
function lockDir(dir: string): DirLock {
  const lock = new DatabaseSync(join(dir, LOCK_FILE), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    writeFileSync(join(dir, PID_FILE), `${process.pid}\n`, { mode: 0o600 });
  } catch (cause) {
    lock.close();
    throw (cause as { errcode?: number }).errcode === SQLITE_BUSY ? inUse(dir) : notWritable(dir, cause);
  }
  return { release: () => lock.isOpen && lock.close() };
}

function inUse(dir: string): JournalOpenError {
  return new JournalOpenError(
    'DATA_DIR_IN_USE',
    `${dir} is in use by process ${ownerPid(dir)}. Stop that process, or choose another directory with --data.`,
  );
}

function ownerPid(dir: string): string {
  try {
    return readFileSync(join(dir, PID_FILE), 'utf8').trim() || 'unknown';
  } catch {
    return 'unknown'; // the owner has taken the lock and not yet written its pid
  }
}

function notWritable(dir: string, cause: unknown): JournalOpenError {
  const why = codeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return new JournalOpenError(
    'DATA_DIR_NOT_WRITABLE',
    `${dir} cannot be written (${why}). Give this user the right to write there, or choose another directory with --data.`,
  );
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
