import type { Rng } from './ports.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 36;

/**
 * A fresh order link id: the prefix, then chance to 36 characters (at least 16, some 95 bits). Write it down before
 * the order is sent: it is what an order of unknown outcome is found by.
 */
export function newOrderLinkId(rng: Rng, prefix = ''): string {
  if (!/^[A-Za-z0-9_-]{0,20}$/.test(prefix)) throw new RangeError('prefix: at most 20 of A-Za-z0-9_-');
  let id = prefix;
  // Multiplying spreads 2^32 values over 62 letters with a bias below 10^-7.
  while (id.length < LENGTH) id += ALPHABET[Math.floor((rng.uint32() / 2 ** 32) * ALPHABET.length)];
  return id;
}
