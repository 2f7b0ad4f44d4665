import type { InstrumentId, Money, UnixMs } from '../../domain/ids.ts';

/** What happens to the exchange as a whole. */
export type ExchangeEvent = Readonly<
  /** First of all, and of everything after a reset: what came before it is forgotten but the counters and the base. */
  | { type: 'opened'; at: UnixMs; idBase: string }
  /** The process started. */
  | { type: 'started'; at: UnixMs; run: number }
  /** Ids and sequences below these may be used without further record. */
  | { type: 'reserved'; ids: number; seq: number }
  /** Time went on (a stepped clock), or the exchange closed. */
  | { type: 'clock'; at: UnixMs }
  | { type: 'marked'; at: UnixMs; instrument: InstrumentId; index: Money; last: Money }
>;
