import { add, ZERO } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import { unreachable } from '../../domain/result.ts';
import { applyAccountEvent } from './apply-accounts.ts';
import { applyCashEvent } from './apply-cash.ts';
import { applyControlEvent } from './apply-control.ts';
import { applyListingEvent } from './apply-listings.ts';
import { applyMemberEvent } from './apply-members.ts';
import { applyOrderEvent } from './apply-orders.ts';
import { applySpreadEvent } from './apply-spreads.ts';
import { applyChange, type Change } from './changes.ts';
import type { EventOf, PaperEvent } from './events.ts';
import { accountOf, INSURANCE, newAccount, type PaperState, SYNTHETIC } from './state.ts';
import { tradeChanges } from './trade.ts';

/**
 * Brings one event into the state and says what it changed. The only code that runs in a replay: it adds and sets,
 * and decides nothing.
 */
export function applyEvent(state: PaperState, event: PaperEvent): readonly Change[] {
  if ('at' in event) state.at = event.at;
  const changes = changesOf(state, event);
  // A state that was restored has its accounts already: its changes are for the views.
  if (event.type === 'restored') return changes;
  for (const change of changes) applyChange(accountOf(state.accounts, change.uid), change);
  if (event.type === 'traded') collectFees(state, event);
  return changes;
}

function changesOf(state: PaperState, event: PaperEvent): readonly Change[] {
  switch (event.type) {
    case 'opened':
      open(state, event);
      return [];
    case 'started':
      state.run = event.run;
      return [];
    case 'reserved':
      state.ids = event.ids;
      state.seq = event.seq;
      return [];
    case 'clock':
      return [];
    case 'marked':
      state.marks.set(event.instrument, { index: event.index, last: event.last, reference: event.reference });
      return [];
    case 'fees_set':
    case 'restored':
      return applyControlEvent(state, event);
    case 'listed':
    case 'status_set':
    case 'delisted':
      applyListingEvent(state, event);
      return [];
    case 'deposited':
    case 'transferred':
    case 'settings_set':
    case 'leverage_set':
      return applyAccountEvent(state, event);
    case 'cash_until':
    case 'funded':
    case 'delivered':
    case 'session_settled':
    case 'borrowed':
    case 'repaid':
    case 'converted':
    case 'margin_added':
    case 'auto_margin_set':
      return applyCashEvent(state, event);
    case 'member_created':
    case 'member_frozen':
    case 'member_deleted':
    case 'key_set':
    case 'key_deleted':
      applyMemberEvent(state, event);
      return [];
    case 'accepted':
    case 'rested':
    case 'amended':
    case 'conditions_set':
    case 'triggered':
    case 'closed':
      return applyOrderEvent(state, event);
    case 'spread_accepted':
    case 'spread_rested':
    case 'spread_amended':
    case 'spread_traded':
    case 'spread_closed':
      return applySpreadEvent(state, event);
    case 'traded':
      keepMark(state, event);
      return tradeChanges(state, event);
    default:
      return unreachable(event);
  }
}

/** A combo's legs trade at prices that no book made. */
function keepMark(state: PaperState, event: EventOf<'traded'>): void {
  if (event.kind === 'future_spread') return;
  const reference = state.marks.get(event.instrument)?.reference ?? null;
  state.marks.set(event.instrument, { index: event.index, last: event.price, reference });
}

/** Everything starts again, with accounts of its own that have nothing (they may owe); counters go on, so that no id is used twice. */
function open(state: PaperState, event: EventOf<'opened'>): void {
  state.idBase = event.idBase;
  state.cashUntil = event.at;
  const { accounts, deposits, fees, marks, closed, clientIds, members, keys, goneKeys, transfers, userFees } = state;
  state.spreadLasts.clear();
  for (const all of [accounts, deposits, fees, marks, closed, clientIds, members, keys, goneKeys, transfers, userFees])
    all.clear();
  for (const uid of [SYNTHETIC, INSURANCE]) state.accounts.set(uid, newAccount(uid));
}

export function addTo(sums: Map<AssetId, Money>, asset: AssetId, amount: Money): void {
  sums.set(asset, add(sums.get(asset) ?? ZERO, amount));
}

function collectFees(state: PaperState, event: EventOf<'traded'>): void {
  addTo(state.fees, event.taker.feeAsset, event.taker.fee);
  addTo(state.fees, event.maker.feeAsset, event.maker.fee);
}
