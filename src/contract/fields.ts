import * as z from 'zod';
import { money as moneyOf, ONE } from '../domain/decimal.ts';
import type { AssetId, Money, UnixMs } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { type AmountProblem, amountOfNumber, amountOfText } from './amount.ts';
import { JsonNumber } from './exact-json.ts';
import { readTime } from './time.ts';

/**
 * The words that request schemas are written in. Each field reads a value of `exact-json.ts` (or the text of a query
 * parameter) into the domain's type, and says in one sentence what it allows when it refuses.
 */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** `problem` continues the field's name ("is not a plain decimal"). */
type Read<T> = (value: unknown) => Result<T, AmountProblem>;
const no = (problem: string) => err({ problem });

/** A field read by a function; `allowed` goes into error details, `schema` into the OpenAPI document. */
export function field<T>(read: Read<T>, allowed: string, schema: JsonSchema) {
  return z
    .unknown()
    .transform((value, ctx): T => {
      const result = value === undefined || value === null ? no('is missing') : read(value);
      if (result.ok) return result.value;
      ctx.issues.push({ code: 'custom', message: result.error.problem, input: value, params: { allowed } });
      return z.NEVER;
    })
    .meta(schema);
}

/** May be absent or null; both read as null. */
export const optional = <T>(inner: z.ZodType<T>) => inner.nullish().transform((value): T | null => value ?? null);

/** May be absent; then `value`. */
export const defaulting = <T>(inner: z.ZodType<T>, value: T) =>
  inner
    .nullish()
    .transform((read): T => read ?? value)
    .meta({ default: value });

/** An object with exactly these fields: anything else is refused with the names that exist. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape);
  const known = names.length === 0 ? 'none' : names.join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `known fields: ${known}` : 'is not a JSON object'),
  });
}

type Bound = Readonly<{ above?: string; from?: string; to?: string }>;
const AMOUNT_SCHEMA = { type: ['number', 'string'], format: 'decimal' };

/** An exact amount within bounds: a JSON number or a plain decimal string. */
export function amount(bound: Bound, description: string) {
  const above = bound.above === undefined ? null : moneyOf(bound.above);
  const from = bound.from === undefined ? null : moneyOf(bound.from);
  const to = bound.to === undefined ? null : moneyOf(bound.to);
  const range = [
    above === null ? '' : ` above ${bound.above}`,
    from === null ? '' : ` from ${bound.from}`,
    to === null ? '' : ` up to ${bound.to}`,
  ];
  const allowed = `a JSON number or a plain decimal string${range.join('')}, at most 30 digits, 18 of them after the point`;
  const read: Read<Money> = (value) => {
    const parsed = readAmount(value);
    if (!parsed.ok) return parsed;
    if (above !== null && parsed.value <= above) return no(`is not above ${bound.above}`);
    if (from !== null && parsed.value < from) return no(`is below ${bound.from}`);
    if (to !== null && parsed.value > to) return no(`is above ${bound.to}`);
    return parsed;
  };
  return field(read, allowed, { ...AMOUNT_SCHEMA, description });
}

export const positive = (description: string) => amount({ above: '0' }, description);

function readAmount(value: unknown): Result<Money, AmountProblem> {
  if (value instanceof JsonNumber) return amountOfNumber(value);
  return typeof value === 'string' ? amountOfText(value) : no('is neither a number nor a text');
}

/** A whole number: JSON or digits. Exact, so `1e2` and `100.0` are 100. */
export function integer(from: number, to: number, description: string) {
  const read: Read<number> = (value) => {
    const parsed = readAmount(value);
    if (!parsed.ok) return parsed;
    if (parsed.value % ONE !== 0n) return no('is not a whole number');
    const count = Number(parsed.value / ONE);
    return count < from || count > to ? no(`is not between ${from} and ${to}`) : ok(count);
  };
  return field(read, `a whole number from ${from} to ${to}`, {
    type: 'integer',
    minimum: from,
    maximum: to,
    description,
  });
}

