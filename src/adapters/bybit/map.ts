import type {
  CoinBalance,
  Execution as WireExecution,
  ExecutionPush,
  Order as WireOrder,
  Position as WirePosition,
  PositionPush,
} from '@okd/bybit';
import { multiply } from '../../domain/decimal.ts';
import type { AssetId, ClientOrderId, ExecId, Money, UnixMs, VenueOrderId } from '../../domain/ids.ts';
import type { VenueBalance, VenueExecution, VenueOrder, VenuePosition } from '../../ports/venue.ts';
import { amount, amountOrZero, endReason, idOf, known, sideOf, type Traded } from './words.ts';

/** Rows of the wire in the core's words. Null: something in the row is not understood; the caller keeps it as it came. */

type OrderStatus = VenueOrder['status'];
const STATUS: Readonly<Record<string, OrderStatus>> = {
  New: 'working',
  PartiallyFilled: 'working',
  Untriggered: 'pending',
  Triggered: 'pending',
  Rejected: 'rejected',
  PartiallyFilledCanceled: 'canceled',
  Filled: 'filled',
  Cancelled: 'canceled',
  Deactivated: 'canceled',
};

export function orderOf(category: Traded, row: WireOrder): VenueOrder | null {
  const side = sideOf(row.side);
  const qty = amount(row.qty);
  const cumQty = amount(row.cumExecQty);
  const price = amountOrZero(row.price);
  if (side === null || qty === null || cumQty === null || price === null) return null;
  const word = known(row.orderStatus);
  const status = word === null ? 'unrecognised' : (STATUS[word] ?? 'unrecognised');
  const ended = status === 'canceled' || status === 'rejected';
  return {
    clientOrderId: (row.orderLinkId === '' ? null : row.orderLinkId) as ClientOrderId | null,
    venueOrderId: row.orderId as VenueOrderId,
    instrument: idOf(category, row.symbol),
    side,
    price,
    qty,
    cumQty,
    status,
    reason: ended ? endReason(known(row.rejectReason), known(row.cancelType)) : null,
    createdAt: row.createdTime as UnixMs,
    updatedAt: row.updatedTime as UnixMs,
  };
}

type Kind = VenueExecution['kind'];
/** Execution types that change a quantity. Funding carries the position's size as execQty and must never be one. */
const KINDS: Readonly<Record<string, Kind>> = {
  Trade: 'trade',
  AdlTrade: 'auto_deleverage',
  BustTrade: 'liquidation',
  Delivery: 'delivery',
  Settle: 'delivery',
  BlockTrade: 'transfer',
  MovePosition: 'transfer',
  FutureSpread: 'transfer',
};
const CASH_ONLY = new Set(['Funding']);

/** Coins of an instrument, for fees whose currency the row does not name. */
export type Coins = Readonly<{ base: AssetId; quote: AssetId; settle: AssetId }>;

/**
 * `cash`: moved money but no quantity. Null: not understood. A fee that cannot be read is not understood either: as zero
 * it would put every balance that comes after it out by as much.
 */
export function executionOf(
  category: Traded,
  row: WireExecution | ExecutionPush,
  coins: Coins | null,
): VenueExecution | 'cash' | null {
  const type = known(row.execType);
  if (type !== null && CASH_ONLY.has(type)) return 'cash';
  const kind = type === null ? undefined : KINDS[type];
  const side = sideOf(row.side);
  const price = amount(row.execPrice);
  const qty = amount(row.execQty);
  const fee = amount(row.execFee);
  if (kind === undefined || side === null || price === null || qty === null || fee === null) return null;
  const feeAsset = feeAssetOf(category, row, fee, coins);
  if (price <= 0n || qty <= 0n || feeAsset === null) return null;
  return {
    execId: row.execId as ExecId,
    clientOrderId: (row.orderLinkId === '' ? null : row.orderLinkId) as ClientOrderId | null,
    venueOrderId: row.orderId as VenueOrderId,
    instrument: idOf(category, row.symbol),
    side,
    kind,
    at: row.execTime as UnixMs,
    price,
    qty,
    notional: multiply(price, qty, 'half_even'), // exact: a listing whose tick × step is not, is not traded
    fee,
    feeAsset,
    liquidity: row.isMaker === true ? 'maker' : 'taker',
  };
}

/** Spot takes a buyer's fee in base and a seller's in quote while rates are positive; derivatives in the settle coin. */
function feeAssetOf(
  category: Traded,
  row: WireExecution | ExecutionPush,
  fee: Money,
  coins: Coins | null,
): AssetId | null {
  if (row.feeCurrency !== null && row.feeCurrency !== '') return row.feeCurrency as AssetId;
  if (coins === null) return null;
  if (category !== 'spot') return coins.settle;
  return (row.side === 'Buy') === fee >= 0n ? coins.base : coins.quote;
}

export function balanceOf(coin: CoinBalance, at: number): VenueBalance | null {
  const wallet = amount(coin.walletBalance);
  const locked = amountOrZero(coin.locked);
  const positions = amountOrZero(coin.totalPositionIM);
  const orders = amountOrZero(coin.totalOrderIM);
  const borrowed = amountOrZero(coin.spotBorrow ?? coin.borrowAmount);
  if (wallet === null || locked === null || positions === null || orders === null || borrowed === null) return null;
  return {
    asset: coin.coin as AssetId,
    wallet,
    locked,
    margin: (positions + orders) as Money,
    borrowed,
    at: at as UnixMs,
  };
}

export function positionOf(category: Traded, row: WirePosition | PositionPush, at: number): VenuePosition | null {
  const size = amount(row.size);
  const side = row.side === null ? null : sideOf(row.side);
  if (size === null || (size !== 0n && side === null)) return null;
  const liquidation = amount(row.liqPrice);
  const entryPrice = amountOrZero('avgPrice' in row ? row.avgPrice : row.entryPrice);
  const markPrice = amountOrZero(row.markPrice);
  const unrealisedPnl = amountOrZero(row.unrealisedPnl);
  const margin = amountOrZero(row.positionIM);
  if (entryPrice === null || markPrice === null || unrealisedPnl === null || margin === null) return null;
  return {
    instrument: idOf(category, row.symbol),
    size: (side === 'sell' ? -size : size) as Money,
    entryPrice,
    markPrice,
    unrealisedPnl,
    leverage: amount(row.leverage),
    liquidationPrice: liquidation === 0n ? null : liquidation,
    margin,
    at: at as UnixMs,
  };
}
