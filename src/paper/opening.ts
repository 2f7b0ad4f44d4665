import type { AssetId, Lots, UnixMs } from '../domain/ids.ts';
import { toLots, toTicks } from '../domain/instrument.ts';
import { invariant } from '../domain/result.ts';
import type { AccountConfig, PaperConfig } from './config/types.ts';
import { isWaiting } from './desk/accept.ts';
import type { Decision } from './desk/decision.ts';
import { closeOrder } from './desk/settle.ts';
import { isLeg } from './spread/close.ts';
import { restoreSpreads } from './spread/watch.ts';
import type { PaperEvent } from './state/events.ts';
import { accountOf, DEFAULT_SETTINGS, type OrderFacts, INSURANCE, isHouse, type PaperState } from './state/state.ts';
import type { Market } from './tape/market.ts';

const USDT = 'USDT' as AssetId;
const NOTHING = 0n as AccountConfig['balances'][number][1];

/** Pays the opening balances of accounts that the exchange does not know yet, and puts them into their groups. */
export function openingDeposits(
  state: PaperState,
  accounts: readonly AccountConfig[],
  at: UnixMs,
): readonly PaperEvent[] {
  return accounts
    .filter(({ uid }) => !state.accounts.has(uid))
    .flatMap(({ uid, balances, smpGroup }) => {
      const rows = balances.length === 0 ? ([[USDT, NOTHING]] as const) : balances;
      const deposits = rows.map(
        ([asset, amount]): PaperEvent => ({ type: 'deposited', at, uid, asset: asset as AssetId, amount }),
      );
      const settings = { ...DEFAULT_SETTINGS, smpGroup };
      return smpGroup === 0 ? deposits : [...deposits, { type: 'settings_set' as const, at, uid, settings }];
    });
}

/** What the insurance fund has when an exchange is opened for the first time, or again after a reset. */
export const insuranceDeposits = (insurance: PaperConfig['insurance'], at: UnixMs): readonly PaperEvent[] =>
  insurance.map(([asset, amount]) => ({ type: 'deposited', at, uid: INSURANCE, asset: asset as AssetId, amount }));

/**
 * Puts the working orders of a journal back into their books, in their old order of time. An order whose instrument is
 * gone stays as it is, in no book; one that no longer lies on the grid is canceled.
 */
export function restoreOrders(decision: Decision): void {
  for (const { uid, facts } of openOrders(decision)) {
    const market = decision.desk.markets.get(facts.order.instrument);
    if (market !== undefined) restore(decision, market, uid, facts);
  }
  restoreSpreads(decision);
}

/** The same for one instrument, whose book is new. */
export function restoreOrdersOf(decision: Decision, market: Market): void {
  for (const { uid, facts } of openOrders(decision)) {
    if (facts.order.instrument === market.id) restore(decision, market, uid, facts);
  }
}

/** Orders that belong into books, in their order of time. */
function openOrders(decision: Decision): readonly { uid: string; facts: OrderFacts }[] {
  const open: { uid: string; facts: OrderFacts }[] = [];
  for (const uid of decision.desk.state.accounts.keys()) {
    if (isHouse(uid)) continue;
    for (const facts of accountOf(decision.desk.state.accounts, uid).open.values()) {
      if (!isWaiting(facts.order) && !isLeg(facts.order)) open.push({ uid, facts });
    }
  }
  return open.sort((a, b) => a.facts.priority - b.facts.priority);
}

function restore(decision: Decision, market: Market, uid: string, { order }: OrderFacts): void {
  const { listing } = market.instrument;
  const { orderId, side, selfTrade } = order;
  const price = toTicks(listing, order.boundPrice);
  const qty = toLots(listing, order.leavesQty);
  if (!price.ok || !qty.ok || qty.value < (1 as Lots)) {
    closeOrder(decision, market, { uid, orderId }, 'admin');
    return;
  }
  const outcome = market.book.submit({
    owner: { uid, orderId },
    account: decision.desk.accountNumber(uid),
    side,
    price: price.value,
    qty: qty.value,
    timeInForce: order.timeInForce === 'post_only' ? 'post_only' : 'gtc',
    selfTrade,
  });
  invariant(outcome.fills.length === 0 && outcome.ended === null, 'orders that rested together do not cross');
}
