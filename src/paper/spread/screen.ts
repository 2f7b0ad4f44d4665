import { multiply, ZERO } from '../../domain/decimal.ts';
import type { Lots, Money, Ticks } from '../../domain/ids.ts';
import { opposite, type Side } from '../../domain/ids.ts';
import type { Owner, Resting } from '../book/order-book.ts';
import type { Decision } from '../desk/decision.ts';
import { accountOf, freeOf } from '../state/state.ts';
import { closeSpread } from './close.ts';
import { tradedAt } from './legs.ts';
import type { SpreadMarket } from './spread-market.ts';

type Coming = Readonly<{ side: Side; price: Ticks; qty: Lots }>;

/**
 * Takes those orders out of an arriving order's way that cannot trade with it: orders whose legs would trade outside
 * their bands now (`rebalance`), and those whose account has not what the pair costs by now (`cannot_afford`). A leg
 * reserves what it would cost when its order came; coins have become dearer since.
 */
export function screenMakers(decision: Decision, market: SpreadMarket, coming: Coming): void {
  const facing = opposite(coming.side);
  const spent = new Map<string, bigint>();
  let left: number = coming.qty;
  for (const { price } of [...market.book.levels.side(facing)]) {
    if (left <= 0 || !meets(coming, price)) return;
    const prices = tradedAt(market, market.priceOf(price));
    for (const resting of market.book.queue(facing, price)) {
      const qty = Math.min(left, resting.leaves) as Lots;
      if (prices === null) removeMaker(decision, market, resting, 'rebalance');
      else if (!canPay(decision, market, resting, prices.near, qty, spent)) {
        removeMaker(decision, market, resting, 'cannot_afford');
      } else left -= qty;
      if (left <= 0) return;
    }
  }
}

const meets = ({ side, price }: Coming, resting: Ticks): boolean =>
  side === 'buy' ? resting <= price : resting >= price;

function removeMaker(
  decision: Decision,
  market: SpreadMarket,
  { id, owner }: Resting,
  reason: 'rebalance' | 'cannot_afford',
): void {
  const order = orderOf(decision, owner);
  if (owner === null || order === null) market.book.cancel(id);
  else closeSpread(decision, owner.uid, order, reason);
}

/** Whoever sells a combo buys its near leg: where that is a pair, more of its quote may be needed than is reserved. */
function canPay(
  decision: Decision,
  market: SpreadMarket,
  { owner, side }: Resting,
  price: Money,
  lots: Lots,
  spent: Map<string, bigint>,
): boolean {
  const order = orderOf(decision, owner);
  if (owner === null || order === null || side === 'buy' || market.near.instrument.contract !== null) return true;
  const account = accountOf(decision.desk.state.accounts, owner.uid);
  const leg = account.open.get(order.near.orderId);
  if (leg === undefined) return false;
  const qty = market.qtyOf(lots);
  const reserved = (leg.held * qty) / leg.order.leavesQty;
  const more = multiply(price, qty, 'up') - reserved;
  const before = spent.get(owner.uid) ?? ZERO;
  if (more > 0n && before + more > freeOf(account, market.near.instrument.quote)) return false;
  spent.set(owner.uid, before + (more > 0n ? more : 0n));
  return true;
}

function orderOf(decision: Decision, owner: Owner) {
  if (owner === null) return null;
  return accountOf(decision.desk.state.accounts, owner.uid).spreads.get(owner.orderId)?.order ?? null;
}
