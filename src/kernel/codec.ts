import { formatDecimal, parseDecimal } from '../domain/decimal.ts';
import type { Money } from '../domain/ids.ts';
import { invariant } from '../domain/result.ts';

/**
 * Journal records are JSON, readable by people and by every later version. Exact amounts (bigint) are written as
 * decimal strings behind a `#`; a plain string that starts with `#` gets a second one.
 */
const MARK = '#';
const MARK_CODE = 35;

const write = (_key: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return MARK + formatDecimal(value as Money);
  if (typeof value === 'string' && value.charCodeAt(0) === MARK_CODE) return MARK + value;
  invariant(!(value instanceof Map) && !(value instanceof Set), 'a journal record holds plain objects only');
  return value;
};

const read = (_key: string, value: unknown): unknown => {
  if (typeof value !== 'string' || value.charCodeAt(0) !== MARK_CODE) return value;
  if (value.charCodeAt(1) === MARK_CODE) return value.slice(1);
  const parsed = parseDecimal(value.slice(1));
  invariant(parsed.ok, `unreadable amount in the journal: ${value}`);
  return parsed.value;
};

/** Text with exact amounts; `undefined` members are left out as in JSON. */
export const encodeText = (value: unknown): string => JSON.stringify(value, write);
export const decodeText = (text: string): unknown => JSON.parse(text, read);
