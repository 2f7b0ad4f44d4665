/** Decimal text without floating point. Prices, sizes and rates are strings here from the wire to the caller. */

/** A plain decimal: digits, at most one point with digits on both sides, perhaps a leading minus. No exponent. */
export type Decimal = string;

const ZERO = 48;
const isDigit = (code: number): boolean => code >= ZERO && code <= ZERO + 9;

/** True for `12`, `-0.50`; false for ``, `.5`, `5.`, `1e-7`, `+1`, ` 1`. */
export function isDecimal(text: string): boolean {
  const length = text.length;
  let i = text.charCodeAt(0) === 45 ? 1 : 0;
  const start = i;
  while (i < length && isDigit(text.charCodeAt(i))) i++;
  if (i === start) return false;
  if (i === length) return true;
  if (text.charCodeAt(i) !== 46 || i + 1 === length) return false;
  for (i++; i < length; i++) if (!isDigit(text.charCodeAt(i))) return false;
  return true;
}

const SCIENTIFIC = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,3})$/;

/** The plain form of a number in scientific notation (`1e-7`, `0E-8`), exactly; null if it is not one. */
export function expandExponent(text: string): Decimal | null {
  const match = SCIENTIFIC.exec(text);
  if (match === null) return null;
  const fraction = match[3] ?? '';
  const exponent = Number(match[4]);
  if (Math.abs(exponent) > 100) return null;
  const digits = `${match[2]}${fraction}`;
  const point = (match[2] as string).length + exponent;
  if (point <= 0) return `${match[1]}0.${'0'.repeat(-point)}${digits}`;
  const whole = digits
    .slice(0, point)
    .padEnd(point, '0')
    .replace(/^0+(?=\d)/, '');
  const rest = digits.slice(point);
  return `${match[1]}${whole}${rest === '' ? '' : `.${rest}`}`;
}

/**
 * How a step such as a tick or lot size counts: `step = divisor × 10^-scale`, divisor not a multiple of ten where
 * scale is above zero. `0.10` gives scale 1, divisor 1; `0.05` scale 2, divisor 5; `10` scale 0, divisor 10.
 */
export type Step = Readonly<{ scale: number; divisor: number }>;

/** Reads a step; null unless it is a positive plain decimal that counts exactly in a float64. */
export function stepOf(text: string): Step | null {
  if (!isDecimal(text) || text.startsWith('-')) return null;
  const dot = text.indexOf('.');
  const fraction = dot < 0 ? '' : text.slice(dot + 1).replace(/0+$/, '');
  const divisor = Number((dot < 0 ? text : text.slice(0, dot)) + fraction);
  return divisor > 0 && Number.isSafeInteger(divisor) ? { scale: fraction.length, divisor } : null;
}

/** Digits after the point, trailing zeros not counted. */
export function decimalsOf(text: string): number {
  const dot = text.indexOf('.');
  if (dot < 0) return 0;
  let end = text.length;
  while (end > dot + 1 && text.charCodeAt(end - 1) === ZERO) end--;
  return end - dot - 1;
}

const POWERS: readonly number[] = Array.from({ length: 23 }, (_, power) => 10 ** power);

/** 10^power for 0 … 22: every one of them exact in a float64. */
export const pow10 = (power: number): number => POWERS[power] ?? Number.NaN;

/** `value` as a whole number of 10^-scale; NaN if it is not one, or not exact in a float64. */
export function unitsOf(text: string, scale: number): number {
  if (!isDecimal(text)) return Number.NaN;
  const dot = text.indexOf('.');
  const fraction = dot < 0 ? '' : text.slice(dot + 1, dot + 1 + decimalsOf(text));
  if (fraction.length > scale) return Number.NaN;
  const units = Number((dot < 0 ? text : text.slice(0, dot)) + fraction.padEnd(scale, '0'));
  return Number.isSafeInteger(units) ? units : Number.NaN;
}

/**
 * A whole number of 10^-scale as text, with `scale` digits after the point: the inverse of `unitsOf`. Throws on what is
 * no exact whole number (the NaN of an empty side of a book, for one): it must not become the text of a price.
 */
export function unitsText(units: number, scale: number): Decimal {
  if (!Number.isSafeInteger(units)) throw new RangeError(`not a whole number: ${units}`);
  if (scale === 0) return String(units);
  const sign = units < 0 ? '-' : '';
  const digits = String(Math.abs(units)).padStart(scale + 1, '0');
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
