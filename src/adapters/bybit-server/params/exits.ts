import type { Money } from '../../../domain/ids.ts';
import { parseDecimal } from '../../../domain/decimal.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type { AmendOrder, AttachedExits, ExitChange, ExitTerms, TriggerBy } from '../../../ports/exchange.ts';
import { invalidParam, type WireRefusal } from '../refusals.ts';
import { TRIGGER_BY } from '../words.ts';
import { type Field, oneOf, optional, type Params, wordOf } from './fields.ts';

/** A price, where zero is how a client says that there is none. */
export const priceOrNone: Field<Money | 'none' | null> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '') return ok(null);
  if (typeof raw !== 'string') return err(invalidParam(name));
  const value = parseDecimal(raw);
  if (!value.ok || value.value < 0n) return err(invalidParam(name));
  return ok(value.value === 0n ? 'none' : value.value);
};

const triggerBy = optional(wordOf(TRIGGER_BY));

/** Take profit and stop loss, as orders, amendments and positions take them. */
export const EXITS = {
  takeProfit: priceOrNone,
  stopLoss: priceOrNone,
  tpTriggerBy: triggerBy,
  slTriggerBy: triggerBy,
  tpslMode: optional(oneOf(['Full', 'Partial'])),
  tpLimitPrice: priceOrNone,
  slLimitPrice: priceOrNone,
} as const;

export const EXIT_TYPES = {
  tpOrderType: optional(oneOf(['Market', 'Limit'])),
  slOrderType: optional(oneOf(['Market', 'Limit'])),
} as const;

type Given = Params<typeof EXITS> & Params<typeof EXIT_TYPES>;
export const given = (price: Money | 'none' | null): Money | null => (price === 'none' ? null : price);

/** What an order brings along; null where it brings nothing. */
export function attachedExits(params: Given): Result<AttachedExits | null, WireRefusal> {
  const takeProfit = exitTerms(params, 'tp');
  if (!takeProfit.ok) return takeProfit;
  const stopLoss = exitTerms(params, 'sl');
  if (!stopLoss.ok) return stopLoss;
  if (takeProfit.value === null && stopLoss.value === null) return ok(null);
  const mode = params.tpslMode === 'Partial' ? 'partial' : 'full';
  return ok({ mode, takeProfit: takeProfit.value, stopLoss: stopLoss.value });
}

/** One of the two; a limit order needs its price, a market order has none whatever the client wrote. */
export function exitTerms(params: Given, which: 'tp' | 'sl'): Result<ExitTerms | null, WireRefusal> {
  const price = given(which === 'tp' ? params.takeProfit : params.stopLoss);
  if (price === null) return ok(null);
  const by: TriggerBy = params[`${which}TriggerBy`] ?? 'last';
  if (params[`${which}OrderType`] !== 'Limit') return ok({ price, by, limitPrice: null });
  const limitPrice = given(params[`${which}LimitPrice`]);
  return limitPrice === null ? err(invalidParam(`${which}LimitPrice`)) : ok({ price, by, limitPrice });
}

/** What an amendment changes of an order's exits; null where it says nothing of them. */
export function exitChanges(params: Params<typeof EXITS>): AmendOrder['exits'] {
  const takeProfit = exitChange(params.takeProfit, params.tpTriggerBy, params.tpLimitPrice);
  const stopLoss = exitChange(params.stopLoss, params.slTriggerBy, params.slLimitPrice);
  if (takeProfit === null && stopLoss === null && params.tpslMode === null) return null;
  const mode = params.tpslMode === null ? null : params.tpslMode === 'Partial' ? 'partial' : 'full';
  return { mode, takeProfit, stopLoss };
}

function exitChange(
  price: Money | 'none' | null,
  by: TriggerBy | null,
  limitPrice: Money | 'none' | null,
): ExitChange | null {
  if (price === 'none') return 'none';
  if (price === null && by === null && limitPrice === null) return null;
  return { price, by, limitPrice: given(limitPrice) };
}
