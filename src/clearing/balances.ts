import { ZERO } from '../domain/decimal.ts';
import type { AssetId, Money } from '../domain/ids.ts';
import { invariant } from '../domain/result.ts';

/** What the internal venue owes an account in one asset: everything, and the part held by working orders. */
export type Balance = Readonly<{ total: Money; held: Money }>;

export type PostingCause = 'deposit' | 'withdrawal' | 'hold' | 'release' | 'trade' | 'fee' | 'routing_fee';

/** One line of the ledger: how an event moved one asset of one account. Deltas, signed. */
export type Posting = Readonly<{ asset: AssetId; total: Money; held: Money; cause: PostingCause }>;

const EMPTY: Balance = { total: ZERO, held: ZERO };

/** Balances of one account on the internal venue. Never negative, never more held than there is. */
export class Balances {
  readonly #byAsset = new Map<AssetId, Balance>();

  of(asset: AssetId): Balance {
    return this.#byAsset.get(asset) ?? EMPTY;
  }

  available(asset: AssetId): Money {
    const { total, held } = this.of(asset);
    return (total - held) as Money;
  }

  entries(): IterableIterator<[AssetId, Balance]> {
    return this.#byAsset.entries();
  }

  /** All postings of one event together: the result must hold, not each step. */
  apply(postings: readonly Posting[]): void {
    for (const posting of postings) {
      const before = this.of(posting.asset);
      this.#byAsset.set(posting.asset, {
        total: (before.total + posting.total) as Money,
        held: (before.held + posting.held) as Money,
      });
    }
    for (const { asset } of postings) {
      const { total, held } = this.of(asset);
      invariant(held >= 0n && total >= held, `${asset}: total ${total} and held ${held} after a posting`);
    }
  }
}
