import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RECORDS_FILE, removeDatabase } from '../adapters/sqlite/records/database.ts';
import { RecordsEngine } from '../adapters/sqlite/records/engine.ts';
import { openStore } from '../adapters/sqlite/store.ts';
import type { Store } from '../ports/store.ts';
import { CommandError } from './exit.ts';
import { compareWithState, type Verification } from './records-check.ts';

/** Commands on the records of an instance that does not run. */
const BATCH = 2_000;
const REPORT_EVERY_MS = 1_000;

/** Drops the records and makes them again from the journal. Stopped half-way, the next start goes on from there. */
export async function rebuildRecords(
  dir: string,
  report: (line: string) => void,
): Promise<Readonly<{ records: number; ms: number }>> {
  const store = await openStopped(dir);
  const started = performance.now();
  try {
    removeDatabase(join(dir, RECORDS_FILE));
    const engine = RecordsEngine.open(join(dir, RECORDS_FILE), store.journal);
    const records = await project(engine, report);
    engine.close();
    return { records, ms: performance.now() - started };
  } finally {
    await store.close();
  }
}

/** Compares the records with the state that the journal leads to, after folding what they did not have yet. */
export async function verifyRecords(dir: string, report: (line: string) => void): Promise<Verification> {
  const store = await openStopped(dir);
  try {
    const engine = RecordsEngine.open(join(dir, RECORDS_FILE), store.journal);
    await project(engine, report);
    const found = compareWithState(store.journal, engine.db);
    engine.close();
    return found;
  } finally {
    await store.close();
  }
}

async function openStopped(dir: string): Promise<Store> {
  if (!existsSync(join(dir, 'journal.db'))) {
    throw new CommandError('DATA_DIR_NOT_FOUND', `there is no instance in ${dir}: name its data directory with --data`);
  }
  const opened = await openStore(dir);
  if (!opened.ok) throw new CommandError(opened.error.code, opened.error.message);
  return opened.value;
}

/** Folds to the end of the journal; signals are heard between two batches. */
async function project(engine: RecordsEngine, report: (line: string) => void): Promise<number> {
  let folded = 0;
  let told = performance.now();
  for (let batch = engine.step(BATCH); batch.records > 0; batch = engine.step(BATCH)) {
    folded += batch.records;
    if (performance.now() - told > REPORT_EVERY_MS) {
      told = performance.now();
      report(`${folded} journal records so far`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return folded;
}
