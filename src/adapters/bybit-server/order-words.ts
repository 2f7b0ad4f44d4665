import type { Source } from './params/fields.ts';
import { REFUSED, refused, type WireRefusal } from './refusals.ts';

/** The parameter that a refusal of an order's words is about, by its text; spot has codes of its own for each. */
const ABOUT: Readonly<Record<string, Readonly<{ name: string; spot: WireRefusal }>>> = {
  'Side invalid': { name: 'side', spot: refused(170117, 'Invalid side.') },
  'OrderType invalid': { name: 'orderType', spot: refused(170116, 'Invalid orderType.') },
  'params error: timeInForce invalid': { name: 'timeInForce', spot: refused(170115, 'Invalid timeInForce.') },
  'Qty invalid': { name: 'qty', spot: refused(170130, "Data sent for paramter 'qty' is not valid.") },
  'Price invalid': { name: 'price', spot: refused(170130, "Data sent for paramter 'price' is not valid.") },
};

/**
 * A refusal of an order's words as Bybit says it: what is no text where text is asked for is refused as a whole, and
 * spot names what is empty or wrong with codes of its own (V5 docs, "Error Codes", "Spot Trade"; the spelling is theirs).
 */
export function orderRefusal(refusal: WireRefusal, source: Source): WireRefusal {
  const about = refusal.retCode === 10001 ? ABOUT[refusal.retMsg] : undefined;
  if (about === undefined) return refusal;
  const given = source[about.name];
  const isAbsent = given === undefined || given === null || given === '';
  if (!isAbsent && typeof given !== 'string') return REFUSED.parameter;
  if (source.category !== 'spot') return refusal;
  return isAbsent ? refused(170105, `Parameter '${about.name}' was empty.`) : about.spot;
}
