import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../src/adapters/sqlite/store.ts';
import type { PartitionId } from '../src/domain/ids.ts';
import { unwrap } from '../src/domain/result.ts';
import {
  closedLoop,
  type DurableLog,
  floorLog,
  journalLog,
  type Measured,
  nothingYet,
  openLoop,
} from './durable/loops.ts';
import type { Bench, Report } from './lib/figure.ts';

/**
 * The journal against the floor: one file, `write` and `fdatasync` on the main thread, nothing else. Closed loop:
 * a batch is appended, and the next when it is durable. Open loop: commands come at a fixed rate, and each waits from
 * the moment in which it was due. Ours and the floor take turns, because disks have moods.
 */
const BATCHES = [1, 10, 100, 1_000];
const RATES = [10_000, 100_000];
const ROUNDS = 4;
const ROUND_MS = 250;
const RECOVERED = 500_000;
const SNAPSHOT_MB = [1, 32];
const RECORD = new Uint8Array(160).fill(7); // about an accepted order
const PARTITION = 'account:a' as PartitionId;

export const run: Bench = async (report) => {
  const scratch = join(import.meta.dirname, '..', '.okd'); // the system's temporary directory may be memory
  mkdirSync(scratch, { recursive: true });
  const dir = mkdtempSync(join(scratch, 'bench-'));
  try {
    await loops(report, dir);
    await recovery(report, join(dir, 'recovery'));
    await snapshots(report, dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
};

async function loops(report: Report, dir: string): Promise<void> {
  const store = unwrap(await openStore(join(dir, 'journal')));
  const ours = journalLog(store.journal, RECORD);
  const floor = floorLog(join(dir, 'floor'), RECORD);
  const inTurns = async (loop: (log: DurableLog, into: Measured) => Promise<void>): Promise<Sides> => {
    const sides = { ours: nothingYet(), floor: nothingYet() };
    for (let round = 0; round < ROUNDS; round += 1) {
      await loop(ours, sides.ours);
      await loop(floor, sides.floor);
    }
    return sides;
  };
  await inTurns((log, into) => closedLoop(log, 100, ROUND_MS, into)); // warm-up
  for (const batch of BATCHES) {
    const sides = await inTurns((log, into) => closedLoop(log, batch, ROUND_MS, into));
    reportLoop(report, String(batch), sides);
  }
  for (const rate of RATES) {
    const sides = await inTurns((log, into) => openLoop(log, rate, ROUND_MS, into));
    reportLoop(report, `open-${rate / 1_000}k`, sides);
  }
  floor.close();
  await store.close();
}

type Sides = Readonly<{ ours: Measured; floor: Measured }>;

function reportLoop(report: Report, name: string, { ours, floor }: Sides): void {
  const perSecond = ({ commands, ms }: Measured): number => (commands * 1_000) / ms;
  const ackMs = ({ ackUs }: Measured, share: number): number => ackUs.percentile(share) / 1_000;
  const peer = (value: number): { name: string; value: number } => ({ name: 'floor', value });
  report({
    metric: 'commands_per_s',
    case: name,
    value: perSecond(ours),
    unit: '1/s',
    better: 'higher',
    peer: peer(perSecond(floor)),
  });
  for (const [metric, share] of [
    ['ack_p50_ms', 0.5],
    ['ack_p99_ms', 0.99],
  ] as const) {
    report({
      metric,
      case: name,
      value: ackMs(ours, share),
      unit: 'ms',
      better: 'lower',
      peer: peer(ackMs(floor, share)),
    });
  }
}

/** Opens a journal of many records: verifies every row's checksum and chain, then reads all records. */
async function recovery(report: Report, dir: string): Promise<void> {
  const written = unwrap(await openStore(dir));
  for (let i = 0; i < RECOVERED; i += 100) {
    written.journal.append(
      PARTITION,
      Array.from({ length: 100 }, () => RECORD),
    );
    if (i % 10_000 === 0) await new Promise<void>((resolve) => written.journal.whenDurable(resolve));
  }
  await written.close();
  const begun = performance.now();
  const store = unwrap(await openStore(dir));
  let read = 0;
  for (const { payload } of store.journal.read(PARTITION, 1)) read += payload.length;
  const ms = performance.now() - begun;
  await store.close();
  const records = read / RECORD.length;
  report({
    metric: 'recovery_per_s',
    case: `${records / 1_000}k`,
    value: (records * 1_000) / ms,
    unit: '1/s',
    better: 'higher',
    note: 'verified and read',
  });
}

async function snapshots(report: Report, dir: string): Promise<void> {
  const store = unwrap(await openStore(join(dir, 'snapshots')));
  store.journal.append(PARTITION, [RECORD]);
  for (const megabytes of SNAPSHOT_MB) {
    const state = new Uint8Array(megabytes * 1e6).fill(1);
    const floor = floorLog(join(dir, 'snapshot-floor'), state);
    const begun = performance.now();
    await store.journal.saveSnapshot(PARTITION, 1, state);
    const ours = performance.now();
    floor.append(1, () => floor.close());
    const peer = { name: 'floor', value: performance.now() - ours };
    report({ metric: 'snapshot_ms', case: `${megabytes}mb`, value: ours - begun, unit: 'ms', better: 'lower', peer });
  }
  await store.close();
}
