import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';

/**
 * The book that a file of Bybit's public history ends with, read by the plainest code that can: no line of the product
 * is used, so that it can be held against it. Prices and quantities as the file writes them.
 */
export type RecordedLevel = Readonly<{ price: string; qty: string }>;
export type RecordedBook = Readonly<{ bids: readonly RecordedLevel[]; asks: readonly RecordedLevel[] }>;

type Line = Readonly<{ type: 'snapshot' | 'delta'; data: Readonly<Record<'b' | 'a', [price: string, qty: string][]>> }>;

export function recordedBook(zipFile: string): RecordedBook {
  const [member] = Object.values(unzipSync(readFileSync(zipFile)));
  const lines = new TextDecoder().decode(member).trimEnd().split('\n');
  const sides = { b: new Map<string, string>(), a: new Map<string, string>() };
  for (const text of lines) {
    const { type, data } = JSON.parse(text) as Line;
    for (const side of ['b', 'a'] as const) {
      if (type === 'snapshot') sides[side].clear();
      for (const [price, qty] of data[side]) {
        if (qty === '0') sides[side].delete(price);
        else sides[side].set(price, qty);
      }
    }
  }
  const levels = (side: 'b' | 'a', sign: 1 | -1): RecordedLevel[] =>
    [...sides[side]]
      .sort(([one], [other]) => sign * (Number(one) - Number(other)))
      .map(([price, qty]) => ({ price, qty }));
  return { bids: levels('b', -1), asks: levels('a', 1) };
}
