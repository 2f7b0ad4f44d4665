import { type Rng, seededRng } from '../../ports/rng.ts';

/**
 * Sub-streams of chance by name: what one agent draws is never moved by what another draws, or by whether it exists.
 * The seed of each is a hash of its name (FNV-1a, 32 bits) mixed with one draw of the parent.
 */
export class Streams {
  readonly #seed: number;

  constructor(parent: Rng) {
    this.#seed = parent.uint32();
  }

  of(name: string): Rng {
    let hash = 0x811c9dc5;
    for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    return seededRng((hash ^ this.#seed) >>> 0);
  }
}
