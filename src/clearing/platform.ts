import type { AssetId, Money, PartitionId, UnixMs } from '../domain/ids.ts';
import { ZERO } from '../domain/decimal.ts';
import { invariant } from '../domain/result.ts';
import type { PartitionLogic } from '../kernel/partition.ts';
import { Balances } from './balances.ts';

/** A fee on its way from a client's account; `n` counts the transfers of that account from 1. */
export type FeeArrival = Readonly<{ type: 'fee'; at: UnixMs; from: number; n: number; asset: AssetId; amount: Money }>;
export type PlatformEvent = Readonly<{
  type: 'fee_booked';
  at: UnixMs;
  from: number;
  n: number;
  asset: AssetId;
  amount: Money;
}>;
/** The sender may forget every transfer up to `n`. */
export type PlatformOutput = Readonly<{ type: 'booked'; from: number; n: number }>;

/** The platform's own account: where fees go. An account like the others, so that money adds up over all of them. */
export class PlatformLogic implements PartitionLogic<FeeArrival, PlatformEvent, PlatformOutput> {
  readonly id = 'platform' as PartitionId;
  readonly balances = new Balances();
  readonly #booked = new Map<number, number>();

  /** Number of the last transfer of an account that was booked. */
  bookedFrom(account: number): number {
    return this.#booked.get(account) ?? 0;
  }

  decide(message: FeeArrival, emit: (event: PlatformEvent) => void): readonly PlatformOutput[] {
    const last = this.bookedFrom(message.from);
    invariant(message.n <= last + 1, `fee transfer ${message.n} of account ${message.from} came before ${last + 1}`);
    if (message.n === last + 1) emit({ ...message, type: 'fee_booked' });
    return [{ type: 'booked', from: message.from, n: this.bookedFrom(message.from) }];
  }

  apply(event: PlatformEvent): void {
    this.#booked.set(event.from, event.n);
    this.balances.apply([{ asset: event.asset, total: event.amount, held: ZERO, cause: 'fee' }]);
  }
}
