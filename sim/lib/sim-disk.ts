import { createHash } from 'node:crypto';
import type { PartitionId } from '../../src/domain/ids.ts';
import { err, invariant, ok, type Result } from '../../src/domain/result.ts';
import { JournalOpenError } from '../../src/ports/journal.ts';
import type { Rng } from '../../src/ports/rng.ts';
import type { Store } from '../../src/ports/store.ts';
import type { FaultCounts } from './fault-rules.ts';
import type { SimProcess } from './process.ts';
import { type Duration, duration } from './random.ts';
import { SimJournal } from './sim-journal.ts';
import type { Trace } from './trace.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Write, WriteTarget } from './writes.ts';

type Snapshot = Readonly<{ seq: number; state: Uint8Array }>;

/** Like a quick local disk, now and then a slow one. */
const DEFAULT_COMMIT = duration({ minMs: 0.15, meanExtraMs: 0.2, spikeMs: 15, spikeProbability: 0.005 });
const KEPT_SNAPSHOTS = 2;

/**
 * What survives a crash: only what was committed. A process opens the store that is on it; the one that comes after
 * its death finds a prefix of what it appended, at least up to the last thing that it was told is durable.
 */
export class SimDisk implements WriteTarget {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly rng: Rng;
  readonly #trace: Trace;
  readonly #counts: FaultCounts;
  readonly #records = new Map<PartitionId, Uint8Array[]>();
  readonly #snapshots = new Map<PartitionId, Snapshot[]>();
  readonly #meta = new Map<string, string>();
  #owner: SimProcess | null = null;
  #corrupt: { partition: PartitionId; seq: number } | null = null;
  #writes = 0;
  #acknowledged = 0;
  #failNext: { id: string } | null = null;
  #commitTime: Duration = DEFAULT_COMMIT;

  constructor(name: string, clock: VirtualClock, rng: Rng, trace: Trace, counts: FaultCounts) {
    this.name = name;
    this.clock = clock;
    this.rng = rng;
    this.#trace = trace;
    this.#counts = counts;
  }

  /** Opens the store for a process. Refused while another process that lives has it. */
  openStore(process: SimProcess): Result<Store, JournalOpenError> {
    if (this.#owner?.alive === true) {
      return err(new JournalOpenError('DATA_DIR_IN_USE', `${this.name} is in use by ${this.#owner.name}`));
    }
    if (this.#corrupt !== null) {
      const { partition, seq } = this.#corrupt;
      return err(new JournalOpenError('JOURNAL_CORRUPT', `${this.name} is damaged: ${partition}, record ${seq}`));
    }
    invariant(this.#acknowledged <= this.#writes, `${this.name} lost what it had acknowledged`);
    this.#owner = process;
    const journal = new SimJournal(this, process);
    const meta = {
      get: (key: string) => this.#meta.get(key) ?? null,
      set: (key: string, value: string) => journal.write({ type: 'meta', key, value }),
    };
    const close = async (): Promise<void> => {
      await journal.close();
      if (this.#owner === process) this.#owner = null;
    };
    return ok({ journal, meta, close });
  }

  /** How long commits take from now on. */
  setCommitTime(time: Duration): void {
    this.#commitTime = time;
  }

  /** The next commit fails: a full disk, a failed sync. Whether its bytes are on disk all the same is chance. */
  failNextCommit(id: string): void {
    this.#failNext = { id };
  }

  /** A damaged byte that the next start finds. */
  corrupt(partition: PartitionId, seq: number): void {
    this.#corrupt = { partition, seq };
  }

  drawCommitMs(): number {
    return this.#commitTime(this.rng);
  }

  takeFailure(): boolean {
    if (this.#failNext === null) return false;
    this.#counts.add(this.#failNext.id);
    this.#failNext = null;
    return true;
  }

  commit(writes: readonly Write[]): number {
    for (const write of writes) this.#apply(write);
    this.#writes += writes.length;
    this.#trace.add(this.clock.nowUs, 'commit', this.name, writes.map(describe).join(' '));
    return this.#writes;
  }

  acknowledge(writes: number): void {
    invariant(writes <= this.#writes, `${this.name} acknowledged what it does not hold`);
    this.#acknowledged = Math.max(this.#acknowledged, writes);
  }

  records(partition: PartitionId): readonly Uint8Array[] {
    return this.#records.get(partition) ?? [];
  }

  partitions(): PartitionId[] {
    return [...this.#records.keys()];
  }

  snapshot(partition: PartitionId): Snapshot | null {
    return this.#snapshots.get(partition)?.at(-1) ?? null;
  }

  #apply(write: Write): void {
    switch (write.type) {
      case 'record': {
        const records = this.#records.get(write.partition) ?? [];
        invariant(write.seq === records.length + 1, `${write.partition} would have a gap at ${write.seq}`);
        records.push(write.payload);
        this.#records.set(write.partition, records);
        return;
      }
      case 'snapshot': {
        invariant(write.seq <= this.records(write.partition).length, `snapshot of ${write.partition} runs ahead`);
        const earlier = (this.#snapshots.get(write.partition) ?? []).filter(({ seq }) => seq < write.seq);
        this.#snapshots.set(
          write.partition,
          [...earlier, { seq: write.seq, state: write.state }].slice(-KEPT_SNAPSHOTS),
        );
        return;
      }
      case 'meta':
        this.#meta.set(write.key, write.value);
    }
  }
}

function describe(write: Write): string {
  switch (write.type) {
    case 'record':
      return `${write.partition}#${write.seq}=${Buffer.from(write.payload).toString('base64')}`;
    case 'snapshot':
      return `${write.partition}@${write.seq}=${createHash('sha256').update(write.state).digest('base64')}`;
    case 'meta':
      return `${write.key}=${write.value}`;
  }
}
