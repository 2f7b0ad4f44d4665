import { ZERO } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import { opposite } from '../../domain/ids.ts';
import type { ExecutionKind, PositionIdx } from '../../ports/exchange.ts';
import type { Decision } from '../desk/decision.ts';
import { moveContract, tradeOf, tradeValue } from '../formulas/contract.ts';
import type { TradeHalf } from '../state/events.ts';
import { accountOf, type PositionFacts, positionOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';

/** A trade of a client with an account of the exchange, at a price that no book made. */
export type HouseTrade = Readonly<{
  kind: ExecutionKind;
  uid: string;
  /** The client's order that it fills. */
  orderId: string;
  idx: PositionIdx;
  /** Of the client. */
  side: Side;
  qty: Money;
  price: Money;
  fee: Money;
  feeRate: Money;
  house: string;
}>;

/** Books it on both sides. It is no trade of the market: nothing is printed. */
export function tradeWithHouse(decision: Decision, market: Market, trade: HouseTrade): void {
  const { instrument } = market;
  const kind = instrument.contract?.valuation ?? 'linear';
  const notional = tradeValue(kind, trade.qty, trade.price);
  const execId = decision.desk.counters.id(instrument.category);
  const client = halfOf(decision, market, trade.uid, trade.idx, trade.side, trade.qty, notional);
  const house = halfOf(decision, market, trade.house, 0, opposite(trade.side), trade.qty, notional);
  decision.emit({
    type: 'traded',
    at: decision.at,
    instrument: instrument.id,
    kind: trade.kind,
    pays: kind === 'premium' ? { base: null, quote: instrument.settle } : null,
    seq: decision.seq(market),
    price: trade.price,
    qty: trade.qty,
    notional,
    mark: market.mark(),
    index: market.index(),
    option: null,
    aggressor: trade.side,
    taker: { ...client, orderId: trade.orderId, execId, fee: trade.fee, feeRate: trade.feeRate },
    maker: { ...house, liquidity: 'maker', execId: decision.desk.counters.id(instrument.category) },
  });
  decision.touch(trade.uid, market);
}

function halfOf(
  decision: Decision,
  { instrument }: Market,
  uid: string,
  idx: PositionIdx,
  side: Side,
  qty: Money,
  notional: Money,
): TradeHalf {
  const before = positionOf(accountOf(decision.desk.state.accounts, uid), instrument.id, idx);
  const kind = instrument.contract?.valuation ?? 'linear';
  const moved = moveContract(before, tradeOf(kind, side, qty, notional));
  return {
    uid,
    orderId: null,
    execId: '',
    side,
    liquidity: 'taker',
    fee: ZERO,
    feeAsset: instrument.settle,
    feeRate: ZERO,
    held: ZERO,
    position: { idx, ...moved, ...closedShare(before, moved.closedQty) },
  };
}

/** What the closed part had cost, and its part of the fees that opened it. */
function closedShare(before: PositionFacts, closedQty: Money): Readonly<{ entryValue: Money; openFee: Money }> {
  const size = before.size < 0n ? -before.size : before.size;
  if (closedQty === 0n) return { entryValue: ZERO, openFee: ZERO };
  const cost = before.cost < 0n ? -before.cost : before.cost;
  const part = (amount: bigint): Money => (size === closedQty ? amount : (amount * closedQty) / size) as Money;
  return { entryValue: part(cost), openFee: part(before.openFees) };
}
