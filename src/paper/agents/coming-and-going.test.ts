import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money, toFloat } from '../../domain/decimal.ts';
import type { InstrumentId, UnixMs } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { silentLog } from '../../ports/log.ts';
import { seededRng } from '../../ports/rng.ts';
import { type Assembly, assemble } from '../assembly.ts';
import { steppedClock } from '../clocks.ts';
import { readPaperConfig } from '../config/config.ts';
import { DEFAULT_MAKER } from '../config/market-terms.ts';
import { listAll } from '../listing.ts';
import type { Release } from '../outbox.ts';
import type { Market } from '../tape/market.ts';
import { BTC, PERP, START, XRP } from '../testing/harness.ts';
import { Agents } from './agents.ts';
import { References } from './references.ts';
import { Streams } from './streams.ts';

/** Agents of some symbols of an exchange that lists more. */
async function gathered(symbols: readonly InstrumentId[], quoted: readonly InstrumentId[]) {
  const config = unwrap(readPaperConfig({ instruments: symbols, clock: 'stepped', accounts: [] }));
  const { instruments } = await listAll(config, []);
  const clock = steppedClock(START);
  const published: Release[] = [];
  const assembly: Assembly = assemble({
    config,
    instruments,
    clock,
    journal: null,
    log: silentLog,
    onPublish: (release) => published.push(release),
  });
  const market = (id: InstrumentId): Market => {
    const found = assembly.markets.get(id);
    assert.ok(found !== undefined, id);
    return found;
  };
  const streams = new Streams(seededRng(9));
  const markets = quoted.map(market);
  const references = new References({
    streams,
    instruments: markets.map((one) => one.instrument),
    resumeAt: () => null,
  });
  const agents = new Agents(assembly.core, assembly.clock, streams, references, markets);
  agents.start();
  const step = async (ms: number): Promise<void> => {
    await assembly.clock.step?.(ms);
    await clock.step?.(0); // what was decided is told on the clock of the process
  };
  return { agents, market, step, published, now: () => assembly.clock.now() as UnixMs };
}

const isQuoted = (market: Market): boolean =>
  market.book.levels.best('buy') !== null && market.book.levels.best('sell') !== null;
const indexOf = (market: Market): number => toFloat(market.index());

test('a symbol that is listed while the others trade is quoted at once, and traded from then on', async () => {
  const { agents, market, step } = await gathered([BTC, XRP], [BTC]);
  await step(2_000);
  assert.equal(isQuoted(market(XRP)), false);
  agents.add(market(XRP));
  assert.ok(agents.quotes(XRP) && isQuoted(market(XRP)));
  const { version } = market(XRP);
  await step(5_000);
  assert.ok(market(XRP).version > version + 10, 'its agents take their turns');
  assert.ok(Math.abs(indexOf(market(XRP)) / 2 - 1) < 0.01);
});

test('a symbol that is traded no longer loses its quotes, and nobody comes back to it', async () => {
  const { agents, market, step } = await gathered([BTC, PERP], [BTC, PERP]);
  await step(2_000);
  agents.remove(PERP);
  assert.equal(agents.quotes(PERP), false);
  assert.equal(market(PERP).book.size, 0);
  await step(20_000);
  assert.equal(market(PERP).book.size, 0);
  assert.ok(isQuoted(market(BTC)), 'the others go on');
  agents.add(market(PERP));
  assert.ok(isQuoted(market(PERP)));
});

test('a symbol whose terms were changed gets agents of the new ones, and has a book at every moment', async () => {
  const { agents, market, step, published } = await gathered([XRP], [XRP]);
  await step(5_000);
  const { instrument } = market(XRP);
  const quiet = { makers: [{ ...DEFAULT_MAKER, levels: 3 }], noise: null, momentum: null, informed: null };
  assert.ok(instrument.market !== null);
  market(XRP).relist({ ...instrument, market: { ...instrument.market, ...quiet } });
  published.length = 0;
  agents.add(market(XRP));
  assert.equal(market(XRP).book.size, 6);
  await step(0);
  const sizes = published.flatMap(({ books }) => books.map(({ bids, asks }) => [bids, asks]));
  assert.equal(sizes.length, 2, 'new ones up, then old ones down');
  assert.ok(
    sizes[0]?.every((side) => side.some(({ qty }) => qty > 0)),
    'the first only adds',
  );
  agents.add(market(XRP));
  await step(0);
  assert.equal(market(XRP).book.size, 6, 'what has not changed is left alone');
  market(XRP).relist({ ...instrument, market: null });
  agents.add(market(XRP));
  assert.equal(market(XRP).book.size, 0);
  assert.equal(agents.quotes(XRP), false);
});

test('the index of a coin follows a path, and so do the quotes of all that is made of it', async () => {
  const { agents, market, step, now } = await gathered([BTC, PERP, XRP], [BTC, PERP, XRP]);
  await step(1_000);
  const from = indexOf(market(BTC));
  const points = [
    { atMs: now() + 60_000, price: money('66000') },
    { atMs: now() + 120_000, price: money('54000') },
  ];
  assert.ok(agents.path(market(PERP), points));
  await step(30_000);
  assert.ok(
    Math.abs(indexOf(market(BTC)) / ((from + 66_000) / 2) - 1) < 0.002,
    'half of the way, after half of the time',
  );
  await step(30_000);
  for (const id of [BTC, PERP]) {
    const best = (market(id).book.levels.best('buy')?.price ?? 0) * toFloat(market(id).instrument.listing.tick);
    assert.ok(Math.abs(best / 66_000 - 1) < 0.004, `${id} is quoted at ${best}`);
  }
  await step(60_000);
  assert.ok(Math.abs(indexOf(market(PERP)) / 54_000 - 1) < 0.002);
  assert.ok(Math.abs(indexOf(market(XRP)) / 2 - 1) < 0.02, 'other coins go their own way');
  assert.equal(agents.path(market(BTC), [...points].reverse()), false, 'time goes forwards');
});

test('a price that is set while a path is followed ends the path', async () => {
  const { agents, market, step, now } = await gathered([BTC], [BTC]);
  assert.ok(agents.path(market(BTC), [{ atMs: now() + 600_000, price: money('90000') }]));
  await step(60_000);
  assert.ok(agents.move(market(BTC), money('50000')));
  await step(60_000);
  assert.ok(Math.abs(indexOf(market(BTC)) / 50_000 - 1) < 0.01);
});
