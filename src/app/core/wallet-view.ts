import {
  type Balance,
  type ConsolidatedBalance,
  consolidatedAssetOf,
  type ConsolidatedPositions,
  type Position,
} from '../../contract/wallet.ts';
import { isoTime } from '../../contract/time.ts';
import { maximum, minimum, multiply, ZERO } from '../../domain/decimal.ts';
import {
  type AssetId,
  INTERNAL_VENUE,
  type Money,
  splitInstrumentId,
  type UnixMs,
  type VenueId,
} from '../../domain/ids.ts';
import type { MarketFeed } from '../../ports/market.ts';
import type { VenuePosition } from '../../ports/venue.ts';
import type { Desk } from './desk.ts';

const assetsOf = (desk: Desk): AssetId[] => {
  const internal = [...desk.state.balances.entries()].filter(([, { total }]) => total !== 0n).map(([asset]) => asset);
  return [...new Set([...internal, ...desk.balances.keys(), ...desk.state.feesDue.keys()])].sort();
};

/** The unified account holds one balance per coin: what is margin counts as futures, at most the wallet; the rest is spot. */
export function consolidatedBalance(desk: Desk): ConsolidatedBalance {
  const rows: ConsolidatedBalance['consolidated_balance'] = {};
  for (const asset of assetsOf(desk)) {
    const internal = desk.state.balances.of(asset).total;
    const there = desk.balances.get(asset);
    const wallet = there === undefined ? ZERO : ((there.wallet - there.borrowed) as Money);
    const futures = there === undefined ? ZERO : minimum(there.margin, maximum(there.wallet, ZERO));
    rows[asset] = consolidatedAssetOf({ internal, futures, spot: (wallet - futures) as Money, funding: ZERO });
  }
  return { consolidated_balance: rows };
}

export function balanceViews(desk: Desk, external: VenueId, now: UnixMs): Balance[] {
  const views: Balance[] = [];
  for (const asset of assetsOf(desk)) {
    const { total, held } = desk.state.balances.of(asset);
    const due = desk.state.feesDue.get(asset) ?? ZERO;
    if (total !== 0n || due !== 0n) {
      const available = (total - held) as Money;
      views.push({
        asset,
        venue: INTERNAL_VENUE,
        total,
        available,
        held,
        borrowed: ZERO,
        fees_due: due,
        updated_at: isoTime(now),
      });
    }
    const there = desk.balances.get(asset);
    if (there === undefined) continue;
    const heldThere = (there.locked + there.margin) as Money;
    const available = maximum(ZERO, (there.wallet - heldThere) as Money);
    const { wallet, borrowed, at } = there;
    views.push({
      asset,
      venue: external,
      total: wallet,
      available,
      held: heldThere,
      borrowed,
      fees_due: ZERO,
      updated_at: isoTime(at),
    });
  }
  return views;
}

export function positionView(position: VenuePosition, venue: VenueId): Position {
  const { category, symbol } = splitInstrumentId(position.instrument);
  return {
    symbol,
    category,
    net_quantity: position.size,
    entry_price: position.entryPrice,
    mark_price: position.markPrice,
    unrealised_pnl: position.unrealisedPnl,
    realised_pnl: null,
    legs: [
      {
        venue,
        quantity: position.size,
        entry_price: position.entryPrice,
        mark_price: position.markPrice,
        unrealised_pnl: position.unrealisedPnl,
        realised_pnl: null,
        leverage: position.leverage,
        liquidation_price: position.liquidationPrice,
        margin: position.margin,
      },
    ],
    updated_at: isoTime(position.at),
  };
}

/**
 * What the venue last said of a position, valued at the newest mark price: a venue repeats a position only when it
 * changes. Of inverse contracts the venue's own value stays.
 */
function atMark(position: VenuePosition, feed: MarketFeed): VenuePosition {
  const mark = feed.mark(position.instrument);
  if (mark === null || mark.at <= position.at) return position;
  if (splitInstrumentId(position.instrument).category !== 'linear') return position;
  const gain = multiply((mark.price - position.entryPrice) as Money, position.size, 'down');
  return { ...position, markPrice: mark.price, unrealisedPnl: gain, at: mark.at };
}

/** The account's positions at marks of now. */
export const currentPositions = (desk: Desk, feed: MarketFeed): VenuePosition[] =>
  [...desk.positions.values()].map((row) => atMark(row, feed));

export function positionsView(
  desk: Desk,
  feed: MarketFeed,
  external: VenueId,
  wanted: (row: VenuePosition) => boolean,
): ConsolidatedPositions {
  const rows = currentPositions(desk, feed).filter(wanted);
  const sum = (pick: (row: VenuePosition) => Money): Money =>
    rows.reduce((total, row) => total + pick(row), 0n) as Money;
  return {
    positions: rows.map((row) => positionView(row, external)),
    total: { unrealised_pnl: sum((row) => row.unrealisedPnl), realised_pnl: null, margin: sum((row) => row.margin) },
  };
}
