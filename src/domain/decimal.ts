import type { Money } from './ids.ts';
import { err, ok, type Result } from './result.ts';

/**
 * Exact decimals: an integer count of 10^-18 in a bigint. Eighteen digits hold every price, quantity and fee of
 * Bybit and of Ethereum's smallest unit; what does not fit is refused at the edge, never rounded silently.
 * Sums and differences are bigint's own. Products and quotients round once and name the direction.
 */
export const MONEY_SCALE = 18;
export const ONE = (10n ** 18n) as Money;
export const ZERO = 0n as Money;
/** Longest accepted literal, sign and point not counted: more digits than any asset has, few enough to stay cheap. */
export const MAX_DIGITS = 30;

/**
 * `down`: towards minus infinity, `up`: towards plus infinity, `toward_zero`, `away_from_zero`: by magnitude;
 * `half_even`: nearest, ties to the even neighbour (display only: it says nothing about who gains).
 */
export type Rounding = 'down' | 'up' | 'toward_zero' | 'away_from_zero' | 'half_even';

export type DecimalError = Readonly<{ code: 'NOT_A_DECIMAL' | 'TOO_PRECISE' | 'TOO_LARGE'; text: string }>;

const PLAIN = /^(-?)(\d+)(?:\.(\d+))?$/;
const POWERS: readonly bigint[] = Array.from({ length: 2 * MAX_DIGITS + 1 }, (_, i) => 10n ** BigInt(i));

const pow10 = (n: number): bigint => POWERS[n] ?? 10n ** BigInt(n);

/** Reads a plain decimal (`-12.5`): no exponent, no leading plus, no spaces, ASCII digits only. Exact or refused. */
export function parseDecimal(text: string): Result<Money, DecimalError> {
  if (text.length > MAX_DIGITS + 2) return err({ code: 'TOO_LARGE', text: text.slice(0, 64) });
  return readDecimal(text);
}

/** The same for text of our own making, however long: sums may have more digits than any single amount. */
export function readDecimal(text: string): Result<Money, DecimalError> {
  const match = PLAIN.exec(text);
  if (match === null) return err({ code: 'NOT_A_DECIMAL', text });
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > MONEY_SCALE) return err({ code: 'TOO_PRECISE', text });
  const magnitude = BigInt(match[2] as string) * ONE + BigInt(fraction.padEnd(MONEY_SCALE, '0'));
  return ok((match[1] === '-' ? -magnitude : magnitude) as Money);
}

/** For literals in code and for text that was validated before; throws on anything else. */
export function money(text: string): Money {
  const parsed = parseDecimal(text);
  if (!parsed.ok) throw new RangeError(`${parsed.error.code}: ${text}`);
  return parsed.value;
}

/** Shortest plain form: `1.5`, `0`, `-0.00000001`. The inverse of `parseDecimal`. */
export function formatDecimal(value: Money): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(MONEY_SCALE + 1, '0');
  const whole = digits.slice(0, -MONEY_SCALE);
  const fraction = digits.slice(-MONEY_SCALE).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** With exactly `scale` digits after the point; a value that needs more is rounded as named. */
export function formatFixed(value: Money, scale: number, rounding: Rounding): string {
  const rounded = roundTo(value, scale, rounding);
  const negative = rounded < 0n;
  const digits = (negative ? -rounded : rounded).toString().padStart(MONEY_SCALE + 1, '0');
  const whole = digits.slice(0, -MONEY_SCALE);
  const fraction = digits.slice(-MONEY_SCALE).slice(0, scale);
  return `${negative ? '-' : ''}${whole}${scale === 0 ? '' : `.${fraction}`}`;
}

/** Integer division with a named direction. `denominator` > 0. */
export function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  const quotient = numerator / denominator;
  const rest = numerator % denominator;
  if (rest === 0n) return quotient;
  const away = numerator < 0n ? quotient - 1n : quotient + 1n;
  switch (rounding) {
    case 'toward_zero':
      return quotient;
    case 'away_from_zero':
      return away;
    case 'down':
      return numerator < 0n ? away : quotient;
    case 'up':
      return numerator < 0n ? quotient : away;
    case 'half_even': {
      const twice = 2n * (rest < 0n ? -rest : rest);
      if (twice !== denominator) return twice < denominator ? quotient : away;
      return quotient % 2n === 0n ? quotient : away;
    }
  }
}

/** a × b, rounded once at 10^-18. */
export const multiply = (a: Money, b: Money, rounding: Rounding): Money => divide(a * b, ONE, rounding) as Money;

/** a ÷ b, rounded once at 10^-18; b ≠ 0. */
export const quotient = (a: Money, b: Money, rounding: Rounding): Money =>
  (b < 0n ? divide(-a * ONE, -b, rounding) : divide(a * ONE, b, rounding)) as Money;

/** Rounds to `scale` digits after the point. */
export function roundTo(value: Money, scale: number, rounding: Rounding): Money {
  if (scale >= MONEY_SCALE) return value;
  const unit = pow10(MONEY_SCALE - scale);
  return (divide(value, unit, rounding) * unit) as Money;
}

/** Number of digits after the point that `value` needs: 0 for whole numbers. */
export function scaleOf(value: Money): number {
  let digits = MONEY_SCALE;
  let rest: bigint = value < 0n ? -value : value;
  while (digits > 0 && rest % 10n === 0n) {
    rest /= 10n;
    digits -= 1;
  }
  return digits;
}

export const add = (a: Money, b: Money): Money => (a + b) as Money;
export const subtract = (a: Money, b: Money): Money => (a - b) as Money;
export const negate = (a: Money): Money => -a as Money;
export const absolute = (a: Money): Money => (a < 0n ? -a : a) as Money;
export const minimum = (a: Money, b: Money): Money => (a < b ? a : b);
export const maximum = (a: Money, b: Money): Money => (a > b ? a : b);

/** Nearest float64, for statistics and ranking only: it never flows back into money. */
export const toFloat = (value: Money): number => Number(value) / 1e18;

/** Greatest common divisor of two positive amounts: the grid that two venues share. */
export function gcd(a: Money, b: Money): Money {
  let x: bigint = a;
  let y: bigint = b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x as Money;
}
