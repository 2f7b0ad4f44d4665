import { formatDecimal } from '../domain/decimal.ts';
import type { Money } from '../domain/ids.ts';
import { invariant } from '../domain/result.ts';
import { JsonNumber } from './exact-json.ts';

/** How an answer prints amounts: as JSON numbers with their exact digits, or as decimal strings. */
export type Decimals = 'number' | 'string';

/**
 * Prints an answer. A bigint is an amount (`Money`) and keeps every digit; a JavaScript number is a count or a
 * statistic and must be finite; `undefined` fields are left out.
 */
export function printJson(value: unknown, decimals: Decimals): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return decimals === 'string' ? `"${formatDecimal(value as Money)}"` : formatDecimal(value as Money);
    case 'number':
      invariant(Number.isFinite(value), 'a number in an answer is not finite');
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return printArray(value, decimals);
      if (value instanceof JsonNumber) return value.text;
      return printObject(value, decimals);
    default:
      invariant(false, `${typeof value} cannot be printed as JSON`);
  }
}

function printArray(values: readonly unknown[], decimals: Decimals): string {
  let text = '[';
  for (let at = 0; at < values.length; at += 1) text += (at === 0 ? '' : ',') + printJson(values[at], decimals);
  return `${text}]`;
}

function printObject(object: object, decimals: Decimals): string {
  let text = '{';
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    text += `${text === '{' ? '' : ','}${JSON.stringify(key)}:${printJson(value, decimals)}`;
  }
  return `${text}}`;
}

/** One text for equal values whatever the order of their fields: what a fingerprint is taken of. */
export function canonicalJson(value: unknown): string {
  return printJson(sorted(value), 'string');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
