import { ZERO } from '../../../../domain/decimal.ts';
import type { AccountId, AssetId, Money, UnixMs } from '../../../../domain/ids.ts';
import type { Contra, LedgerCause } from '../../../../ports/records.ts';
import { amountOf, textOf } from '../amounts.ts';
import type { LedgerRow } from '../tables.ts';
import type { Storage } from './storage.ts';

/** A change of one asset, signed. */
export type Line = Readonly<{ asset: AssetId; total: Money; held: Money; cause: LedgerCause; contra: Contra }>;

/** The event that a line comes from, and what it refers to. */
export type Origin = Readonly<{ seq: number; at: UnixMs }> &
  Partial<Pick<LedgerRow, 'order_seq' | 'child' | 'exec_id' | 'reference' | 'actor' | 'note'>>;

type Balance = { total: Money; held: Money; changed: boolean };

/** The ledger of one account: writes lines as they come, and the balances that they lead to when saved. */
export class Ledger {
  readonly #storage: Storage;
  readonly #account: AccountId;
  readonly #balances = new Map<AssetId, Balance>();
  #lastSeq = 0;
  #lines = 0;

  constructor(storage: Storage, account: AccountId) {
    this.#storage = storage;
    this.#account = account;
    for (const { asset, total, held } of storage.balancesOf(account)) {
      this.#balances.set(asset as AssetId, { total: amountOf(total), held: amountOf(held), changed: false });
    }
  }

  /** Books one line; one that changes nothing is no line. */
  post(origin: Origin, { asset, total, held, cause, contra }: Line): void {
    if (total === 0n && held === 0n) return;
    const balance = this.#balanceOf(asset);
    balance.total = (balance.total + total) as Money;
    balance.held = (balance.held + held) as Money;
    balance.changed = true;
    this.#storage.ledger.insert({
      account: this.#account,
      n: this.#nextLine(origin.seq),
      asset,
      cause,
      contra,
      total: textOf(total),
      held: textOf(held),
      total_after: textOf(balance.total),
      held_after: textOf(balance.held),
      moves: total === 0n ? 0 : 1,
      order_seq: null,
      child: null,
      exec_id: null,
      reference: null,
      actor: null,
      note: null,
      ...origin,
    });
  }

  save(): void {
    for (const [asset, balance] of this.#balances) {
      if (!balance.changed) continue;
      const { total, held } = balance;
      this.#storage.balances.put({ account: this.#account, asset, total: textOf(total), held: textOf(held) });
      balance.changed = false;
    }
  }

  #balanceOf(asset: AssetId): Balance {
    const known = this.#balances.get(asset);
    if (known !== undefined) return known;
    const opened: Balance = { total: ZERO, held: ZERO, changed: false };
    this.#balances.set(asset, opened);
    return opened;
  }

  #nextLine(seq: number): number {
    this.#lines = seq === this.#lastSeq ? this.#lines + 1 : 1;
    this.#lastSeq = seq;
    return this.#lines;
  }
}
