import {
  ACCOUNT,
  ARRIVAL,
  HALVES,
  ID,
  LEAVES,
  type OrderPool,
  QTY,
  SEED_A,
  SEED_B,
  TERMS,
  WORDS,
} from './order-pool.ts';

/**
 * Hash of the whole book, kept up with every change, so that asking for it costs nothing: the sum over all resting
 * orders of a hash of everything that an order is (id, account, price, quantity, leaves, terms) and of its arrival
 * number, which is its place in the queue. A sum depends neither on where orders lie in memory nor on what came and
 * went before. Two lanes of 32 bits, because one would let one divergence in 2^32 pass.
 *
 * What does not change while an order rests is hashed once, when it enters a queue, into a seed a lane; its leaves
 * then weigh in as a multiple of the other lane's seed, so that a fill costs two multiplications. Multilinear hashing
 * (Carter and Wegman 1979) with the finaliser of MurmurHash3 (Appleby 2011).
 */
export class StateHash {
  private readonly pool: OrderPool;
  private readonly lanes = new Int32Array(2);

  constructor(pool: OrderPool) {
    this.pool = pool;
  }

  /** Adds an order that enters a queue at `price`. */
  enter(slot: number, price: number): void {
    const { lanes } = this;
    const { words, halves } = this.pool;
    const at = slot * WORDS;
    const id = fold(words[at + ID] as number);
    const account = fold(words[at + ACCOUNT] as number);
    const qty = fold(words[at + QTY] as number);
    const arrival = fold(words[at + ARRIVAL] as number);
    const ticks = fold(price);
    const terms = halves[slot * HALVES + TERMS] as number;
    const p = Math.imul(id, 0x9e37_79b1);
    const q = Math.imul(account, 0x85eb_ca77);
    const r = Math.imul(qty, 0xc2b2_ae3d);
    const s = Math.imul(arrival, 0x27d4_eb2f);
    const t = Math.imul(ticks, 0x1656_67b1);
    const u = Math.imul(terms, 0x7feb_352d);
    const a = mix(p + q + r + s + t + u);
    const b = mix(turn(turn(turn(turn(turn(p) ^ q) ^ r) ^ s) ^ t) ^ u);
    halves[slot * HALVES + SEED_A] = a;
    halves[slot * HALVES + SEED_B] = b;
    const leaves = fold(words[at + LEAVES] as number);
    (lanes[0] as number) += a + Math.imul(leaves, b | 1);
    (lanes[1] as number) += b + Math.imul(swap(leaves), a | 1);
  }

  /** Takes out an order with its present leaves. */
  leave(slot: number): void {
    const { lanes } = this;
    const { words, halves } = this.pool;
    const leaves = fold(words[slot * WORDS + LEAVES] as number);
    const a = halves[slot * HALVES + SEED_A] as number;
    const b = halves[slot * HALVES + SEED_B] as number;
    (lanes[0] as number) -= a + Math.imul(leaves, b | 1);
    (lanes[1] as number) -= b + Math.imul(swap(leaves), a | 1);
  }

  /** A fill: call it before the leaves are written. */
  refill(slot: number, leaves: number): void {
    const { lanes } = this;
    const { words, halves } = this.pool;
    const before = fold(words[slot * WORDS + LEAVES] as number);
    const after = fold(leaves);
    const a = halves[slot * HALVES + SEED_A] as number;
    const b = halves[slot * HALVES + SEED_B] as number;
    (lanes[0] as number) += Math.imul(after - before, b | 1);
    (lanes[1] as number) += Math.imul(swap(after) - swap(before), a | 1);
  }

  /** The orders and the book's two counters in one integer below 2^53. */
  value(tradeSeq: number, arrivals: number): number {
    const trades = fold(tradeSeq);
    const entries = fold(arrivals);
    const a = mix(Math.imul(trades, 0x9e37_79b1) + Math.imul(entries, 0x85eb_ca77)) + (this.lanes[0] as number);
    const b =
      mix(Math.imul(swap(trades), 0xcc9e_2d51) + Math.imul(swap(entries), 0x1b87_3593)) + (this.lanes[1] as number);
    return (mix(a) >>> 0) * 2 ** 21 + (mix(b) >>> 11);
  }
}

/** An integer below 2^53 in 32 bits; most have no high half to fold in. */
const fold = (value: number): number =>
  value < 2 ** 32 ? value | 0 : (value | 0) ^ Math.imul((value * 2 ** -32) | 0, 0x2c1b_3c6d);

const turn = (word: number): number => (word << 11) | (word >>> 21);
const swap = (word: number): number => (word << 16) | (word >>> 16);

function mix(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
}
