import { existsSync, readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import type { Side, Snapshot } from '../../src/paper/statistics/profile.ts';

/** Some seconds of Bybit's spot XRPUSDT of 2024-12-01, as Bybit publishes its order books. Not kept in the repository. */
const FILE = new URL('../../../shared/bybit/golden/history/xrpusdt-ob500.data.zip', import.meta.url);
/** Ticks of 0.0001 and lots of 0.01. */
const TICKS = 10_000;
const LOTS = 100;

export const hasCapture = (): boolean => existsSync(FILE);

/** The lines of the file. */
export function captureLines(): readonly string[] {
  const [member] = Object.values(unzipSync(readFileSync(FILE)));
  const lines = new TextDecoder().decode(member).split('\n');
  return lines.filter((text) => text !== '');
}

type Message = Readonly<{ type: string; data: Readonly<Record<'b' | 'a', readonly (readonly [string, string])[]>> }>;

/** The book after every line: prices in ticks, quantities in lots. */
export function captureBooks(): readonly Snapshot[] {
  const sides = { b: new Map<number, number>(), a: new Map<number, number>() };
  return captureLines().map((text) => {
    const { type, data } = JSON.parse(text) as Message;
    for (const side of ['b', 'a'] as const) {
      if (type === 'snapshot') sides[side].clear();
      for (const [price, qty] of data[side]) put(sides[side], Math.round(Number(price) * TICKS), Number(qty) * LOTS);
    }
    return { bids: sorted(sides.b, -1), asks: sorted(sides.a, 1) };
  });
}

function put(side: Map<number, number>, price: number, qty: number): void {
  if (qty === 0) side.delete(price);
  else side.set(price, qty);
}

const sorted = (side: ReadonlyMap<number, number>, sign: 1 | -1): Side =>
  [...side].sort((one, other) => sign * (one[0] - other[0]));
