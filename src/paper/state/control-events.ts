import type { UnixMs } from '../../domain/ids.ts';
import type { CategoryFees } from '../config/types.ts';

/** What whoever runs the exchange changes while it runs. */
export type ControlEvent = Readonly<
  /** Fees of one account, instead of the configuration's. */
  | { type: 'fees_set'; at: UnixMs; uid: string; fees: CategoryFees }
  /** A state that was saved takes the place of everything but the counters; `state` is the text of a snapshot. */
  | { type: 'restored'; at: UnixMs; state: string }
>;
