import { formatDecimal, formatFixed, quotient, roundTo, scaleOf, ZERO } from '../../domain/decimal.ts';
import type { Lots, Money, Ticks } from '../../domain/ids.ts';
import type { Listing } from '../../domain/instrument.ts';
import type { ExchangeInstrument } from '../../ports/exchange.ts';

/**
 * How numbers look on Bybit's wire: derivative prices with the tick's digits and quantities with the step's, zeros
 * kept; spot without trailing zeros.
 */
export type InstrumentFormats = Readonly<{
  price(value: Money): string;
  qty(value: Money): string;
  ticks(count: Ticks): string;
  lots(count: Lots): string;
  /** Digits after the point of a price, of a quantity. */
  priceScale: number;
  qtyScale: number;
}>;

/** By listing, which outlives the instrument objects that an exchange hands out; spot writes the same one otherwise. */
const spotFormats = new WeakMap<Listing, InstrumentFormats>();
const contractFormats = new WeakMap<Listing, InstrumentFormats>();

/** Built once per listing: a changed one is a new object and gets formats of its own. */
export function formatsOf(instrument: ExchangeInstrument): InstrumentFormats {
  const cached = instrument.category === 'spot' ? spotFormats : contractFormats;
  const known = cached.get(instrument.listing);
  if (known !== undefined) return known;
  const { tick, step } = instrument.listing;
  const trimmed = instrument.category === 'spot';
  const priceScale = scaleOf(tick);
  const qtyScale = scaleOf(step);
  const formats: InstrumentFormats = {
    price: trimmed ? formatDecimal : (value) => formatFixed(value, priceScale, 'half_even'),
    qty: trimmed ? formatDecimal : (value) => formatFixed(value, qtyScale, 'down'),
    ticks: countFormat(tick, trimmed),
    lots: countFormat(step, trimmed),
    priceScale,
    qtyScale,
  };
  cached.set(instrument.listing, formats);
  return formats;
}

/**
 * Text of `count × unit` for book levels, where thousands are written at once: plain integer arithmetic while the
 * product stays below 2^53.
 */
export function countFormat(unit: Money, trimmed: boolean): (count: number) => string {
  const scale = scaleOf(unit);
  const digits = Number(unit / 10n ** BigInt(18 - scale));
  return (count) => {
    const scaled = count * digits;
    if (!Number.isSafeInteger(scaled)) {
      const value = (BigInt(count) * unit) as Money;
      return trimmed ? formatDecimal(value) : formatFixed(value, scale, 'down');
    }
    return trimmed ? withoutZeros(withPoint(scaled, scale)) : withPoint(scaled, scale);
  };
}

function withPoint(scaled: number, scale: number): string {
  if (scale === 0) return String(scaled);
  const digits = String(scaled).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

function withoutZeros(text: string): string {
  if (!text.includes('.')) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end -= 1;
  return text.slice(0, text.charCodeAt(end - 1) === 46 ? end - 1 : end);
}

/** Averages and other quotients that are shown, never traded on: eight digits, or two more than the tick has. */
export const shownQuotient = (numerator: Money, denominator: Money, priceScale: number): string =>
  denominator === ZERO
    ? '0'
    : formatDecimal(roundTo(quotient(numerator, denominator, 'half_even'), Math.max(8, priceScale + 2), 'half_even'));

/** A change as a fraction of `from`, with `scale` digits at most: `0.0068`. Zero where there is nothing to compare. */
export const shownChange = (from: Money, to: Money, scale: number): string =>
  from === ZERO ? '0' : formatDecimal(roundTo(quotient((to - from) as Money, from, 'half_even'), scale, 'half_even'));
