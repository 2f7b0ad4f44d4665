import { parseArgs } from 'node:util';
import type { PartitionId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { openStore } from './store.ts';

/**
 * The process that the crash test kills: appends numbered records to several partitions as fast as they become
 * durable, and says on stdout which are. A line is written only after `whenDurable`. Exit code 6 when a write fails.
 */
const { values } = parseArgs({ options: { dir: { type: 'string' }, snapshots: { type: 'boolean' } } });
const store = unwrap(await openStore(values.dir ?? ''));
const partitions = ['account:a', 'account:b', 'book:spot:BTCUSDT'] as PartitionId[];
store.journal.onFailure(() => process.exit(6));
process.stdout.write('open\n');

let turn = 0;
function appendTurn(): void {
  turn += 1;
  for (const [i, partition] of partitions.entries()) {
    if ((turn + i) % 3 === 0) continue;
    const count = 1 + ((turn * 7 + i) % 5);
    const seq = store.journal.append(
      partition,
      Array.from({ length: count }, (_, k) => recordOf(partition, turn, k)),
    );
    store.journal.whenDurable(() => process.stdout.write(`${partition} ${seq + count - 1}\n`));
    if (values.snapshots === true && turn % 40 === 0) {
      void store.journal.saveSnapshot(partition, seq, Buffer.alloc(300_000, turn));
    }
  }
  setTimeout(appendTurn, turn % 3);
}

/** What a record says is derived from where it is: the checker needs nothing but the journal. */
function recordOf(partition: PartitionId, ofTurn: number, k: number): Uint8Array {
  return Buffer.from(`${partition}|${process.pid}|${ofTurn}|${k}|${'.'.repeat((ofTurn * 13) % 300)}`);
}

appendTurn();
