import type { InstrumentId, Side, VenueId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Loop } from '../kernel/loop.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { OrderRef, Venue } from '../ports/venue.ts';
import type { OrderContext } from './context.ts';
import type { AccountOutput } from './messages.ts';
import type { Child } from './child.ts';
import type { FeeTransfer } from './state.ts';

/** What the effects of one account need of the world. */
export type EffectWorld = Readonly<{
  loop: Loop;
  journal: Journal;
  clock: Clock;
  log: Log;
  /** Null where the account has no connection to that venue now. */
  venue(id: VenueId): Venue | null;
  instrument(id: InstrumentId): Instrument | null;
  context(instrument: InstrumentId, side: Side): OrderContext | null;
  /** Trading is halted for everybody: the reason. Asked again at the very moment of sending. */
  halted(): string | null;
  sendFee(transfer: FeeTransfer): void;
  /** Called in the turn of the change, once all its consequences are applied; what it returns runs when they are durable. */
  changed(change: Extract<AccountOutput, { type: 'changed' }>): () => void;
  alarm(code: string, detail: string): void;
}>;

/** How the venue knows a child. */
export const refOf = (child: Child): OrderRef => ({
  instrument: child.order.instrument,
  clientOrderId: child.order.clientOrderId,
  venueOrderId: child.order.venueOrderId,
  createdAt: child.order.createdAt,
});
