import { parseDecimal } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';

/** One thing that is wrong with a configuration: where (`accounts[0].uid`) and what, for people. */
export type ConfigError = Readonly<{ path: string; message: string }>;

/**
 * Reads a value that came from JSON or YAML, one field at a time, and remembers everything that is wrong with it, so
 * that a person sees all errors at once. Every method gives back something usable after an error.
 */
export class ConfigReader {
  readonly errors: ConfigError[] = [];

  fail(path: string, message: string): void {
    this.errors.push({ path, message });
  }

  /** The fields of an object; unknown names are errors, because a misspelt option must not be ignored. */
  object(value: unknown, path: string, known: readonly string[]): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      if (value !== undefined) this.fail(path, 'must be an object');
      return {};
    }
    for (const name of Object.keys(value)) {
      if (!known.includes(name)) this.fail(at(path, name), `is not known here (known: ${known.join(', ')})`);
    }
    return value as Readonly<Record<string, unknown>>;
  }

  /** The entries of an object whose names are free (coins, permission groups). */
  entries(value: unknown, path: string): readonly (readonly [string, unknown])[] {
    if (value === undefined) return [];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.fail(path, 'must be an object');
      return [];
    }
    return Object.entries(value);
  }

  list(value: unknown, path: string): readonly unknown[] {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.fail(path, 'must be a list');
    return [];
  }

  text(value: unknown, path: string, fallback: string | null, pattern: RegExp, shape: string): string {
    if (value === undefined && fallback !== null) return fallback;
    if (typeof value === 'string' && pattern.test(value)) return value;
    this.fail(path, value === undefined ? 'is missing' : `must be ${shape}`);
    return fallback ?? '';
  }

  flag(value: unknown, path: string, fallback: boolean): boolean {
    if (value === undefined) return fallback;
    if (typeof value === 'boolean') return value;
    this.fail(path, 'must be true or false');
    return fallback;
  }

  integer(value: unknown, path: string, fallback: number, least: number, most: number): number {
    if (value === undefined) return fallback;
    if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
    this.fail(path, `must be a whole number from ${least} to ${most}`);
    return fallback;
  }

  number(value: unknown, path: string, fallback: number, above: number, most: number): number {
    if (value === undefined) return fallback;
    if (typeof value === 'number' && value > above && value <= most) return value;
    this.fail(path, `must be a number above ${above} and at most ${most}`);
    return fallback;
  }

  oneOf<T extends string>(value: unknown, path: string, fallback: T, words: readonly T[]): T {
    if (value === undefined) return fallback;
    if (words.includes(value as T)) return value as T;
    this.fail(path, `must be one of ${words.map((word) => `"${word}"`).join(', ')}`);
    return fallback;
  }

  /** A decimal as text; a JSON number is refused, because its digits may be lost already. */
  decimal(value: unknown, path: string, fallback: Money | null, least: Money | null): Money {
    if (value === undefined && fallback !== null) return fallback;
    if (typeof value !== 'string') {
      this.fail(path, value === undefined ? 'is missing' : 'must be a decimal in quotes, like "0.001"');
      return fallback ?? (0n as Money);
    }
    const parsed = parseDecimal(value);
    if (!parsed.ok) {
      this.fail(path, `is no plain decimal (${parsed.error.code})`);
      return fallback ?? (0n as Money);
    }
    if (least !== null && parsed.value < least) this.fail(path, 'is too small');
    return parsed.value;
  }
}

export const at = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
