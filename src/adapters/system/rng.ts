import { randomBytes, randomFillSync } from 'node:crypto';
import type { Rng } from '../../ports/rng.ts';

const POOL_BYTES = 4096;
const LARGEST_FROM_POOL = 64;

/** Chance from the operating system's generator: fit for secrets. Small draws come from a pool, each byte used once. */
export function systemRng(): Rng {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  /** Where in the pool the next `length` bytes are. */
  const take = (length: number): number => {
    if (used + length > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    used += length;
    return used - length;
  };
  return {
    uint32: () => pool.readUInt32LE(take(4)),
    bytes: (length) => {
      if (length > LARGEST_FROM_POOL) return new Uint8Array(randomBytes(length));
      const at = take(length);
      const drawn = Uint8Array.from(pool.subarray(at, used));
      pool.fill(0, at, used); // nothing of a secret stays here
      return drawn;
    },
  };
}
