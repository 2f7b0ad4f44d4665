import { formatDecimal } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';

/** The same as plain JSON: amounts as decimal strings, maps as objects, sets as lists. */
export function plainJson(value: unknown): unknown {
  if (typeof value === 'bigint') return formatDecimal(value as Money);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value) || value instanceof Set) return Array.from(value, plainJson);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([name, field]) => [String(name), plainJson(field)]));
}
