import type { InstrumentId, Money, UnixMs } from '../../domain/ids.ts';

/**
 * Format of events and snapshots: one more whenever a build could not read what the last one wrote. What an exchange of
 * another format left behind is refused at the start, never guessed at.
 */
export const FORMAT = 3;

/** What happens to the exchange as a whole. */
export type ExchangeEvent = Readonly<
  /** First of all, and of everything after a reset: what came before it is forgotten but the counters and the base. */
  | { type: 'opened'; at: UnixMs; idBase: string }
  /** The process started. `format`: of the records from here on. */
  | { type: 'started'; at: UnixMs; run: number; format: number }
  /** Ids and sequences below these may be used without further record. */
  | { type: 'reserved'; ids: number; seq: number }
  /** Time went on (a stepped clock), or the exchange closed. */
  | { type: 'clock'; at: UnixMs }
  | { type: 'marked'; at: UnixMs; instrument: InstrumentId; index: Money; last: Money; reference: Money | null }
>;
