import type { UnixMs } from '../../domain/ids.ts';

/** Every dated contract delivers at 08:00 UTC. */
const DELIVERY_HOUR_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
/** Letters of the quarters' months in the symbols of inverse futures. */
const QUARTERS: Readonly<Record<number, string>> = { 2: 'H', 5: 'M', 8: 'U', 11: 'Z' };
/** 1970-01-01 was a Thursday. */
const FRIDAY = 1;

/** Times at which contracts of one kind deliver, from the first after `now` on. */
export type Calendar = (now: UnixMs) => Generator<UnixMs, never>;

const deliveryOf = (day: number): UnixMs => (day * DAY_MS + DELIVERY_HOUR_MS) as UnixMs;
/** The first day whose delivery is still to come. */
const firstDay = (now: UnixMs): number => Math.floor((now - DELIVERY_HOUR_MS) / DAY_MS) + 1;
const weekday = (day: number): number => ((day % 7) + 7) % 7;

export function* daily(now: UnixMs): Generator<UnixMs, never> {
  for (let day = firstDay(now); ; day += 1) yield deliveryOf(day);
}

/** Fridays. */
export function* weekly(now: UnixMs): Generator<UnixMs, never> {
  const first = firstDay(now);
  for (let day = first + ((FRIDAY - weekday(first) + 7) % 7); ; day += 7) yield deliveryOf(day);
}

/** The last Friday of each month, or of each third. */
function* lastFridays(now: UnixMs, isWanted: (month: number) => boolean): Generator<UnixMs, never> {
  const from = new Date(now);
  for (let month = from.getUTCMonth(); ; month += 1) {
    const lastDay = Date.UTC(from.getUTCFullYear(), month + 1, 0) / DAY_MS;
    const at = deliveryOf(lastDay - ((weekday(lastDay) - FRIDAY + 7) % 7));
    if (at > now && isWanted(month % 12)) yield at;
  }
}
export const monthly: Calendar = (now) => lastFridays(now, () => true);
export const quarterly: Calendar = (now) => lastFridays(now, (month) => QUARTERS[month] !== undefined);

/** `25DEC26`; days of one digit stay so. */
export function expiryCode(at: UnixMs): string {
  const date = new Date(at);
  return `${date.getUTCDate()}${MONTHS[date.getUTCMonth()]}${yearOf(date)}`;
}

/** `Z26`; only quarters have one. */
export function quarterCode(at: UnixMs): string {
  const date = new Date(at);
  return `${QUARTERS[date.getUTCMonth()] ?? '?'}${yearOf(date)}`;
}

const yearOf = (date: Date): string => String(date.getUTCFullYear() % 100).padStart(2, '0');

/** When `25DEC26` delivers; null for what is no day. */
export function parseExpiry(code: string): UnixMs | null {
  const match = /^(\d{1,2})([A-Z]{3})(\d{2})$/.exec(code);
  const month = MONTHS.indexOf(match?.[2] ?? '');
  if (match === null || month === -1) return null;
  const at = deliveryOf(Date.UTC(2000 + Number(match[3]), month, Number(match[1])) / DAY_MS);
  return expiryCode(at) === code ? at : null;
}

/** When `Z26` delivers; null for what is no quarter. */
export function parseQuarter(code: string): UnixMs | null {
  const match = /^([HMUZ])(\d{2})$/.exec(code);
  if (match === null) return null;
  const month = Number(Object.entries(QUARTERS).find(([, letter]) => letter === match[1])?.[0]);
  const begin = Date.UTC(2000 + Number(match[2]), month, 1) as UnixMs;
  return quarterly(begin).next().value;
}
