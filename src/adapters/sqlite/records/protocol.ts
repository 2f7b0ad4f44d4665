import type { PartitionId } from '../../../domain/ids.ts';
import type { AnyAnswer, Question } from './lists.ts';

/** What the main thread hands to the records thread, and what comes back. */
export type ThreadStart = Readonly<{ dir: string }>;

export type ThreadRequest = Readonly<{ type: 'ask'; id: number; question: Question } | { type: 'stop' }>;

export type ThreadReport = Readonly<
  | { type: 'answer'; id: number; answer: AnyAnswer }
  /** The tables were opened and end there: nothing of what was said before counts. */
  | { type: 'opened'; positions: readonly (readonly [PartitionId, number])[] }
  /** A batch was committed. */
  | { type: 'projected'; positions: readonly (readonly [PartitionId, number])[] }
  /** Told once each time that it changes: stalled, the projector tries again every second. */
  | { type: 'stalled'; message: string }
  | { type: 'following' }
>;
