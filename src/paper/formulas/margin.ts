import { absolute, divide, maximum, ONE, quotient, ZERO } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { type ContractKind, direction, marginValue, toCoin } from './contract.ts';

/**
 * A working order as margin sees it: what is left of it and the worst price that it may have. Reduce-only orders and
 * conditional orders that wait hold no margin and do not belong here.
 */
export type MarginOrder = Readonly<{ side: Side; leaves: Money; price: Money }>;

/** All orders of one side of one position index, added up; keep them where orders are many. */
export type OrderSums = Readonly<{ leaves: Money; value: Money; loss: Money }>;

/** What orders tie up, in the settle coin: initial margin with both fees, and what they would lose at once. */
export type OrderMargin = Readonly<{ initial: Money; loss: Money }>;

export type OrderTerms = Readonly<{ kind: ContractKind; leverage: Money; taker: Money }>;

export const NO_ORDERS: OrderSums = { leaves: ZERO, value: ZERO, loss: ZERO };
export const NO_ORDER_MARGIN: OrderMargin = { initial: ZERO, loss: ZERO };

/** How far an order's price is on the wrong side of the mark; zero where it is not. */
const beyond = ({ side, price }: MarginOrder, mark: Money): bigint => {
  const apart = side === 'buy' ? price - mark : mark - price;
  return apart > 0n ? apart : 0n;
};

/** What an order loses at the moment it trades: against the mark, never below zero, rounded up. */
export function orderLoss(kind: ContractKind, order: MarginOrder, mark: Money): Money {
  const apart = beyond(order, mark);
  if (apart === 0n) return ZERO;
  return kind === 'inverse'
    ? toCoin(order.leaves * ONE * apart, order.price * mark, 'up')
    : toCoin(order.leaves * apart, ONE, 'up');
}

/** All orders of one side added up; of linear ones the sum is rounded, not each. */
export function sumOrders(kind: ContractKind, orders: readonly MarginOrder[], side: Side, mark: Money): OrderSums {
  if (kind === 'inverse') return sumInverse(orders, side, mark);
  let [leaves, value, loss] = [0n, 0n, 0n];
  for (const order of orders) {
    if (order.side !== side) continue;
    leaves += order.leaves;
    value += order.leaves * order.price;
    const apart = beyond(order, mark);
    if (apart !== 0n) loss += order.leaves * apart;
  }
  return { leaves: leaves as Money, value: toCoin(value, ONE, 'up'), loss: toCoin(loss, ONE, 'up') };
}

function sumInverse(orders: readonly MarginOrder[], side: Side, mark: Money): OrderSums {
  let [leaves, value, loss] = [0n, 0n, 0n];
  for (const order of orders) {
    if (order.side !== side) continue;
    leaves += order.leaves;
    value += marginValue('inverse', order.leaves, order.price);
    loss += orderLoss('inverse', order, mark);
  }
  return { leaves: leaves as Money, value: value as Money, loss: loss as Money };
}

/**
 * What of an order's value it ties up: 1 ÷ leverage, the fee to open, and the fee to close at the bankruptcy price
 * (Bybit help centre, "Order Cost": 1 − 1/leverage of the value for a linear buy and an inverse sell, else 1 + 1/leverage).
 */
export function orderRate({ kind, leverage, taker }: OrderTerms, side: Side): Money {
  const part = quotient(ONE, leverage, 'up');
  const sign = direction(kind, (side === 'buy' ? ONE : -ONE) as Money);
  return (part + taker + divide(taker * (ONE - sign * part), ONE, 'up')) as Money;
}

/**
 * Margin of the orders of one side. `closable`: contracts of the position that they would close; closing needs none, so
 * only the share of what opens counts, rounded up.
 */
export function sideOrderMargin(terms: OrderTerms, side: Side, sums: OrderSums, closable: Money): OrderMargin {
  const opening = closable > 0n ? sums.leaves - closable : sums.leaves;
  if (opening <= 0n) return NO_ORDER_MARGIN;
  return {
    initial: toCoin(sums.value * orderRate(terms, side) * opening, ONE * sums.leaves, 'up'),
    loss: toCoin(sums.loss * opening, sums.leaves, 'up'),
  };
}

/**
 * One-way mode: of buys and sells only the side that needs more counts, because the fills of one close those of the
 * other. `size`: of the position, signed.
 */
export function oneWayOrderMargin(terms: OrderTerms, size: Money, buys: OrderSums, sells: OrderSums): OrderMargin {
  const buying = sideOrderMargin(terms, 'buy', buys, -size as Money);
  const selling = sideOrderMargin(terms, 'sell', sells, size);
  return buying.initial + buying.loss >= selling.initial + selling.loss ? buying : selling;
}

/**
 * Hedge mode: each position index on its own, both count. Index 1 is opened by buys, index 2 by sells; orders that
 * close them need nothing. The leverage of each may differ in isolated mode.
 */
export function hedgeOrderMargin(
  long: Readonly<{ terms: OrderTerms; buys: OrderSums }>,
  short: Readonly<{ terms: OrderTerms; sells: OrderSums }>,
): OrderMargin {
  const buying = sideOrderMargin(long.terms, 'buy', long.buys, ZERO);
  const selling = sideOrderMargin(short.terms, 'sell', short.sells, ZERO);
  return { initial: (buying.initial + selling.initial) as Money, loss: (buying.loss + selling.loss) as Money };
}

/**
 * What of an order's margin is taken off the available balance. Cross: the loss against the mark as well, because the
 * account would show it at once. Isolated: not, because the position's own margin takes it.
 */
export const heldForOrders = ({ initial, loss }: OrderMargin, mode: 'cross' | 'isolated'): Money =>
  mode === 'cross' ? ((initial + loss) as Money) : initial;

/** Order cost of one new order that opens (help centre, "Order Cost": 5,057 for a buy of 1 at 50,000, 10x, 0.06 %). */
export const orderCost = (terms: OrderTerms, order: MarginOrder, mark: Money): OrderMargin =>
  sideOrderMargin(terms, order.side, sumOrders(terms.kind, [order], order.side, mark), ZERO);

/**
 * Largest value, at mark, that the position could come to if one side of the orders were filled: what the risk limit
 * of a leverage is compared with. Rounded up.
 */
export function largestValue(kind: ContractKind, size: Money, buys: OrderSums, sells: OrderSums, mark: Money): Money {
  const long = absolute((size + buys.leaves) as Money);
  const short = absolute((size - sells.leaves) as Money);
  return marginValue(kind, maximum(long, short), mark);
}
