import type { Decimal } from '../decimal.ts';
import { expandExponent, isDecimal } from '../decimal.ts';
import type { Result } from '../result.ts';
import { err, ok } from '../result.ts';

/**
 * Small validators for wire messages, compiled once into closures. They build a new object with every declared field
 * in declared order (one shape for all rows), drop what is not declared, and turn the wire's many ways of saying
 * "nothing" (absent, null, "") into null where a field may be empty. Numbers that are text on the wire stay text.
 */
export interface Schema<out T> {
  /** Returns the checked value. If `report.reason` is set afterwards, the return value means nothing. */
  check(value: unknown, report: Report): T;
}

export type Infer<S> = S extends Schema<infer T> ? T : never;

/** Collects what was wrong, and what was merely new, while one message is checked. */
export class Report {
  /** First thing that does not fit; null while all is well. */
  reason: string | null = null;
  /** Where it is, as `lotSizeFilter.qtyStep`. */
  path = '';
  /** Enum values that this version does not know, as `name=value`. */
  unrecognised: string[] | null = null;

  fail(expected: string, value: unknown): never {
    this.reason = `expected ${expected}, got ${show(value)}`;
    return this.#nothing();
  }

  /** Names the place of a failure on the way out. */
  within(key: string | number): never {
    this.path = this.path === '' ? String(key) : `${key}.${this.path}`;
    return this.#nothing();
  }

  /** Not a value at all: callers look at `reason` first. */
  #nothing(): never {
    return undefined as never;
  }

  message(): string {
    return this.path === '' ? (this.reason ?? '') : `${this.path}: ${this.reason}`;
  }

  clear(): void {
    this.reason = null;
    this.path = '';
  }

  odd(name: string, value: string): void {
    this.unrecognised ??= [];
    this.unrecognised.push(`${name}=${value}`);
  }
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export type Parsed<T> = Readonly<{ value: T; unrecognised: readonly string[] }>;

const NOTHING: readonly string[] = [];

/** Checks a whole message. */
export function parse<T>(schema: Schema<T>, value: unknown): Result<Parsed<T>, string> {
  const report = new Report();
  const checked = schema.check(value, report);
  if (report.reason !== null) return err(report.message());
  return ok({ value: checked, unrecognised: report.unrecognised ?? NOTHING });
}

const isEmpty = (value: unknown): boolean => value === '' || value === undefined || value === null;

export const text: Schema<string> = {
  check: (value, report) => (typeof value === 'string' ? value : report.fail('text', value)),
};

/** Text that must say something. */
export const name: Schema<string> = {
  check: (value, report) => (typeof value === 'string' && value !== '' ? value : report.fail('a name', value)),
};

export const flag: Schema<boolean> = {
  check: (value, report) => (typeof value === 'boolean' ? value : report.fail('true or false', value)),
};

/** A plain decimal as text; scientific notation is written out, exactly. */
export const decimal: Schema<Decimal> = {
  check(value, report) {
    if (typeof value !== 'string') return report.fail('a decimal as text', value);
    if (isDecimal(value)) return value;
    return expandExponent(value) ?? report.fail('a decimal', value);
  },
};

