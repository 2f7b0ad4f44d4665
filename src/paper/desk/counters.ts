import type { Category } from '../../domain/ids.ts';
import { makeId } from '../ids.ts';
import type { PaperEvent } from '../state/events.ts';
import type { PaperState } from '../state/state.ts';

const BLOCK = 1_000_000;
/** More than one decision can use up. */
const RESERVE = 100_000;

/**
 * Ids and cross sequences, handed out from a block that was journalled before. After a restart the next block begins
 * where the last one ended, used or not: nothing is ever given twice.
 */
export class Counters {
  readonly #state: PaperState;
  #nextId: number;
  #nextSeq: number;

  constructor(state: PaperState) {
    this.#state = state;
    this.#nextId = state.ids;
    this.#nextSeq = state.seq;
  }

  /** The record to make before a decision, where the block runs low. */
  reservation(): PaperEvent | null {
    const low = this.#nextId + RESERVE > this.#state.ids || this.#nextSeq + RESERVE > this.#state.seq;
    return low ? { type: 'reserved', ids: this.#nextId + BLOCK, seq: this.#nextSeq + BLOCK } : null;
  }

  id(category: Category): string {
    return makeId(category, { base: this.#state.idBase, counter: this.#nextId++ });
  }

  seq(): number {
    return this.#nextSeq++;
  }

  get lastSeq(): number {
    return this.#nextSeq - 1;
  }
}
