import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Bench, type Case } from './bench.ts';
import { ACCESS } from './cases-access.ts';
import { FURTHER } from './cases-further.ts';
import { SEQUENCES } from './cases-sequences.ts';
import { LIMITS } from './cases-limits.ts';
import { MONEY } from './cases-money.ts';
import { ORDERS } from './cases-orders.ts';
import { QUERIES } from './cases-queries.ts';
import { SOCKETS } from './cases-sockets.ts';
import { DOCUMENTED, UNREACHABLE } from './documented.ts';

const CASES: readonly Case[] = [...ACCESS, ...ORDERS, ...QUERIES, ...SOCKETS, ...MONEY, ...FURTHER, ...SEQUENCES];

const fits = (retMsg: unknown, text: string | RegExp | null): boolean =>
  text instanceof RegExp ? text.test(String(retMsg)) : retMsg === text;

async function check({ ask, code, status = 200, later, ...given }: Case, bench: Bench) {
  const text = given.text ?? DOCUMENTED[code] ?? null;
  const { retCode, retMsg, status: got } = await ask(bench);
  const isRight = retCode === code && got === status && fits(retMsg, text);
  if (later === true) assert.ok(!isRight, 'this is refused as documented now: take `later` away');
  else assert.ok(isRight, `HTTP ${got} ${retCode} "${retMsg}" instead of ${status} ${code} ${text}`);
}

describe('what the documentation says is refused, is refused with its code and its text', () => {
  let bench: Bench;
  before(async () => {
    bench = await Bench.open();
    assert.deepEqual(bench.scene.refused, []);
  });
  after(() => bench.scene.venue.close());
  for (const one of CASES) test(one.what, () => check(one, bench));
});

describe('what is asked for too often is refused with its code and its text', () => {
  for (const one of LIMITS) {
    test(one.what, async () => {
      const bench = await Bench.open('bybit');
      await bench.scene.venue.advance(5_000, 5_000);
      await check(one, bench);
      await bench.scene.venue.close();
    });
  }
});

test('every documented code has a case that brings it about, or a reason why nothing does', () => {
  const shown = new Set([...CASES, ...LIMITS].map(({ code }) => code));
  const open = Object.keys(DOCUMENTED)
    .map(Number)
    .filter((code) => !shown.has(code) && !(code in UNREACHABLE));
  assert.deepEqual(open, []);
  assert.deepEqual(
    Object.keys(UNREACHABLE)
      .map(Number)
      .filter((code) => shown.has(code)),
    [],
  );
  assert.ok(CASES.length >= 150);
});
