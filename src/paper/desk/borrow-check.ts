import { divide, maximum, ONE, ZERO } from '../../domain/decimal.ts';
import type { InstrumentId, Money, Side } from '../../domain/ids.ts';
import { priceOf } from '../../domain/instrument.ts';
import type { BorrowChecked } from '../../ports/exchange.ts';
import { touchFor } from '../book/order-book.ts';
import { accountRisk } from '../money/account-risk.ts';
import { type AccountFacts, freeOf } from '../state/state.ts';
import type { Desk } from './desk.ts';
import { mayBorrow } from './funds.ts';

/** The most that a spot order may be: a buy is bounded by its quote coin at the best offer, a sell by its base. */
export function borrowCheck(desk: Desk, account: AccountFacts, id: InstrumentId, side: Side): BorrowChecked {
  const market = desk.markets.get(id);
  if (market === undefined) throw new RangeError(`${id} is not listed`);
  const { instrument } = market;
  const touch = touchFor(market.book, side);
  const price = touch === null ? market.index() : priceOf(instrument.listing, touch);
  const borrows = side === 'buy' ? instrument.quote : instrument.base;
  const own = maximum(ZERO, freeOf(account, borrows));
  const most = (own + mayBorrow(desk, account, borrows, accountRisk(desk.risk, account))) as Money;
  const qtyOf = (coins: Money): Money => (side === 'buy' ? (divide(coins * ONE, price, 'down') as Money) : coins);
  const amountOf = (coins: Money): Money => (side === 'buy' ? coins : (divide(coins * price, ONE, 'down') as Money));
  return {
    maxQty: qtyOf(most),
    maxAmount: amountOf(most),
    ownQty: qtyOf(own),
    ownAmount: amountOf(own),
    borrows,
  };
}
