import type { PartitionId } from '../../src/domain/ids.ts';
import type { Rng } from '../../src/ports/rng.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** One thing that a commit writes. */
export type Write = Readonly<
  | { type: 'record'; partition: PartitionId; seq: number; payload: Uint8Array }
  | { type: 'snapshot'; partition: PartitionId; seq: number; state: Uint8Array }
  | { type: 'meta'; key: string; value: string }
>;

/** What a simulated journal stands on: the disk that outlives its process. */
export interface WriteTarget {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly rng: Rng;
  drawCommitMs(): number;
  /** True once when a failure was asked for; counted then. */
  takeFailure(): boolean;
  /** All of it or nothing. Returns how many writes the disk holds now. */
  commit(writes: readonly Write[]): number;
  /** Somebody was told that this many writes are durable. */
  acknowledge(writes: number): void;
  records(partition: PartitionId): readonly Uint8Array[];
  partitions(): PartitionId[];
  snapshot(partition: PartitionId): Readonly<{ seq: number; state: Uint8Array }> | null;
}
