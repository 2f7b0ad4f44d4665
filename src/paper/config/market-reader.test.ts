import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../domain/result.ts';
import { readPaperConfig } from './config.ts';
import { DEFAULT_HABITS, DEFAULT_MAKER, type MarketTerms, marketPlan } from './market-terms.ts';
import { DEFAULT_INSTRUMENTS } from './catalogue.ts';

const xrp = (market: unknown) => ({ instruments: [{ category: 'spot', symbol: 'XRPUSDT', market }] });
const marketOf = (market: unknown): MarketTerms | null | undefined =>
  unwrap(readPaperConfig(xrp(market))).instruments[0]?.market;
const errorsOf = (market: unknown): Record<string, string> => {
  const read = readPaperConfig(xrp(market));
  return read.ok ? {} : Object.fromEntries(read.error.map(({ path, message }) => [path.split('market.')[1], message]));
};

test('what a market leaves out is as in the table, and then as by default', () => {
  const table = DEFAULT_INSTRUMENTS.find((one) => one.category === 'spot' && one.symbol === 'XRPUSDT')?.market;
  const changed = marketOf({ levelQty: '1', noise: { perMinute: 5 } });
  assert.equal(changed?.levelQty, '1');
  assert.equal(changed?.spacing, table?.spacing);
  assert.deepEqual(changed?.noise, { ...DEFAULT_HABITS.noise, perMinute: 5 });
  assert.deepEqual(changed?.informed, DEFAULT_HABITS.informed);
  assert.deepEqual(marketOf({ makers: [{ qty: 2 }] })?.makers, [{ ...DEFAULT_MAKER, qty: 2 }]);
});

test('nobody of a kind is null or false, and no market at all as well', () => {
  const quiet = marketOf({ noise: null, momentum: false, informed: null, makers: [] });
  assert.deepEqual([quiet?.noise, quiet?.momentum, quiet?.informed, quiet?.makers], [null, null, null, []]);
  assert.equal(marketOf(null), null);
  assert.equal(marketOf(false), null);
});

test('a number that makes no market is refused with its place', () => {
  const errors = errorsOf({
    levelQty: '0',
    spacing: 0.1,
    activity: 0,
    markers: [],
    makers: [{ refreshMs: 5, skew: -1, levels: 0, depth: 3 }],
    takes: { most: 0.01, tail: 0 },
    noise: { excitation: 1 },
    momentum: { windowMs: 1 },
    informed: { edge: '1' },
  });
  assert.match(errors.levelQty ?? '', /too small/);
  assert.match(errors.spacing ?? '', /decimal in quotes/);
  assert.match(errors.activity ?? '', /above 0/);
  assert.match(errors.markers ?? '', /not known/);
  assert.match(errors['makers[0].refreshMs'] ?? '', /from 100/);
  assert.match(errors['makers[0].skew'] ?? '', /from 0/);
  assert.match(errors['makers[0].levels'] ?? '', /from 1/);
  assert.match(errors['makers[0].depth'] ?? '', /not known/);
  assert.match(errors['noise.excitation'] ?? '', /to 0.95/, 'one arrival that causes one more never ends');
  assert.match(errors['takes.most'] ?? '', /below least/);
  assert.match(errors['takes.tail'] ?? '', /above 0/);
  assert.match(errors['momentum.windowMs'] ?? '', /from 1000/);
  assert.match(errors['informed.edge'] ?? '', /number/);
});

test('a plan leaves nothing open', () => {
  const plan = marketPlan({ levelQty: '1', spacing: '0.001', levels: 3, dailyVolatility: 0.1, momentum: null });
  assert.equal(plan.momentum, null);
  assert.equal(plan.makers.length, 3);
});
