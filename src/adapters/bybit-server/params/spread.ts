import { parseDecimal } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type { AmendSpread, PlaceSpread, SpreadRef } from '../../../ports/exchange.ts';
import { invalidParam, missingParam, type WireRefusal } from '../refusals.ts';
import { ORDER_TYPES, SIDES, TIMES_IN_FORCE } from '../words.ts';
import { anything, type Field, optional, type Params, positive, saying, text, withDefault, wordOf } from './fields.ts';

/** An exact decimal as text, of any sign. */
export const decimal: Field<Money> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '') return err(missingParam(name));
  if (typeof raw !== 'string') return err(invalidParam(name));
  const value = parseDecimal(raw);
  return value.ok ? value : err(invalidParam(name));
};

/** `orderLinkId` of a combo: 45 characters, more than others may have. */
const spreadLinkId: Field<string | null> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '') return ok(null);
  return typeof raw === 'string' && /^[A-Za-z0-9_-]{1,45}$/.test(raw) ? ok(raw) : err(invalidParam(name));
};

/** POST /v5/spread/order/create (V5 docs, "Create Order" of spread trading). */
export const CREATE_SPREAD = {
  symbol: text,
  side: saying(wordOf(SIDES), 'Side invalid'),
  orderType: saying(wordOf(ORDER_TYPES), 'OrderType invalid'),
  qty: saying(positive, 'Qty invalid'),
  price: anything,
  orderLinkId: spreadLinkId,
  timeInForce: withDefault(wordOf(TIMES_IN_FORCE), 'gtc'),
} as const;

export function placeSpread(params: Params<typeof CREATE_SPREAD>): Result<PlaceSpread, WireRefusal> {
  const { symbol, side, orderType: type, qty, orderLinkId: clientOrderId, timeInForce } = params;
  const price = type === 'market' ? ok(null) : saying(decimal, 'Price invalid')(params.price, 'price');
  return price.ok ? ok({ symbol, side, type, qty, price: price.value, clientOrderId, timeInForce }) : price;
}

/** POST /v5/spread/order/amend: an empty price is unchanged, `"0"` is a price. */
export const AMEND_SPREAD = {
  symbol: text,
  orderId: optional(text),
  orderLinkId: spreadLinkId,
  qty: optional(saying(positive, 'Qty invalid')),
  price: optional(saying(decimal, 'Price invalid')),
} as const;

export function amendSpread({ qty, price }: Params<typeof AMEND_SPREAD>): Result<AmendSpread, WireRefusal> {
  return qty === null && price === null ? err(missingParam('qty or price')) : ok({ qty, price });
}

/** POST /v5/spread/order/cancel. */
export const CANCEL_SPREAD = { orderId: optional(text), orderLinkId: spreadLinkId } as const;

type Named = Readonly<{ symbol?: string; orderId: string | null; orderLinkId: string | null }>;

export function spreadRef({ symbol, orderId, orderLinkId }: Named): Result<SpreadRef, WireRefusal> {
  if (orderId === null && orderLinkId === null) return err(missingParam('orderId or orderLinkId'));
  return ok({ symbol: symbol ?? null, orderId, clientOrderId: orderLinkId });
}
