import { invariant } from '../domain/result.ts';

/** No slot, no order, no level, no page: the end of every chain. */
export const NIL = -1;

const FIRST_BITS = 8;

/**
 * Finds the slot of a number key. Open addressing with linear probing; at most a quarter full, because each collision
 * is a branch that the processor guesses wrong; deletion shifts back, so that no tombstones pile up. A cell is two
 * int32: slot + 1 (0: empty, so that a new table needs no filling) and the key's hash, so that probing past a
 * neighbour does not load its record. The keys themselves stay with their owner: `keys[slot * stride]`.
 */
export class SlotTable {
  /** Replaced by the owner when it grows. */
  keys: Float64Array;
  private readonly stride: number;
  private cells: Int32Array;
  private mask: number;
  private shift: number;
  private used = 0;

  constructor(keys: Float64Array, stride: number, capacity = 0) {
    const bits = Math.max(FIRST_BITS, 34 - Math.clz32(capacity));
    this.keys = keys;
    this.stride = stride;
    this.cells = new Int32Array(2 ** bits * 2);
    this.mask = 2 ** bits - 1;
    this.shift = 32 - bits;
  }

  find(key: number): number {
    const { cells, mask } = this;
    const hash = hashOf(key);
    let at = hash >>> this.shift;
    for (;;) {
      const slot = (cells[at * 2] as number) - 1;
      if (slot < 0) return NIL;
      if (cells[at * 2 + 1] === hash && this.keys[slot * this.stride] === key) return slot;
      at = (at + 1) & mask;
    }
  }

  /** Enters `slot` under `key`, which its owner stores there; false, and nothing entered, if the key is known. */
  claim(key: number, slot: number): boolean {
    const { cells, mask } = this;
    const hash = hashOf(key);
    let at = hash >>> this.shift;
    for (;;) {
      const cell = cells[at * 2] as number;
      if (cell === 0) break;
      if (cells[at * 2 + 1] === hash && this.keys[(cell - 1) * this.stride] === key) return false;
      at = (at + 1) & mask;
    }
    cells[at * 2] = slot + 1;
    cells[at * 2 + 1] = hash;
    this.used += 1;
    if (this.used * 4 > mask) this.grow();
    return true;
  }

  /** Takes out the key that was entered with `slot`. */
  remove(key: number, slot: number): void {
    const { cells, mask, shift } = this;
    let hole = hashOf(key) >>> shift;
    while (cells[hole * 2] !== slot + 1) {
      invariant(cells[hole * 2] !== 0, 'the key is in the table');
      hole = (hole + 1) & mask;
    }
    // Shift back what would otherwise be cut off from its home by the hole (Knuth, TAOCP 3, 6.4, algorithm R).
    let at = hole;
    for (;;) {
      at = (at + 1) & mask;
      const cell = cells[at * 2] as number;
      if (cell === 0) break;
      const hash = cells[at * 2 + 1] as number;
      if (((at - (hash >>> shift)) & mask) >= ((at - hole) & mask)) {
        cells[hole * 2] = cell;
        cells[hole * 2 + 1] = hash;
        hole = at;
      }
    }
    cells[hole * 2] = 0;
    this.used -= 1;
  }

  private grow(): void {
    const old = this.cells;
    const cells = new Int32Array(old.length * 2);
    this.cells = cells;
    this.mask = cells.length / 2 - 1;
    this.shift -= 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      let at = (old[from + 1] as number) >>> this.shift;
      while (cells[at * 2] !== 0) at = (at + 1) & this.mask;
      cells[at * 2] = old[from] as number;
      cells[at * 2 + 1] = old[from + 1] as number;
    }
  }
}

/** Fibonacci hashing spreads consecutive keys evenly; the high half of keys past 2^32 is folded in. */
function hashOf(key: number): number {
  const word = key < 2 ** 32 ? key | 0 : (key | 0) ^ Math.imul((key * 2 ** -32) | 0, 0x85eb_ca6b);
  return Math.imul(word, 0x9e37_79b1);
}
