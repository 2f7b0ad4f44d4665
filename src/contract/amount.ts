import { MAX_DIGITS, MONEY_SCALE, ONE, parseDecimal } from '../domain/decimal.ts';
import type { Money } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { JsonNumber } from './exact-json.ts';

/** Why a literal is not an amount, in words that follow the field's name. */
export type AmountProblem = Readonly<{ problem: string }>;

const PLAIN = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
const LITERAL = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/;
/** Beyond this, no exponent can lead back into the range of amounts with 30 digits. */
const MAX_EXPONENT = 2 * MAX_DIGITS;
const LIMIT = 10n ** BigInt(MAX_DIGITS) * ONE;

const refuse = (problem: string) => err({ problem });
const TOO_MANY = refuse(`has more than ${MAX_DIGITS} digits`);
const TOO_PRECISE = refuse(`needs more than ${MONEY_SCALE} digits after the point`);
const TOO_LARGE = refuse(`is beyond the range of ${MAX_DIGITS} digits`);
const NEGATIVE_ZERO = refuse('is a negative zero');

/**
 * An amount as text: a plain decimal. No exponent, sign +, leading zeros, spaces, separators or digits of other
 * scripts: whatever two programs could read as two different numbers.
 */
export function amountOfText(text: string): Result<Money, AmountProblem> {
  if (text.length > MAX_DIGITS + 2) return TOO_MANY;
  if (!PLAIN.test(text)) return refuse('is not a plain decimal');
  if (countDigits(text) > MAX_DIGITS) return TOO_MANY;
  const parsed = parseDecimal(text);
  if (!parsed.ok) return parsed.error.code === 'TOO_PRECISE' ? TOO_PRECISE : refuse('is not a plain decimal');
  return parsed.value === 0n && text.startsWith('-') ? NEGATIVE_ZERO : parsed;
}

/** An amount as a JSON number, read from the literal's own digits, exponent included. */
export function amountOfNumber(number: JsonNumber): Result<Money, AmountProblem> {
  if (number.text.length > 2 * MAX_DIGITS) return TOO_MANY;
  const match = LITERAL.exec(number.text);
  if (match === null) return TOO_LARGE; // the JSON grammar holds, so the exponent has too many digits
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole.length + fraction.length > MAX_DIGITS) return TOO_MANY;
  const power = Number(exponent);
  if (Math.abs(power) > MAX_EXPONENT) return TOO_LARGE;
  const digits = BigInt(whole + fraction);
  if (digits === 0n && sign === '-') return NEGATIVE_ZERO;
  const shift = MONEY_SCALE + power - fraction.length;
  const unit = 10n ** BigInt(Math.abs(shift));
  if (shift < 0 && digits % unit !== 0n) return TOO_PRECISE;
  const magnitude = shift < 0 ? digits / unit : digits * unit;
  if (magnitude >= LIMIT) return TOO_LARGE;
  return ok((sign === '-' ? -magnitude : magnitude) as Money);
}

function countDigits(text: string): number {
  return text.length - (text.startsWith('-') ? 1 : 0) - (text.includes('.') ? 1 : 0);
}
