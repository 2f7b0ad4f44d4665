import { parseDecimal } from '../../../domain/decimal.ts';
import type { Category, Money, UnixMs } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import { invalidParam, missingParam, refused, unsupportedParam, type WireRefusal } from '../refusals.ts';

/**
 * Reads one parameter of a query (text) or of a JSON body (any type). An absent parameter arrives as undefined, null
 * or the empty text: Bybit takes all three for "not given".
 */
export type Field<T> = (raw: unknown, name: string) => Result<T, WireRefusal>;
export type Schema = Readonly<Record<string, Field<unknown>>>;
export type Params<S extends Schema> = { readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never };
export type Source = Readonly<Record<string, unknown>>;

/** Reads what the schema names, in its order, up to the first refusal; what it does not name is ignored. */
export function readParams<S extends Schema>(schema: S, source: Source): Result<Params<S>, WireRefusal> {
  const values: Record<string, unknown> = {};
  for (const name in schema) {
    const field = schema[name] as Field<unknown>;
    const value = field(source[name], name);
    if (!value.ok) return value;
    values[name] = value.value;
  }
  return ok(values as Params<S>);
}

const isAbsent = (raw: unknown): raw is undefined | null | '' => raw === undefined || raw === null || raw === '';

/** The field, or null where it is not given. */
export const optional =
  <T>(field: Field<T>): Field<T | null> =>
  (raw, name) =>
    isAbsent(raw) ? ok(null) : field(raw, name);

export const withDefault =
  <T>(field: Field<T>, value: T): Field<T> =>
  (raw, name) =>
    isAbsent(raw) ? ok(value) : field(raw, name);

/** The same field, refused with a text of its own. */
export const saying =
  <T>(field: Field<T>, retMsg: string): Field<T> =>
  (raw, name) => {
    const value = field(raw, name);
    return value.ok ? value : err(refused(10001, retMsg));
  };

export const text: Field<string> = (raw, name) => {
  if (isAbsent(raw)) return err(missingParam(name));
  return typeof raw === 'string' ? ok(raw) : err(invalidParam(name));
};

/** Kept as it came, for a field whose rule depends on another. */
export const anything: Field<unknown> = (raw) => ok(raw);

export const oneOf =
  <const T extends string>(words: readonly T[]): Field<T> =>
  (raw, name) =>
    words.includes(raw as T) ? ok(raw as T) : err(isAbsent(raw) ? missingParam(name) : invalidParam(name));

/** One of a table's words, read as the table's value. */
export const wordOf =
  <T>(table: Readonly<Record<string, T>>): Field<T> =>
  (raw, name) => {
    if (isAbsent(raw)) return err(missingParam(name));
    return typeof raw === 'string' && Object.hasOwn(table, raw) ? ok(table[raw] as T) : err(invalidParam(name));
  };

/** Whole number as JSON number or as text. */
export const whole =
  (from: number, to: number): Field<number> =>
  (raw, name) => {
    if (isAbsent(raw)) return err(missingParam(name));
    const value = typeof raw === 'string' && /^-?\d{1,16}$/.test(raw) ? Number(raw) : raw;
    return Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to
      ? ok(value as number)
      : err(invalidParam(name));
  };

/** Page size: `limit`. */
export const pageSize = (most: number, usual: number): Field<number> => withDefault(whole(1, most), usual);

export const instant: Field<UnixMs | null> = optional(whole(0, 8.64e15)) as Field<UnixMs | null>;

export const flag: Field<boolean> = (raw, name) => {
  if (isAbsent(raw)) return ok(false);
  return typeof raw === 'boolean' ? ok(raw) : err(invalidParam(name));
};

/** An exact decimal above zero, as text: a JSON number has passed through a binary float and is refused. */
export const positive: Field<Money> = (raw, name) => {
  if (isAbsent(raw)) return err(missingParam(name));
  if (typeof raw !== 'string') return err(invalidParam(name));
  const value = parseDecimal(raw);
  return value.ok && value.value > 0n ? value : err(invalidParam(name));
};

export const CATEGORIES = ['spot', 'linear', 'inverse', 'option'] as const satisfies readonly Category[];
export const category = <const C extends Category>(...allowed: readonly C[]): Field<C> =>
  saying(oneOf(allowed), 'Illegal category');

/** `orderLinkId`: at most 36 of letters, digits, dash and underscore. */
export const clientOrderId: Field<string | null> = (raw, name) => {
  if (isAbsent(raw)) return ok(null);
  return typeof raw === 'string' && /^[A-Za-z0-9_-]{1,36}$/.test(raw) ? ok(raw) : err(invalidParam(name));
};

/**
 * A parameter that Bybit carries out and this exchange does not. Its neutral values, which ask for nothing, pass;
 * anything else is refused by name, so that nobody believes in a trigger or a stop that is not there.
 */
export const unsupported =
  (...neutral: readonly (string | number | boolean)[]): Field<null> =>
  (raw, name) =>
    isAbsent(raw) || neutral.includes(raw as string) ? ok(null) : err(unsupportedParam(name));
