// All cases, what they are judged by, and which of them are not refused as documented yet.
import { readFileSync } from 'node:fs';
import { Bench, type Case } from './bench.ts';
import { ACCESS } from './cases-access.ts';
import { FURTHER } from './cases-further.ts';
import { LIMITS } from './cases-limits.ts';
import { MONEY } from './cases-money.ts';
import { ORDERS } from './cases-orders.ts';
import { QUERIES } from './cases-queries.ts';
import { SEQUENCES } from './cases-sequences.ts';
import { SOCKETS } from './cases-sockets.ts';
import { DOCUMENTED } from './documented.ts';

export const CASES: readonly Case[] = [
  ...ACCESS, ...ORDERS, ...QUERIES, ...SOCKETS, ...MONEY, ...FURTHER, ...SEQUENCES,
]; // biome-ignore format: a list
export { LIMITS };

/** Titles of the cases that are refused in another way, or not at all. `npm run conformance` takes out what works. */
export const LATER_FILE = new URL('./later.txt', import.meta.url);
export const readLater = (): ReadonlySet<string> =>
  new Set(
    readFileSync(LATER_FILE, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );

/** Null where the case is refused as documented, else what came and what should have come. */
export async function problemOf({ ask, code, status = 200, ...given }: Case, bench: Bench): Promise<string | null> {
  const text = given.text ?? DOCUMENTED[code] ?? null;
  const { retCode, retMsg, status: got } = await ask(bench);
  const fits = text instanceof RegExp ? text.test(String(retMsg)) : retMsg === text;
  if (retCode === code && got === status && fits) return null;
  return `HTTP ${got} ${retCode} "${retMsg}" instead of ${status} ${code} "${text}"`;
}

/** Every case on one exchange, in the order of the table: what each came to. */
export async function tryAll(): Promise<ReadonlyMap<string, string | null>> {
  const bench = await Bench.open();
  const found = new Map<string, string | null>();
  for (const one of CASES) found.set(one.what, await problemOf(one, bench));
  await bench.scene.venue.close();
  return found;
}
