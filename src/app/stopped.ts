import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../adapters/sqlite/store.ts';
import type { Journal } from '../ports/journal.ts';
import { CommandError } from './exit.ts';

/** Runs with the journal of an instance that this process holds while it does; refused where another has it. */
export async function withStopped<T>(dir: string, run: (journal: Journal) => Promise<T>): Promise<T> {
  if (!existsSync(join(dir, 'journal.db'))) {
    throw new CommandError('DATA_DIR_NOT_FOUND', `there is no instance in ${dir}: name its data directory with --data`);
  }
  const opened = await openStore(dir);
  if (!opened.ok) throw new CommandError(opened.error.code, opened.error.message);
  const store = opened.value;
  try {
    return await run(store.journal);
  } finally {
    await store.close();
  }
}
