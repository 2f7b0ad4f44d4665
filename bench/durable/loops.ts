import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import type { PartitionId } from '../../src/domain/ids.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { Histogram } from '../lib/histogram.ts';

/** Something that makes commands durable: `durable` is called when the batch is. */
export type DurableLog = Readonly<{ append(commands: number, durable: () => void): void; close(): void }>;

/** Commands that became durable, in how long, and how long each waited for it (microseconds). */
export type Measured = { commands: number; ms: number; readonly ackUs: Histogram };

export const nothingYet = (): Measured => ({ commands: 0, ms: 0, ackUs: new Histogram() });

/** As the gateway does it: an append for each command, spread over a few partitions, one `whenDurable` for all. */
export function journalLog(journal: Journal, record: Uint8Array): DurableLog {
  const partitions = ['account:a', 'account:b', 'account:c', 'book:spot:BTCUSDT'] as PartitionId[];
  let next = 0;
  return {
    append: (commands, durable) => {
      for (let i = 0; i < commands; i += 1) {
        next += 1;
        journal.append(partitions[next % partitions.length] as PartitionId, [record]);
      }
      journal.whenDurable(durable);
    },
    close: () => {},
  };
}

/** The least that durability can cost: the bytes in one write, one fdatasync, on the spot. */
export function floorLog(path: string, record: Uint8Array): DurableLog {
  const file = openSync(path, 'w');
  return {
    append: (commands, durable) => {
      writeSync(file, new Uint8Array(commands * record.length));
      fdatasyncSync(file);
      durable();
    },
    close: () => closeSync(file),
  };
}

/** Appends a batch, and the next when it is durable. Adds to what was measured before. */
export async function closedLoop(log: DurableLog, batch: number, ms: number, into: Measured): Promise<void> {
  const begun = performance.now();
  while (performance.now() - begun < ms) {
    const sent = performance.now();
    await new Promise<void>((resolve) => log.append(batch, resolve));
    into.ackUs.record((performance.now() - sent) * 1_000);
    into.commands += batch;
  }
  into.ms += performance.now() - begun;
}

/** Commands are due at a fixed rate, whatever the log does; each turn of the loop appends those that are. */
export async function openLoop(log: DurableLog, perSecond: number, ms: number, into: Measured): Promise<void> {
  const total = Math.round((perSecond * ms) / 1_000);
  const begun = performance.now();
  let sent = 0;
  let acknowledged = 0;
  const dueMs = (command: number): number => begun + (command * 1_000) / perSecond;
  const acknowledge = (from: number, to: number): void => {
    const now = performance.now();
    for (let command = from; command < to; command += 1) into.ackUs.record((now - dueMs(command)) * 1_000);
    acknowledged = to;
  };
  while (acknowledged < total) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) * perSecond) / 1_000));
    if (due > sent) {
      const from = sent;
      sent = due;
      log.append(due - from, () => acknowledge(from, due));
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  into.commands += total;
  into.ms += performance.now() - begun;
}
