import { formatDecimal, readDecimal } from '../domain/decimal.ts';
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

function readText(text: string): unknown {
  if (text.charCodeAt(0) !== MARK_CODE) return text;
  if (text.charCodeAt(1) === MARK_CODE) return text.slice(1);
  const parsed = readDecimal(text.slice(1));
  invariant(parsed.ok, `unreadable amount in the journal: ${text}`);
  return parsed.value;
}

/** Walks what `JSON.parse` made, in place: nearly three times as fast as a reviver (measured on order events). */
function revive(value: unknown): unknown {
  if (typeof value === 'string') return readText(value);
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, unknown>;
  for (const key of Object.keys(members)) {
    const member = members[key];
    if (typeof member === 'string' || (typeof member === 'object' && member !== null)) members[key] = revive(member);
  }
  return value;
}

/** Text with exact amounts; `undefined` members are left out as in JSON. */
export const encodeText = (value: unknown): string => JSON.stringify(value, write);
export const decodeText = (text: string): unknown => revive(JSON.parse(text));
