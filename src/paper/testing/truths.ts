import { formatDecimal } from '../../domain/decimal.ts';
import type { InstrumentId, Money } from '../../domain/ids.ts';
import { invariant } from '../../domain/result.ts';
import { type ExchangeOrder, isOpenSpread, type SpreadOrder } from '../../ports/exchange.ts';
import { isExit, isWholeExit } from '../desk/exit-kinds.ts';
import { type Harness, PERP } from './harness.ts';

/** Orders and executions agree, the book is not crossed, nothing was made or lost. */
export function checkTruth({ exchange }: Harness, instruments: readonly InstrumentId[]): void {
  invariant(exchange.leaks().length === 0, `leaks: ${exchange.leaks().map(({ type }) => type)}`);
  for (const id of instruments) {
    const { bids, asks } = exchange.book(id, 1);
    invariant((bids[0]?.price ?? 0) < (asks[0]?.price ?? Number.POSITIVE_INFINITY), `${id} is crossed`);
  }
  for (const { orders, executions, positions, synthetic, spreadOrders } of exchange.groundTruth().accounts) {
    const execIds = new Set(executions.map((one) => one.execId));
    invariant(execIds.size === executions.length, 'an execution has an id of its own');
    if (synthetic) continue;
    const filled = new Map<string, bigint>();
    const closers = new Set(orders.filter((order) => order.reduceOnly).map(({ orderId }) => orderId));
    for (const { orderId, qty, closedQty } of executions) {
      filled.set(orderId, (filled.get(orderId) ?? 0n) + qty);
      invariant(!closers.has(orderId) || closedQty === qty, 'a reduce-only order never opens');
    }
    checkExits(orders, positions);
    checkLegs(orders, spreadOrders);
    for (const order of orders) {
      invariant(order.cumQty === (filled.get(order.orderId) ?? 0n), 'an order has filled what its executions say');
      if (order.qtyIn === 'base') invariant(order.cumQty <= order.qty, formatDecimal(order.cumQty));
      else invariant((order.side === 'buy' ? order.cumNotional : 0n) <= order.qty, 'an amount is not overspent');
    }
  }
}

/** A leg is what its combo is: as much of it filled, open as long, of the side that the combo gives it. */
function checkLegs(orders: readonly ExchangeOrder[], combos: readonly SpreadOrder[]): void {
  const byOrderId = new Map(orders.map((order) => [order.orderId, order]));
  for (const combo of combos) {
    for (const { orderId, side } of [combo.far, combo.near]) {
      const leg = byOrderId.get(orderId);
      invariant(leg !== undefined, 'a leg is an order');
      const amounts = leg.qty === combo.qty && leg.cumQty === combo.cumQty && leg.leavesQty === combo.leavesQty;
      const isOpen = leg.status === 'new' || leg.status === 'partially_filled';
      invariant(amounts && leg.side === side && isOpen === isOpenSpread(combo), `leg ${orderId} is not its combo's`);
    }
    invariant(combo.far.side !== combo.near.side, 'the legs are of both sides');
  }
  const legs = orders.filter(({ createdBy }) => createdBy === 'future_spread');
  invariant(legs.length === 2 * combos.length, 'no leg is without its combo');
}

/** No way out without a position, none on its side, and of a whole one no other size than its own. */
function checkExits(
  orders: readonly ExchangeOrder[],
  positions: ReadonlyMap<string, Readonly<{ instrument: InstrumentId; idx: number; size: Money }>>,
): void {
  const kinds = new Set<string>();
  for (const order of orders) {
    if (order.status !== 'untriggered' || order.instrument !== PERP || !isExit(order)) continue;
    const size = [...positions.values()].find((one) => one.instrument === PERP && one.idx === order.positionIdx)?.size;
    invariant(size !== undefined && size !== 0n && size > 0n === (order.side === 'sell'), 'it closes a position');
    if (!isWholeExit(order)) continue;
    invariant(order.qty === (size < 0n ? -size : size), 'an exit of the whole has its size');
    const kind = `${order.positionIdx} ${order.stopKind}`;
    invariant(!kinds.has(kind), `two ${kind}`);
    kinds.add(kind);
  }
}