/** One of a few words, read in any case. */
export function word<const Words extends readonly string[]>(words: Words, description: string) {
  const read: Read<Words[number]> = (value) => {
    if (typeof value !== 'string') return no('is not a text');
    const lower = value.toLowerCase();
    const found = words.find((one) => one.toLowerCase() === lower);
    return found === undefined ? no('is not one of the allowed words') : ok(found);
  };
  return field(read, words.join(', '), { type: 'string', enum: words, description });
}

/** `true` and `false`, also as words in any case. */
export function flag(description: string) {
  const read: Read<boolean> = (value) => {
    if (typeof value === 'boolean') return ok(value);
    const lower = typeof value === 'string' ? value.toLowerCase() : '';
    return lower === 'true' || lower === 'false' ? ok(lower === 'true') : no('is neither true nor false');
  };
  return field(read, 'true or false', { type: 'boolean', description });
}

/** A text of bounded length; `pattern` must be linear (no nested repetition). */
export function text(
  rule: Readonly<{ max: number; min?: number; pattern?: RegExp; allowed: string }>,
  description: string,
) {
  const { max, min = 1, pattern } = rule;
  const read: Read<string> = (value) => {
    if (typeof value !== 'string') return no('is not a text');
    if (value.length < min || value.length > max) return no(`is not between ${min} and ${max} characters long`);
    return pattern === undefined || pattern.test(value) ? ok(value) : no('has characters that are not allowed');
  };
  const source = pattern === undefined ? {} : { pattern: pattern.source };
  return field(read, rule.allowed, { type: 'string', minLength: min, maxLength: max, ...source, description });
}

const readTimeField: Read<UnixMs> = (value) => {
  const at = value instanceof JsonNumber ? readTime(value.text) : typeof value === 'string' ? readTime(value) : null;
  return at === null ? no('is not a time') : ok(at);
};

/** ISO 8601 with a zone, or epoch milliseconds. */
export const time = (description: string) =>
  field(readTimeField, 'ISO 8601 such as 2024-01-31T23:59:59Z, or epoch milliseconds', {
    type: ['string', 'integer'],
    description,
  });

const SYMBOL = /^[A-Z0-9]{1,20}(?:[/-][A-Z0-9]{1,20}){0,5}$/;

/** `BTCUSDT`; `BTC/USDT` and lower case name the same. */
export function symbol(description = 'instrument, as BTCUSDT or BTC/USDT') {
  const read: Read<string> = (value) => {
    if (typeof value !== 'string' || value.length > 60) return no('is not a symbol');
    const upper = value.toUpperCase();
    return SYMBOL.test(upper) ? ok(upper.replaceAll('/', '')) : no('is not a symbol');
  };
  return field(read, 'a symbol such as BTCUSDT or BTC/USDT', { type: 'string', examples: ['BTCUSDT'], description });
}

const ASSET = /^[A-Z0-9]{1,20}$/;

export function asset(description = 'asset, as USDT') {
  const read: Read<AssetId> = (value) => {
    const upper = typeof value === 'string' && value.length <= 20 ? value.toUpperCase() : '';
    return ASSET.test(upper) ? ok(upper as AssetId) : no('is not an asset');
  };
  return field(read, 'an asset such as USDT', { type: 'string', examples: ['USDT'], description });
}

/** Ids that we or a client made: safe in paths, logs and file names. */
export function id<T extends string>(description: string, max = 64) {
  const pattern = new RegExp(`^[A-Za-z0-9_-]{1,${max}}$`);
  const read: Read<T> = (value) =>
    typeof value === 'string' && pattern.test(value) ? ok(value as T) : no('is not an id');
  return field(read, `1 to ${max} of A-Z a-z 0-9 _ -`, { type: 'string', pattern: pattern.source, description });
}

/** A list whose elements differ from each other. */
export function distinct<T>(inner: z.ZodType<T>, max: number) {
  return z
    .array(inner, { error: 'is not a list' })
    .min(1, { error: 'is empty' })
    .max(max, { error: `has more than ${max} elements` })
    .refine((items) => new Set(items).size === items.length, { error: 'names something twice' });
}
