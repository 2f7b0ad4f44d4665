import type {
  CoinBalance,
  Execution as WireExecution,
  ExecutionPush,
  Order as WireOrder,
  Position as WirePosition,
  PositionPush,
} from '@okd/bybit';
import { multiply, ZERO } from '../../domain/decimal.ts';
import type { AssetId, ClientOrderId, ExecId, Money, UnixMs, VenueOrderId } from '../../domain/ids.ts';
import type { VenueBalance, VenueExecution, VenueOrder, VenuePosition } from '../../ports/venue.ts';
import { amount, endReason, idOf, known, sideOf, type Traded } from './words.ts';

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
  if (side === null || qty === null || cumQty === null) return null;
  const word = known(row.orderStatus);
  const status = word === null ? 'unrecognised' : (STATUS[word] ?? 'unrecognised');
  const ended = status === 'canceled' || status === 'rejected';
  return {
    clientOrderId: (row.orderLinkId === '' ? null : row.orderLinkId) as ClientOrderId | null,
    venueOrderId: row.orderId as VenueOrderId,
    instrument: idOf(category, row.symbol),
    side,
    price: amount(row.price) ?? ZERO,
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

/** `cash`: moved money but no quantity. Null: not understood. */
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
  const feeAsset = feeAssetOf(category, row, coins);
  if (kind === undefined || side === null || price === null || qty === null || feeAsset === null) return null;
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
    fee: amount(row.execFee) ?? ZERO,
    feeAsset,
    liquidity: row.isMaker === true ? 'maker' : 'taker',
  };
}

/** Spot takes a buyer's fee in base and a seller's in quote while rates are positive; derivatives in the settle coin. */
function feeAssetOf(category: Traded, row: WireExecution | ExecutionPush, coins: Coins | null): AssetId | null {
  if (row.feeCurrency !== null && row.feeCurrency !== '') return row.feeCurrency as AssetId;
  if (coins === null) return null;
  if (category !== 'spot') return coins.settle;
  const rebate = (amount(row.execFee) ?? ZERO) < 0n;
  return (row.side === 'Buy') === !rebate ? coins.base : coins.quote;
}

export function balanceOf(coin: CoinBalance, at: number): VenueBalance | null {
  const wallet = amount(coin.walletBalance);
  if (wallet === null) return null;
  const margin = (amount(coin.totalPositionIM) ?? ZERO) + (amount(coin.totalOrderIM) ?? ZERO);
  return {
    asset: coin.coin as AssetId,
    wallet,
    locked: amount(coin.locked) ?? ZERO,
    margin: margin as Money,
    borrowed: amount(coin.spotBorrow) ?? amount(coin.borrowAmount) ?? ZERO,
    at: at as UnixMs,
  };
}

export function positionOf(category: Traded, row: WirePosition | PositionPush, at: number): VenuePosition | null {
  const size = amount(row.size);
  const side = row.side === null ? null : sideOf(row.side);
  if (size === null || (size !== 0n && side === null)) return null;
  const liquidation = amount(row.liqPrice);
  return {
    instrument: idOf(category, row.symbol),
    size: (side === 'sell' ? -size : size) as Money,
    entryPrice: amount('avgPrice' in row ? row.avgPrice : row.entryPrice) ?? ZERO,
    markPrice: amount(row.markPrice) ?? ZERO,
    unrealisedPnl: amount(row.unrealisedPnl) ?? ZERO,
    leverage: amount(row.leverage),
    liquidationPrice: liquidation === 0n ? null : liquidation,
    margin: amount(row.positionIM) ?? ZERO,
    at: at as UnixMs,
  };
}
