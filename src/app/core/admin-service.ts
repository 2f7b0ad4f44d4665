import type { BookingRequest, LedgerEntry } from '../../contract/accounts.ts';
import { refusal } from '../../contract/errors.ts';
import type { AdminService as Contract, Answer, Created, Idempotency } from '../../contract/service.ts';
import { isoTime } from '../../contract/time.ts';
import { negate } from '../../domain/decimal.ts';
import type { AccountId, AssetId, Money, UserId } from '../../domain/ids.ts';
import { err, ok } from '../../domain/result.ts';
import type { Denial } from '../../oms/messages.ts';
import type { Transfer } from '../../oms/state.ts';
import { denied } from './answers.ts';
import type { Desk } from './desk.ts';
import type { Gateway } from './gateway.ts';

/** Deposits to and withdrawals from the internal venue: recorded with who did it and what it refers to. */
export class AdminService implements Contract {
  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  deposit(
    actor: UserId,
    account: AccountId,
    booking: BookingRequest,
    idempotency: Idempotency | null,
  ): Answer<Created<LedgerEntry>> {
    return this.#transfer('deposit', actor, account, booking, idempotency);
  }

  withdraw(
    actor: UserId,
    account: AccountId,
    booking: BookingRequest,
    idempotency: Idempotency | null,
  ): Answer<Created<LedgerEntry>> {
    return this.#transfer('withdrawal', actor, account, booking, idempotency);
  }

  async #transfer(
    direction: 'deposit' | 'withdrawal',
    actor: UserId,
    account: AccountId,
    booking: BookingRequest,
    idempotency: Idempotency | null,
  ): Answer<Created<LedgerEntry>> {
    const desk = this.#gateway.desk(account);
    if (desk === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    if (!this.#gateway.instruments.knowsAsset(booking.asset))
      return err(refusal('ASSET_NOT_FOUND', { details: { asset: booking.asset } }));
    const at = this.#gateway.clock.now();
    const { asset, amount, reference } = booking;
    const message = {
      type: 'transfer',
      at,
      direction,
      asset,
      amount,
      reference,
      actor,
      note: booking.note ?? '',
      idempotency,
    } as const;
    return desk.effects.ask(
      (replyTo) => ({ ...message, replyTo }),
      (reply) => {
        if (reply.type === 'denied') return denied(transferDenial(desk, reply.denial, asset, amount));
        const transfer = reply.type === 'transferred' ? desk.state.transfers[reply.transfer - 1] : undefined;
        if (reply.type !== 'transferred' || transfer === undefined)
          return denied({ code: 'INTERNAL_ERROR', message: 'unexpected reply' });
        return ok({ value: entryView(desk, transfer), repeated: reply.repeated });
      },
    );
  }
}

/** A withdrawal that is not covered says by how much. */
function transferDenial(desk: Desk, denial: Denial, asset: AssetId, required: Money): Denial {
  if (denial.code !== 'INSUFFICIENT_BALANCE') return denial;
  return {
    ...denial,
    details: { asset, required, available: desk.state.balances.available(asset), ...denial.details },
  };
}

const entryView = (desk: Desk, transfer: Transfer): LedgerEntry => ({
  id: `${desk.account.id}-t${transfer.n}`,
  account: desk.account.id,
  asset: transfer.asset,
  amount: transfer.type === 'deposited' ? transfer.amount : negate(transfer.amount),
  cause: transfer.type === 'deposited' ? 'deposit' : 'withdrawal',
  actor: transfer.actor,
  reference: transfer.reference,
  note: transfer.note === '' ? null : transfer.note,
  balance_after: transfer.balanceAfter,
  booked_at: isoTime(transfer.at),
});
