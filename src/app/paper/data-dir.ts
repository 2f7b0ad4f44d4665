import { openStore } from '../../adapters/sqlite/store.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';
import { CommandError } from '../exit.ts';

/** Partitions that a paper exchange writes. */
const OWN = /^paper:/;

/** Takes the directory of a paper exchange, never that of a gateway. Throws CommandError with what to do. */
export async function openDataDir(dir: string, log: Log): Promise<Store> {
  const opened = await openStore(dir, { log });
  if (!opened.ok) throw new CommandError(opened.error.code, opened.error.message);
  const store = opened.value;
  if (store.journal.partitions().every((partition) => OWN.test(partition))) return store;
  await store.close();
  throw new CommandError(
    'DATA_DIR_OF_ANOTHER_KIND',
    `${dir} holds something else than a paper exchange. Choose another directory with --data.`,
  );
}
