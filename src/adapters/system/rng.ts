import { randomBytes, randomFillSync } from 'node:crypto';
import type { Rng } from '../../ports/rng.ts';

const POOL_BYTES = 4096;

/** Chance from the operating system's generator: fit for secrets. Small draws come from a pool, each byte used once. */
export function systemRng(): Rng {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return {
    uint32: () => {
      if (used === POOL_BYTES) {
        randomFillSync(pool);
        used = 0;
      }
      used += 4;
      return pool.readUInt32LE(used - 4);
    },
    bytes: (length) => new Uint8Array(randomBytes(length)),
  };
}