/** A whole number that a float64 holds exactly; Bybit writes some as text. */
export const integer: Schema<number> = {
  check(value, report) {
    const number = typeof value === 'string' && isDecimal(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isSafeInteger(number) ? number : report.fail('an integer', value);
  },
};

/** Milliseconds since 1970, written as number or as text; never negative. */
export const millis: Schema<number> = {
  check(value, report) {
    const number = integer.check(value, report);
    return report.reason === null && number < 0 ? report.fail('a time in ms', value) : number;
  },
};

/** Absent, null and "" become null. */
export const orNull = <T>(schema: Schema<T>): Schema<T | null> => ({
  check: (value, report) => (isEmpty(value) ? null : schema.check(value, report)),
});

/** A word that this version does not know, kept as it came: never taken for another one. */
export type Unrecognised = Readonly<{ unrecognised: string }>;

/** True where an enum value is one that this version knows. */
export const isRecognised = <T extends string>(value: T | Unrecognised | null): value is T => typeof value === 'string';

/** One of the listed words, or an explicit `{ unrecognised }`. Anything but text is an error. */
export function oneOf<const W extends string>(label: string, words: readonly W[]): Schema<W | Unrecognised> {
  const known: ReadonlySet<string> = new Set(words);
  return {
    check(value, report) {
      if (typeof value !== 'string') return report.fail(`a word (${label})`, value);
      if (known.has(value)) return value as W;
      report.odd(label, value);
      return { unrecognised: value };
    },
  };
}

export type Shape = Readonly<Record<string, Schema<unknown>>>;
export type InferShape<S extends Shape> = { readonly [K in keyof S]: Infer<S[K]> };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every declared field is checked, absent ones too (so that `orNull` makes null of them). */
export function object<S extends Shape>(shape: S): Schema<InferShape<S>> {
  const keys = Object.keys(shape);
  const schemas = keys.map((key) => shape[key] as Schema<unknown>);
  // Copying a template gives all rows one hidden class and one allocation.
  const blank: Record<string, unknown> = Object.fromEntries(keys.map((key) => [key, null]));
  return {
    check(value, report) {
      if (!isRecord(value)) return report.fail('an object', value);
      const checked = { ...blank };
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i] as string;
        checked[key] = (schemas[i] as Schema<unknown>).check(value[key], report);
        if (report.reason !== null) return report.within(key);
      }
      return checked as InferShape<S>;
    },
  };
}

/** Only the fields that are there: for messages in which an absent field means "unchanged". */
export function partial<S extends Shape>(shape: S): Schema<Partial<InferShape<S>>> {
  return {
    check(value, report) {
      if (!isRecord(value)) return report.fail('an object', value);
      const checked: Record<string, unknown> = {};
      for (const key in value) {
        const schema = shape[key];
        if (schema === undefined) continue;
        checked[key] = schema.check(value[key], report);
        if (report.reason !== null) return report.within(key);
      }
      return checked as Partial<InferShape<S>>;
    },
  };
}

/** All or nothing. */
export const array = <T>(schema: Schema<T>): Schema<readonly T[]> => ({
  check(value, report) {
    if (!Array.isArray(value)) return report.fail('an array', value);
    const checked: T[] = [];
    for (let i = 0; i < value.length; i++) {
      checked.push(schema.check(value[i], report));
      if (report.reason !== null) return report.within(i);
    }
    return checked;
  },
});

/** An object used as a map, as `permissions` or `cumFeeDetail`. */
export const record = <T>(schema: Schema<T>): Schema<Readonly<Record<string, T>>> => ({
  check(value, report) {
    if (!isRecord(value)) return report.fail('an object', value);
    const checked: Record<string, T> = {};
    for (const key in value) {
      if (key === '__proto__') continue;
      checked[key] = schema.check(value[key], report);
      if (report.reason !== null) return report.within(key);
    }
    return checked;
  },
});

/** A row that could not be read, kept as it came. */
export type UnreadableRow = Readonly<{ index: number; reason: string; text: string }>;

/** A list whose bad rows do not spoil the good ones. Whoever reads `rows` must look at `unreadable` too. */
export type Rows<T> = Readonly<{ rows: readonly T[]; unreadable: readonly UnreadableRow[] }>;

const NONE: readonly UnreadableRow[] = [];

export const rows = <T>(schema: Schema<T>): Schema<Rows<T>> => ({
  check(value, report) {
    if (!Array.isArray(value)) return report.fail('an array', value);
    const good: T[] = [];
    let unreadable: UnreadableRow[] | null = null;
    for (let i = 0; i < value.length; i++) {
      const row = schema.check(value[i], report);
      if (report.reason === null) {
        good.push(row);
        continue;
      }
      unreadable ??= [];
      unreadable.push({ index: i, reason: report.message(), text: JSON.stringify(value[i]) });
      report.clear();
    }
    return { rows: good, unreadable: unreadable ?? NONE };
  },
});
