import type { Journal } from './journal.ts';

/** What an instance knows about itself: its id, its environment, the versions that wrote it. */
export interface Meta {
  /** Only what is durable. */
  get(key: string): string | null;
  /** Resolves once durable; rejects, and nothing has changed, when it could not be written. */
  set(key: string, value: string): Promise<void>;
}

/** A data directory that this process, and no other, has open. */
export interface Store {
  readonly journal: Journal;
  readonly meta: Meta;
  /** Waits for what is being written, then lets the directory go. */
  close(): Promise<void>;
}
