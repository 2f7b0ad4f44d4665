import type { AmendOrder, CancelOrder, CreateOrder } from '@okd/bybit';
import type { Money } from '../../domain/ids.ts';
import { type Listing, toLots, toTicks } from '../../domain/instrument.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { OrderRef, Refusal, SubmitRequest } from '../../ports/venue.ts';
import type { Listings } from './listings.ts';
import { selfTradeWord, sideWord, text, timeInForceWord, type Traded, tradedOf } from './words.ts';

type Wanted = Readonly<{ price: Money; qty: Money }>;
type Params<T> = Result<T & Readonly<{ category: Traded }>, Refusal>;

const refuse = (code: Refusal['code'], message: string) => err({ code, venueCode: '', message });

/** What does not lie on Bybit's grid, as it was read last, is refused here: nothing of it is sent. */
function offGrid(listing: Listing, { price, qty }: Wanted): Result<void, Refusal> {
  if (!toTicks(listing, price).ok)
    return refuse('OFF_TICK', `${text(price)} is no multiple of the tick ${text(listing.tick)}`);
  if (!toLots(listing, qty).ok)
    return refuse('OFF_STEP', `${text(qty)} is no multiple of the step ${text(listing.step)}`);
  return ok(undefined);
}

/** Every order is a limit order with its worst price: a market order of ours never trades through it. */
export function createParams(listings: Listings, request: SubmitRequest): Params<CreateOrder> {
  const traded = tradedOf(request.instrument);
  const listing = listings.listing(request.instrument);
  if (traded === null || listing === null) return refuse('INSTRUMENT_NOT_FOUND', `${request.instrument} is not listed`);
  const checked = offGrid(listing, request);
  if (!checked.ok) return checked;
  return ok({
    ...traded,
    side: sideWord(request.side),
    orderType: 'Limit',
    qty: text(request.qty),
    price: text(request.price),
    timeInForce: timeInForceWord(request.timeInForce),
    orderLinkId: request.clientOrderId,
    smpType: selfTradeWord(request.selfTrade),
    ...(traded.category === 'spot' ? { isLeverage: 0 } : { positionIdx: 0, reduceOnly: request.reduceOnly }),
  });
}

export function amendParams(listings: Listings, ref: OrderRef, change: Wanted): Params<AmendOrder> {
  const traded = tradedOf(ref.instrument);
  const listing = listings.listing(ref.instrument);
  if (traded === null || listing === null) return refuse('INSTRUMENT_NOT_FOUND', `${ref.instrument} is not listed`);
  const checked = offGrid(listing, change);
  if (!checked.ok) return checked;
  return ok({ ...traded, ...idsOf(ref), price: text(change.price), qty: text(change.qty) });
}

/** A cancel needs no listing: what was taken off the list can still be canceled. Null: no category of this adapter. */
export function cancelParams(ref: OrderRef): (CancelOrder & Readonly<{ category: Traded }>) | null {
  const traded = tradedOf(ref.instrument);
  return traded === null ? null : { ...traded, ...idsOf(ref) };
}

const idsOf = (ref: OrderRef) =>
  ref.venueOrderId === null
    ? { orderLinkId: ref.clientOrderId as string }
    : { orderId: ref.venueOrderId as string, orderLinkId: ref.clientOrderId as string };
