import type { InternalFeed } from '../../adapters/internal/internal-feed.ts';
import type { AccountId, VenueId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Journal } from '../../ports/journal.ts';
import type { Log } from '../../ports/log.ts';
import type { Records } from '../../ports/records.ts';
import type { VenueAccess } from '../../ports/venue-access.ts';
import type { Desk } from './desk.ts';
import type { FeeSchedule } from './fees.ts';
import type { Instruments } from './instruments.ts';
import type { SecretBox } from './secret-box.ts';

/** What a gateway needs from outside. */
export type GatewayWorld = Readonly<{
  journal: Journal;
  /** Of that journal: for lists and for orders that were closed long ago. Whoever opened them closes them. */
  records: Records;
  clock: Clock;
  log: Log;
  /** Random id of this installation, stored in its data directory. */
  instance: string;
  /** The venue outside: one per instance, in the instance's environment. */
  access: VenueAccess;
  box: SecretBox;
  fees: FeeSchedule;
  /** Symbols (spot) that the internal venue lists; their terms are copied from the other venue when first seen. */
  internalSymbols: readonly string[];
  /** What happens to orders on other venues when the journal fails; they are left alone by default. */
  onJournalFailure?: 'leave' | 'cancel_all';
  /** Told of a bug: the process must stop. */
  onCrash(error: unknown): void;
}>;

/** The gateway as its own parts see it. */
export interface GatewayParts {
  readonly world: GatewayWorld;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly external: VenueId;
  readonly instruments: Instruments;
  readonly internalFeed: InternalFeed;
  desk(account: AccountId): Desk | null;
  /** Trading is halted for everybody: the reason. */
  haltedReason(): string | null;
}
