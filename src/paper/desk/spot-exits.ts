import { ZERO } from '../../domain/decimal.ts';
import type { Lots, Money } from '../../domain/ids.ts';
import { floorLots, qtyOf, toTicks } from '../../domain/instrument.ts';
import { unwrap } from '../../domain/result.ts';
import type { ExchangeOrder, ExitTerms } from '../../ports/exchange.ts';
import { accountOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { isWaiting } from './accept.ts';
import type { Decision } from './decision.ts';
import { addExit, type ExitOf, pairWith, resize } from './exit-orders.ts';
import { fund, type Hold } from './funds.ts';
import { NO_HOLD } from './waiting.ts';

/**
 * The ways out of what a spot limit order bought or sold: one order, or two of which the first to be triggered ends the
 * other. Both stand for the same coins, so one of them holds: the stop loss, which needs the more. Where the account
 * cannot hold them (a purchase at a higher price than was sold at) they wait all the same and are paid for when triggered.
 */
export function attachSpotExits(decision: Decision, uid: string, market: Market, parent: ExchangeOrder): void {
  const { exits } = parent;
  const lots = gainedLots(market, parent);
  if (exits === null || lots < market.instrument.listing.minQty) return;
  const legs = legsOf(decision, uid, parent);
  if (legs.length > 0) return grow(decision, uid, market, legs, lots);
  const { orderId, clientOrderId } = parent;
  const of: ExitOf = { uid, market, idx: 0, entry: parent.side, parent: { orderId, clientOrderId } };
  const qty = qtyOf(market.instrument.listing, lots);
  const { takeProfit, stopLoss } = exits;
  const kind = takeProfit !== null && stopLoss !== null ? 'bidirectional_tpsl' : 'tpsl';
  let holder: string | null = null;
  if (stopLoss !== null) {
    const hold = holdFor(decision, of, stopLoss, lots, null);
    holder = addExit(decision, of, 'stop_loss', stopLoss, { kind, qty, oco: null, hold });
  }
  if (takeProfit === null) return;
  const hold = holder === null ? holdFor(decision, of, takeProfit, lots, null) : NO_HOLD;
  const id = addExit(decision, of, 'take_profit', takeProfit, { kind, qty, oco: holder, hold });
  if (holder !== null) pairWith(decision, uid, holder, id);
}

/** What the order brought, its fee taken off where that was paid in the same coin. */
function gainedLots(market: Market, { side, cumQty, fees }: ExchangeOrder): Lots {
  const { base, listing } = market.instrument;
  const fee = side === 'buy' ? (fees.get(base) ?? ZERO) : ZERO;
  return floorLots(listing, (cumQty - (fee > 0n ? fee : 0n)) as Money);
}

function legsOf(decision: Decision, uid: string, parent: ExchangeOrder): readonly ExchangeOrder[] {
  const { open } = accountOf(decision.desk.state.accounts, uid);
  return [...open.values()]
    .map(({ order }) => order)
    .filter((order) => order.parent?.orderId === parent.orderId && isWaiting(order));
}

function grow(decision: Decision, uid: string, market: Market, legs: readonly ExchangeOrder[], lots: Lots): void {
  const { open } = accountOf(decision.desk.state.accounts, uid);
  const qty = qtyOf(market.instrument.listing, lots);
  for (const leg of legs) {
    const facts = open.get(leg.orderId);
    const of: ExitOf = { uid, market, idx: 0, entry: leg.side === 'buy' ? 'sell' : 'buy', parent: leg.parent };
    const terms = { price: leg.boundPrice, by: 'last', limitPrice: leg.price } as const;
    const holds = facts !== undefined && facts.heldAsset !== null;
    const hold = holds ? holdFor(decision, of, terms, lots, leg.orderId) : NO_HOLD;
    resize(decision, uid, leg, qty, holds && hold.asset === null ? facts.held : hold.amount);
  }
}

function holdFor(decision: Decision, of: ExitOf, terms: ExitTerms, lots: Lots, replaces: string | null): Hold {
  const bound = unwrap(toTicks(of.market.instrument.listing, terms.limitPrice ?? terms.price));
  const order = { side: of.entry === 'buy' ? 'sell' : 'buy', reduceOnly: false, positionIdx: 0 } as const;
  const hold = fund(decision.desk, of.uid, of.market, { order, bound, lots, walked: null, spends: null, replaces });
  return hold.ok ? hold.value : NO_HOLD;
}
