import type { Category, UnixMs } from '../domain/ids.ts';
import type { Rng } from '../ports/rng.ts';

/**
 * Ids as Bybit shows them: 19-digit numbers on spot, UUIDs elsewhere. They are derived from the exchange's base (when
 * it was opened) and a counter, so that a replay gives the same and no two runs share any.
 */
export type IdSource = Readonly<{ base: string; counter: number }>;

/** Milliseconds of the base are shifted by this many bits: four million ids each, the rest is borrowed from later. */
const SHIFT = 22n;
/** 2010-11-04: with it the numbers of this century have 19 digits. */
const EPOCH = 1_288_834_974_657n;
const SMALLEST_19_DIGITS = 10n ** 18n;

/** Base of every id of an exchange that was opened at this time; chance keeps two such apart. */
export function idBase(openedAt: UnixMs, rng: Rng): string {
  const base = (BigInt(openedAt) - EPOCH) << SHIFT;
  const apart = BigInt(rng.uint32() % 2 ** 20);
  return ((base < SMALLEST_19_DIGITS ? SMALLEST_19_DIGITS : base) + apart).toString();
}

export const makeId = (category: Category, source: IdSource): string => {
  const number = BigInt(source.base) + BigInt(source.counter);
  return category === 'spot' ? number.toString() : uuidOf(number);
};

const MASK = (1n << 64n) - 1n;
/** Odd constants: multiplying by them permutes the 64-bit numbers (splitmix64's finaliser), so ids stay distinct. */
function mix(value: bigint): bigint {
  let x = value & MASK;
  x = ((x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  x = ((x ^ (x >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return x ^ (x >> 31n);
}

function uuidOf(number: bigint): string {
  const distinct = mix(number).toString(16).padStart(16, '0');
  const filler = mix(number ^ MASK)
    .toString(16)
    .padStart(16, '0');
  const variant = '89ab'[Number(number & 3n)];
  return [
    distinct.slice(0, 8),
    distinct.slice(8, 12),
    `4${distinct.slice(12, 15)}`,
    `${variant}${filler.slice(0, 3)}`,
    `${distinct.slice(15)}${filler.slice(3, 14)}`,
  ].join('-');
}
