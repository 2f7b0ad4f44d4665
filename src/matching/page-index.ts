import { invariant } from '../domain/result.ts';
import { NIL } from './slot-table.ts';

const BLOCK = 64;

/** A run of consecutive pages, lowest key first. */
type Block = { readonly keys: Float64Array; readonly pages: Int32Array; length: number };

const newBlock = (): Block => ({ keys: new Float64Array(BLOCK), pages: new Int32Array(BLOCK), length: 0 });

/** How many of a block's keys are below `key`. */
function rank(block: Block, key: number): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((block.keys[middle] as number) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Pages sorted by key, to find a new page's neighbour. Sorted blocks of at most 64: two binary searches and a short
 * shift, also with a million pages. Only the birth and death of a page come here; a step from one page to the next
 * follows the pages' own links.
 */
export class PageIndex {
  private readonly blocks: Block[] = [];
  private readonly spare: Block[] = [];

  /** Adds a page and returns the page just below it, NIL if there is none. */
  insert(key: number, page: number): number {
    let at = Math.max(0, this.blockOf(key));
    let block = this.blocks[at];
    if (block === undefined) {
      block = this.take();
      this.blocks.push(block);
    }
    if (block.length === BLOCK) {
      this.split(at, block);
      if (key > ((this.blocks[at + 1] as Block).keys[0] as number)) at += 1;
      block = this.blocks[at] as Block;
    }
    const place = rank(block, key);
    block.keys.copyWithin(place + 1, place, block.length);
    block.pages.copyWithin(place + 1, place, block.length);
    block.keys[place] = key;
    block.pages[place] = page;
    block.length += 1;
    if (place > 0) return block.pages[place - 1] as number;
    const below = this.blocks[at - 1];
    return below === undefined ? NIL : (below.pages[below.length - 1] as number);
  }

  remove(key: number): void {
    const at = this.blockOf(key);
    const block = this.blocks[at];
    invariant(block !== undefined, 'the page is in the index');
    const place = rank(block, key);
    invariant(place < block.length && block.keys[place] === key, 'the page is in its block');
    block.keys.copyWithin(place, place + 1, block.length);
    block.pages.copyWithin(place, place + 1, block.length);
    block.length -= 1;
    if (block.length === 0) {
      this.blocks.splice(at, 1);
      this.spare.push(block);
    }
  }

  /** The last block that begins at or below `key`; -1 when every block begins above it. */
  private blockOf(key: number): number {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (((this.blocks[middle] as Block).keys[0] as number) <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private split(at: number, block: Block): void {
    const upper = this.take();
    const half = BLOCK / 2;
    upper.keys.set(block.keys.subarray(half));
    upper.pages.set(block.pages.subarray(half));
    upper.length = half;
    block.length = half;
    this.blocks.splice(at + 1, 0, upper);
  }

  private take(): Block {
    const block = this.spare.pop() ?? newBlock();
    block.length = 0;
    return block;
  }
}
