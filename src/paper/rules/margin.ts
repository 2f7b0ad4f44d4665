import { absolute, divide, maximum, ONE, quotient, ZERO } from '../../domain/decimal.ts';
import type { InstrumentId, Money, Side } from '../../domain/ids.ts';
import { DEFAULT_ASSET_SCALE } from '../../domain/instrument.ts';
import type { PaperInstrument, RiskTier } from '../config/listings.ts';
import type { AccountFacts, PositionFacts } from '../state/state.ts';
import { coinOf, positionOf } from '../state/state.ts';

const UNIT = 10n ** BigInt(18 - DEFAULT_ASSET_SCALE);

/** An order as margin sees it; a market order counts at the average price that the book offers. */
export type MarginOrder = Readonly<{ side: Side; leaves: Money; price: Money }>;

/** What one perpetual ties up, in the settle coin. */
export type PerpetualMargin = Readonly<{
  orderMargin: Money;
  positionMargin: Money;
  maintenance: Money;
  unrealised: Money;
  /** |size| × mark. */
  value: Money;
}>;

export const NO_MARGIN: PerpetualMargin = {
  orderMargin: ZERO,
  positionMargin: ZERO,
  maintenance: ZERO,
  unrealised: ZERO,
  value: ZERO,
};

/**
 * Cross margin (Bybit help centre, "Initial Margin", "Maintenance Margin" and "Order Cost", USDT contract).
 * Position: value at mark ÷ leverage, plus the fee to close at the bankruptcy price. Orders: what of them would open a
 * position, at notional ÷ leverage plus the fees to open and close, plus what they would lose at once against the
 * mark; of buys and sells only the larger sum counts, because the fills of one side close those of the other.
 */
export function perpetualMargin(
  instrument: PaperInstrument,
  position: PositionFacts,
  orders: readonly MarginOrder[],
  mark: Money,
  taker: Money,
): PerpetualMargin {
  const { size, cost, leverage } = position;
  const value = product(absolute(size), mark);
  const feeToClose = scaled(absolute(cost) * taker * bankruptcy(leverage, size > 0n ? 'buy' : 'sell'), ONE * ONE);
  const tier = tierOf(instrument.tiers, value);
  const open = size !== 0n;
  return {
    orderMargin: maximum(
      sideMargin('buy', orders, position, mark, taker),
      sideMargin('sell', orders, position, mark, taker),
    ),
    positionMargin: open ? ((scaled(value * ONE, leverage) + feeToClose) as Money) : ZERO,
    maintenance: open ? ((scaled(value * tier.rate, ONE) - tier.deduction + feeToClose) as Money) : ZERO,
    unrealised: (divide(size * mark, ONE, 'down') - cost) as Money,
    value,
  };
}

function sideMargin(
  side: Side,
  orders: readonly MarginOrder[],
  position: PositionFacts,
  mark: Money,
  taker: Money,
): Money {
  let leaves = 0n;
  let notional = 0n;
  let loss = 0n;
  for (const order of orders) {
    if (order.side !== side) continue;
    leaves += order.leaves;
    notional += product(order.leaves, order.price);
    const worse = side === 'buy' ? order.price - mark : mark - order.price;
    if (worse > 0n) loss += product(order.leaves, worse as Money);
  }
  const closable = side === 'buy' ? -position.size : position.size;
  const opening = closable > 0n ? leaves - closable : leaves;
  if (opening <= 0n) return ZERO;
  const rate = quotient(ONE, position.leverage, 'up') + taker + (taker * bankruptcy(position.leverage, side)) / ONE;
  return scaled((notional * rate + loss * ONE) * opening, leaves * ONE);
}

/** Bankruptcy price as a part of the entry price: 1 − 1/leverage for a long, 1 + 1/leverage for a short. */
function bankruptcy(leverage: Money, side: Side): bigint {
  const part = quotient(ONE, leverage, 'down');
  return side === 'buy' ? ONE - part : ONE + part;
}

