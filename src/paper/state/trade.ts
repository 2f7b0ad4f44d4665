import { add, subtract } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import type { ExchangeExecution } from '../../ports/exchange.ts';
import type { Change } from './changes.ts';
import type { TradedEvent, TradeHalf } from './events.ts';
import {
  accountOf,
  type CoinFacts,
  coinOf,
  type OrderFacts,
  type PaperState,
  type PositionFacts,
  positionOf,
} from './state.ts';

/**
 * What a trade does to both accounts. A trade of an account with itself passes through the same balances and position
 * twice.
 */
export function tradeChanges(state: PaperState, event: TradedEvent): readonly Change[] {
  const coins = new CoinEdits(state);
  const positions = new Map<string, PositionFacts>();
  const rest: Change[] = [];
  for (const half of [event.taker, event.maker]) {
    const before = half.orderId === null ? null : (accountOf(state.accounts, half.uid).open.get(half.orderId) ?? null);
    moveMoney(coins, event, half, before);
    if (half.position !== null) {
      const facts = positions.get(half.uid) ?? positionOf(accountOf(state.accounts, half.uid), event.instrument);
      const moved = movedPosition(facts, event, half);
      positions.set(half.uid, moved);
      rest.push({ type: 'position', uid: half.uid, instrument: event.instrument, facts: moved });
    }
    if (before === null) continue;
    const facts = filledOrder(before, event, half);
    rest.push({ type: 'execution', uid: half.uid, execution: executionOf(facts, event, half) });
    rest.push({ type: 'order', uid: half.uid, facts });
  }
  return [...rest, ...coins.changes()];
}

/** Balances while one event changes them several times. */
class CoinEdits {
  readonly #state: PaperState;
  readonly #edits = new Map<string, Extract<Change, { type: 'coin' }>>();

  constructor(state: PaperState) {
    this.#state = state;
  }

  edit(uid: string, asset: AssetId, change: (coin: CoinFacts) => CoinFacts): void {
    const key = `${uid}/${asset}`;
    const facts = this.#edits.get(key)?.facts ?? coinOf(accountOf(this.#state.accounts, uid), asset);
    this.#edits.set(key, { type: 'coin', uid, asset, facts: change(facts) });
  }

  changes(): Iterable<Change> {
    return this.#edits.values();
  }
}

function moveMoney(coins: CoinEdits, event: TradedEvent, half: TradeHalf, before: OrderFacts | null): void {
  const { spot } = event;
  const move = (asset: AssetId, amount: Money): void =>
    coins.edit(half.uid, asset, (coin) => ({ ...coin, wallet: add(coin.wallet, amount) }));
  if (spot !== null) {
    const buys = half.side === 'buy';
    move(spot.base, (buys ? event.qty : -event.qty) as Money);
    move(spot.quote, (buys ? -event.notional : event.notional) as Money);
  }
  const profit = half.position?.realised ?? (0n as Money);
  coins.edit(half.uid, half.feeAsset, (coin) => ({
    ...coin,
    wallet: (coin.wallet + profit - half.fee) as Money,
    realised: (coin.realised + profit - half.fee) as Money,
  }));
  if (before === null || before.heldAsset === null) return;
  const released = subtract(before.held, half.held);
  coins.edit(half.uid, before.heldAsset, (coin) => ({ ...coin, locked: subtract(coin.locked, released) }));
}

function movedPosition(before: PositionFacts, event: TradedEvent, half: TradeHalf): PositionFacts {
  const { size, cost, realised, closedQty } = half.position ?? {
    ...before,
    realised: 0n as Money,
    closedQty: 0n as Money,
  };
  const opens = before.size === 0n || (size !== 0n && before.size > 0n !== size > 0n);
  const gained = subtract(realised, half.fee);
  // After a flip the closing part's profit belongs to the old position, the fee of the whole trade to the new one.
  const current = opens ? (closedQty === 0n ? gained : (-half.fee as Money)) : add(before.currentRealised, gained);
  return {
    size,
    cost,
    settle: half.feeAsset, // derivatives pay fees in the coin that they settle in
    leverage: before.leverage,
    currentRealised: current,
    totalRealised: add(before.totalRealised, gained),
    createdAt: opens ? event.at : before.createdAt,
    updatedAt: event.at,
    seq: event.seq,
  };
}

function filledOrder(before: OrderFacts, event: TradedEvent, half: TradeHalf): OrderFacts {
  const { order } = before;
  const fees = new Map(order.fees);
  if (half.fee !== 0n) fees.set(half.feeAsset, add(fees.get(half.feeAsset) ?? (0n as Money), half.fee));
  const cumQty = add(order.cumQty, event.qty);
  return {
    ...before,
    held: half.held,
    order: {
      ...order,
      status: 'partially_filled',
      cumQty,
      cumNotional: add(order.cumNotional, event.notional),
      fees,
      leavesQty: subtract(order.leavesQty, order.qtyIn === 'base' ? event.qty : event.notional),
      updatedAt: event.at,
    },
  };
}

function executionOf(facts: OrderFacts, event: TradedEvent, half: TradeHalf): ExchangeExecution {
  const { order } = facts;
  return {
    execId: half.execId,
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    instrument: event.instrument,
    side: order.side,
    orderType: order.type,
    orderPrice: order.boundPrice,
    orderQty: order.qty,
    leavesQty: order.leavesQty,
    price: event.price,
    qty: event.qty,
    notional: event.notional,
    fee: half.fee,
    feeAsset: half.feeAsset,
    feeRate: half.feeRate,
    liquidity: half.liquidity,
    closedQty: half.position?.closedQty ?? (0n as Money),
    realisedPnl: half.position?.realised ?? (0n as Money),
    markPrice: event.mark,
    indexPrice: event.index,
    at: event.at,
    seq: event.seq,
    kind: 'trade',
  };
}
