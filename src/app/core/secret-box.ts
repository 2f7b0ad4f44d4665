import type { AccountId } from '../../domain/ids.ts';
import type { VenueKey } from '../../ports/venue-access.ts';

/** Seals an account's key for storage. What was sealed for one account cannot be opened for another. */
export interface SecretBox {
  seal(key: VenueKey, account: AccountId): string;
  /** Null when it was not sealed here, or for another account. */
  open(sealed: string, account: AccountId): VenueKey | null;
}