function tierOf(tiers: readonly RiskTier[], value: Money): RiskTier {
  const tier = tiers.find((one) => one.upTo === null || value <= one.upTo) ?? tiers.at(-1);
  return tier ?? { upTo: null, rate: ZERO, deduction: ZERO, maxLeverage: ONE };
}

export const maxLeverageAt = (instrument: PaperInstrument, value: Money): Money =>
  tierOf(instrument.tiers, value).maxLeverage;

/**
 * Mark price at which the account's margin balance would equal its maintenance margin, everything else unchanged;
 * null when no price above zero does that. `balance`: wallet less locked plus the other positions' unrealised profit
 * less their maintenance margin.
 */
export function liquidationPrice(
  instrument: PaperInstrument,
  position: PositionFacts,
  balance: Money,
  taker: Money,
): Money | null {
  const { size, cost, leverage } = position;
  if (size === 0n) return null;
  const feeToClose = scaled(absolute(cost) * taker * bankruptcy(leverage, size > 0n ? 'buy' : 'sell'), ONE * ONE);
  const tier = tierOf(instrument.tiers, absolute(cost));
  const owed = cost - balance - tier.deduction + feeToClose;
  const slope = size - (absolute(size) * tier.rate) / ONE;
  if (owed > 0n !== slope > 0n || owed === 0n) return null;
  const { tick } = instrument.listing;
  return (divide((owed < 0n ? -owed : owed) * ONE, (slope < 0n ? -slope : slope) * tick, 'half_even') * tick) as Money;
}

/** What an account has and owes in one settle coin, all its perpetuals together. */
export type CoinMargin = PerpetualMargin & Readonly<{ balance: Money; available: Money }>;

export type MarginSource = Readonly<{
  perpetuals: readonly PaperInstrument[];
  mark: (id: InstrumentId) => Money;
  taker: (uid: string, id: InstrumentId) => Money;
}>;

/** Margin of every perpetual that settles in the coin, with one order more (or another leverage) where given. */
export function coinMargin(
  source: MarginSource,
  account: AccountFacts,
  settle: PaperInstrument['settle'],
  change: Readonly<{
    instrument: InstrumentId;
    orders: readonly MarginOrder[];
    position?: PositionFacts;
  }> | null = null,
): CoinMargin {
  const sum = { ...NO_MARGIN } as { -readonly [K in keyof PerpetualMargin]: Money };
  for (const instrument of source.perpetuals) {
    if (instrument.settle !== settle) continue;
    const { id } = instrument;
    const changed = change?.instrument === id ? change : null;
    const position = changed?.position ?? positionOf(account, id);
    const orders = changed?.orders ?? marginOrders(account, id);
    if (position.size === 0n && orders.length === 0) continue;
    const one = perpetualMargin(instrument, position, orders, source.mark(id), source.taker(account.uid, id));
    for (const name of Object.keys(sum) as (keyof PerpetualMargin)[]) sum[name] = (sum[name] + one[name]) as Money;
  }
  const coin = coinOf(account, settle);
  const balance = (coin.wallet - coin.locked + sum.unrealised) as Money;
  return { ...sum, balance, available: (balance - sum.orderMargin - sum.positionMargin) as Money };
}

/** Working orders of one instrument that may open a position. */
export function marginOrders(account: AccountFacts, id: InstrumentId, without: string | null = null): MarginOrder[] {
  const orders: MarginOrder[] = [];
  for (const { order } of account.open.values()) {
    if (order.instrument !== id || order.reduceOnly || order.orderId === without) continue;
    if (order.status === 'untriggered') continue;
    orders.push({ side: order.side, leaves: order.leavesQty, price: order.boundPrice });
  }
  return orders;
}

const product = (a: Money, b: Money): Money => ((a * b) / ONE) as Money;
/** Quotient rounded up at the scale of settle coins: margin is never understated. */
const scaled = (numerator: bigint, denominator: bigint): Money =>
  (divide(numerator, denominator * UNIT, 'up') * UNIT) as Money;
