import type { RestingOrder } from '../../../src/matching/index.ts';

/**
 * The state hash by its definition, from scratch, in unbounded integers: what `src/matching/state-hash.ts` keeps up
 * step by step. Words of 32 bits throughout.
 */
const word = (value: bigint): bigint => BigInt.asUintN(32, value);
const times = (a: bigint, b: bigint): bigint => word(a * b);
const turned = (value: bigint, by: bigint): bigint => word((value << by) | (value >> (32n - by)));

/** A number below 2^53 in one word. */
const fold = (value: number): bigint => word(BigInt(value)) ^ times(BigInt(value) >> 32n, 0x2c1b3c6dn);

function mix(value: bigint): bigint {
  let mixed = times(value ^ (value >> 16n), 0x85ebca6bn);
  mixed = times(mixed ^ (mixed >> 13n), 0xc2b2ae35n);
  return mixed ^ (mixed >> 16n);
}

const FACTORS = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn, 0x27d4eb2fn, 0x165667b1n, 0x7feb352dn] as const;

function lanesOf(order: RestingOrder): readonly [bigint, bigint] {
  const side = order.side === 'sell' ? 1 : 0;
  const postOnly = order.timeInForce === 'post_only' ? 2 : 0;
  const selfTrade = ['none', 'cancel_maker', 'cancel_taker', 'cancel_both'].indexOf(order.selfTrade);
  const fields = [order.id, order.account, order.qty, order.arrival, order.price].map(fold);
  const terms = BigInt(side + postOnly + 4 * selfTrade);
  const products = [...fields, terms].map((field, index) => times(field, FACTORS[index] as bigint));
  const a = mix(word(products.reduce((total, product) => total + product, 0n)));
  const b = mix(products.reduce((chain, product) => turned(chain, 11n) ^ product, 0n));
  const leaves = fold(order.leavesQty);
  return [a + times(leaves, b | 1n), b + times(turned(leaves, 16n), a | 1n)];
}

export function hashOfBook(orders: readonly RestingOrder[], tradeSeq: number, arrivals: number): number {
  const trades = fold(tradeSeq);
  const entries = fold(arrivals);
  let a = mix(word(times(trades, 0x9e3779b1n) + times(entries, 0x85ebca77n)));
  let b = mix(word(times(turned(trades, 16n), 0xcc9e2d51n) + times(turned(entries, 16n), 0x1b873593n)));
  for (const [first, second] of orders.map(lanesOf)) {
    a += first;
    b += second;
  }
  return Number(mix(word(a)) * 2n ** 21n + (mix(word(b)) >> 11n));
}
