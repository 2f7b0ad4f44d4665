import { formatDecimal, maximum, scaleOf, ZERO } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import { DEFAULT_ASSET_SCALE } from '../../domain/instrument.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { ExchangeRefusal, NewTransfer, Transfer, TransferEnd } from '../../ports/exchange.ts';
import type { Decision } from '../desk/decision.ts';
import type { Desk } from '../desk/desk.ts';
import { spendable } from '../desk/funds.ts';
import { refuse } from '../rules/refusal.ts';
import { accountOf, coinOf, type PaperState } from '../state/state.ts';

/** What of a coin may leave the trading account: neither locked, nor borrowed, nor needed as margin. */
export function transferable(desk: Desk, uid: string, asset: AssetId): Money {
  const account = accountOf(desk.state.accounts, uid);
  return maximum(ZERO, spendable(desk, account, asset));
}

/** Moves coins between accounts of a user, or between a master account and its sub-accounts. */
export function transfer(decision: Decision, uid: string, wanted: NewTransfer): Result<Transfer, ExchangeRefusal> {
  const { desk } = decision;
  const { state } = desk;
  const { transferId, asset, amount, from, to } = wanted;
  if (state.transfers.has(transferId)) return refuse('TRANSFER_REPEATED', transferId);
  if (from.uid === to.uid && from.wallet === to.wallet)
    return refuse('TRANSFER_TO_ITSELF', `${from.uid}/${from.wallet}`);
  if (amount <= 0n || scaleOf(amount) > DEFAULT_ASSET_SCALE) {
    return refuse('TRANSFER_AMOUNT_INVALID', `above zero, at most ${DEFAULT_ASSET_SCALE} digits`);
  }
  if (!mayMove(state, uid, from, to)) return refuse('TRANSFER_NOT_ALLOWED', `${from.uid} to ${to.uid}`);
  const there = from.wallet === 'fund' ? fundOf(state, from.uid, asset) : transferable(desk, from.uid, asset);
  const held = from.wallet === 'fund' ? there : coinOf(accountOf(state.accounts, from.uid), asset).wallet;
  if (amount > held) return refuse('TRANSFER_BALANCE', `${formatDecimal(held)} ${asset} is there`);
  if (amount > there) return refuse('TRANSFER_NOT_SAFE', `${formatDecimal(there)} ${asset} can be moved`);
  const done: Transfer = { ...wanted, at: decision.at };
  decision.emit({ type: 'transferred', ...done });
  return ok(done);
}

export const fundOf = (state: PaperState, uid: string, asset: AssetId): Money =>
  accountOf(state.accounts, uid).fund.get(asset) ?? ZERO;

/** A master moves what is its own or its sub-accounts'; a sub-account only what is its own, and only to its master. */
function mayMove(state: PaperState, uid: string, from: TransferEnd, to: TransferEnd): boolean {
  const parent = state.members.get(uid)?.parent ?? null;
  const isOwn = (end: TransferEnd): boolean => end.uid === uid || state.members.get(end.uid)?.parent === uid;
  if (!state.accounts.has(from.uid) || !state.accounts.has(to.uid)) return false;
  if (parent !== null) return from.uid === uid && (to.uid === uid || to.uid === parent);
  return isOwn(from) && isOwn(to);
}
