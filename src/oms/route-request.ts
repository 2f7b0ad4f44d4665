import { maximum, multiply, ONE, ZERO } from '../domain/decimal.ts';
import { type AssetId, INTERNAL_VENUE, type Money, type Ticks } from '../domain/ids.ts';
import { floorLots, passiveTicks } from '../domain/instrument.ts';
import type { Funds, RouteRequest, VenueQuote } from '../routing/request.ts';
import { availableAt } from './claims.ts';
import type { OrderContext, VenueContext } from './context.ts';
import type { OrderRequest } from './events.ts';
import type { AccountState } from './state.ts';

/** What is asked of the router in this round: all of a new order, or what an earlier round left. */
export type Remaining = Readonly<{ qty: Money; budget: Money | null; usedAt: ReadonlyMap<string, Money> }>;

/** Coin that an order spends at a venue: quote or settle for buys and derivatives, base for spot sells. */
export const spends = (context: OrderContext, request: OrderRequest): AssetId => {
  const { category, base, quote, settle } = context.instrument;
  if (category !== 'spot') return settle;
  return request.side === 'buy' ? quote : base;
};

/** Furthest price a market order may trade at: the arrival price moved by the allowed slippage. Null without a reference. */
export function worstPriceOf(context: OrderContext, request: OrderRequest): Money | null {
  if (request.type === 'limit') return request.price;
  if (context.reference === null) return null;
  const slippage = request.maxSlippage ?? context.settings.maxSlippage;
  const factor = (request.side === 'buy' ? ONE + slippage : ONE - slippage) as Money;
  const worst = multiply(context.reference.price, factor, request.side === 'buy' ? 'down' : 'up');
  return maximum(worst, context.instrument.grid.tick);
}

/** Turns an order and what is known of the world into one question for the router. */
export function routeRequest(
  state: AccountState,
  context: OrderContext,
  request: OrderRequest,
  worstPrice: Money | null,
  remaining: Remaining,
  excluded: ReadonlyMap<string, string>,
  at: RouteRequest['at'],
): RouteRequest {
  const { grid } = context.instrument;
  const onGrid = (price: Money): Ticks => passiveTicks(grid, price, request.side);
  const prefer = request.routing.preferInternal ?? request.routing.strategy === 'smart';
  const quotes = context.venues.map((venue) =>
    quoteOf(state, context, request, venue, excluded.get(venue.venue) ?? null),
  );
  return {
    instrument: context.instrument,
    side: request.side,
    wanted:
      remaining.budget === null
        ? { type: 'quantity', qty: floorLots(grid, remaining.qty) }
        : { type: 'budget', amount: remaining.budget },
    limitPrice: request.price === null ? null : onGrid(request.price),
    worstPrice: worstPrice === null ? null : onGrid(worstPrice),
    timeInForce: request.timeInForce,
    strategy: request.routing.strategy,
    allowedVenues: request.routing.venues,
    caps: request.routing.caps.map(({ venue, fraction }) => ({
      venue,
      fraction,
      ordered: (request.qty ?? request.quoteQty ?? ZERO) as Money,
      used: remaining.usedAt.get(venue) ?? ZERO,
    })),
    prefer: prefer ? { venue: INTERNAL_VENUE, bps: context.settings.preferInternal } : null,
    mid: context.reference?.source === 'mid' ? context.reference.price : null,
    at,
    quotes,
  };
}

function quoteOf(
  state: AccountState,
  context: OrderContext,
  request: OrderRequest,
  venue: VenueContext,
  excluded: string | null,
): VenueQuote {
  return {
    venue: venue.venue,
    book: venue.book,
    takerRate: venue.fees.taker,
    makerRate: venue.fees.maker,
    routingRate: maximum(venue.routing.taker, venue.routing.maker),
    funds: fundsOf(state, context, request, venue),
    canRest: true,
    excluded: excluded ?? venue.closed,
  };
}

/** What the order locks there and what there is for it. */
function fundsOf(state: AccountState, context: OrderContext, request: OrderRequest, venue: VenueContext): Funds {
  if (request.reduceOnly) return { type: 'unbounded' };
  const available = availableAt(state, venue, spends(context, request));
  const scale = context.quoteScale;
  const fee = maximum(maximum(venue.fees.taker, venue.fees.maker), ZERO);
  if (venue.marginRate !== null)
    return { type: 'value', available, rate: (venue.marginRate + 2n * fee) as Money, scale };
  if (request.side === 'sell') return { type: 'quantity', available };
  return { type: 'value', available, rate: venue.buyFeeIn === 'quote' ? ((ONE + fee) as Money) : ONE, scale };
}
