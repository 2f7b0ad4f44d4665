import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { InstrumentId, UnixMs } from '../../domain/ids.ts';
import type { Candle, CandleInterval, CandleKind } from '../../ports/exchange.ts';
import { steppedClock } from '../clocks.ts';
import { MINUTE_MS } from '../candles/intervals.ts';
import { ALICE, BOB, BTC, type Harness, limit, market, openHarness, PERP, placed, START } from '../testing/harness.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';
import { unwrap } from '../../domain/result.ts';

const ALL = { from: null, to: null, limit: 1000 } as const;

const step = (harness: Harness, ms: number) => (harness.clock.step as (ms: number) => Promise<void>)(ms);
const candles = (
  { exchange }: Harness,
  id: InstrumentId,
  kind: CandleKind = 'last',
  interval: CandleInterval = '1',
): readonly Candle[] => exchange.market.candles(id, kind, { interval, ...ALL });

/** `start in minutes: open high low close volume turnover`, with an asterisk while it is open. */
const shown = (rows: readonly Candle[]): readonly string[] =>
  rows.map(({ start, open, high, low, close, volume, turnover, isClosed }) => {
    const numbers = [open, high, low, close, volume, turnover].map(formatDecimal).join(' ');
    return `${(start - START) / MINUTE_MS}: ${numbers}${isClosed ? '' : ' *'}`;
  });

async function trade(harness: Harness, id: InstrumentId, price: string, qty: string): Promise<void> {
  await placed(harness.exchange, BOB, limit(id, 'sell', qty, price));
  await placed(harness.exchange, ALICE, limit(id, 'buy', qty, price, { timeInForce: 'ioc' }));
  await harness.flush();
}

test('trades make candles, and a minute without trades repeats the close', async () => {
  const harness = await openHarness();
  await harness.exchange.start();
  await trade(harness, BTC, '60010', '0.5');
  await step(harness, 30_000);
  await trade(harness, BTC, '59990', '1');
  await step(harness, 2 * MINUTE_MS);
  await trade(harness, BTC, '60000', '0.001');
  assert.deepEqual(shown(candles(harness, BTC)), [
    '2: 59990 60000 59990 60000 0.001 60 *',
    '1: 59990 59990 59990 59990 0 0',
    '0: 60000 60010 59990 59990 1.5 89995',
  ]);
  assert.deepEqual(shown(candles(harness, BTC, 'last', '5')), ['0: 60000 60010 59990 60000 1.501 90055 *']);
  harness.exchange.stop();
});

test('a trade that is decided in one minute and durable in the next belongs to the first', async () => {
  const journal = new MemoryJournal();
  journal.auto = false;
  const opening = openHarness({ journal });
  await Promise.resolve();
  const pump = setInterval(() => journal.commit(), 1);
  const harness = await opening;
  clearInterval(pump);
  await harness.exchange.start();
  const resting = placed(harness.exchange, BOB, limit(BTC, 'sell', '1', '60100'));
  const taking = placed(harness.exchange, ALICE, limit(BTC, 'buy', '1', '60100'));
  await step(harness, MINUTE_MS + 500);
  assert.equal(
    candles(harness, BTC).length,
    1,
    'the minute has not ended for those who look: its trades are not durable',
  );
  journal.commit();
  await Promise.all([resting, taking]);
  assert.deepEqual(shown(candles(harness, BTC)).at(-1), '0: 60000 60100 60000 60100 1 60100');
  assert.equal(candles(harness, BTC).length, 2);
  harness.exchange.stop();
});

test('mark, index and premium follow the market; listeners are told when a minute has ended', async () => {
  const harness = await openHarness();
  await harness.exchange.start();
  const { control } = harness.exchange;
  unwrap(await control.setReference(PERP, money('60000')));
  await step(harness, 1_000);
  await placed(harness.exchange, BOB, limit(PERP, 'buy', '1', '60050'));
  await placed(harness.exchange, BOB, limit(PERP, 'sell', '1', '60070'));
  await step(harness, 1_000);
  unwrap(await control.setReference(PERP, money('60000')));
  await step(harness, 1_000);
  unwrap(await control.setReference(PERP, money('60060')));
  await step(harness, MINUTE_MS);
  const [, index] = candles(harness, PERP, 'index');
  assert.deepEqual(
    [index?.open, index?.high, index?.low, index?.close].map((value) => formatDecimal(value ?? money('0'))),
    ['60000', '60060', '60000', '60060'],
  );
  const [, mark] = candles(harness, PERP, 'mark');
  assert.equal(
    formatDecimal(mark?.high ?? money('0')),
    '60060',
    'half-way between bid and ask is the mark, at most 0.05 % away',
  );
  // (60050 − 60000) ÷ 60000, of orders that are deep enough, while the index was lower; nothing once it lies between bid and ask.
  const [, premium] = candles(harness, PERP, 'premium');
  assert.equal(formatDecimal(premium?.high ?? money('0')), '0.00083333');
  assert.equal(formatDecimal(premium?.close ?? money('1')), '0');
  assert.deepEqual(candles(harness, BTC, 'index'), [], 'a pair of coins has no index candles');
  const told = harness.publics.filter((event) => event.type === 'minute' && event.instrument === PERP);
  assert.equal(told.length, 1);
  harness.exchange.stop();
});

test('open interest and the part of the long accounts are known at every five minutes', async () => {
  const harness = await openHarness();
  await harness.exchange.start();
  await trade(harness, PERP, '60000', '2');
  await step(harness, 6 * MINUTE_MS);
  await placed(harness.exchange, BOB, limit(PERP, 'buy', '1', '60000'));
  await placed(harness.exchange, ALICE, market(PERP, 'sell', '1'));
  await step(harness, 5 * MINUTE_MS);
  const query = { stepMs: 5 * MINUTE_MS, ...ALL };
  const rows = harness.exchange.market.openInterest(PERP, query);
  assert.deepEqual(
    rows.map(({ at, value }) => [(at - START) / MINUTE_MS, formatDecimal(value)]),
    [
      [10, '1'],
      [5, '2'],
      [0, '0'],
    ],
  );
  const ratios = harness.exchange.market.longRatio(PERP, query).map(({ value }) => formatDecimal(value));
  assert.deepEqual(ratios, ['0.5', '0.5', '0.5']);
  harness.exchange.stop();
});

test('a restart goes on with the candles and shows the hole', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  await first.exchange.start();
  await trade(first, BTC, '60010', '1');
  await step(first, 2.5 * MINUTE_MS);
  await trade(first, BTC, '60020', '2');
  await first.exchange.close();
  const clock = steppedClock((START + 20.5 * MINUTE_MS) as UnixMs);
  const second = await openHarness({ journal: journal.reopen(), clock });
  await second.exchange.start();
  await trade(second, BTC, '60030', '1');
  assert.deepEqual(shown(candles(second, BTC)), [
    '20: 60020 60030 60020 60030 1 60030 *',
    '2: 60010 60020 60010 60020 2 120040',
    '1: 60010 60010 60010 60010 0 0',
    '0: 60000 60010 60000 60010 1 60010',
  ]);
  assert.deepEqual(second.exchange.market.interruptions(), [
    { from: START + 2.5 * MINUTE_MS, to: START + 20.5 * MINUTE_MS },
  ]);
  const ticker = second.exchange.ticker(BTC);
  assert.deepEqual([ticker.volume24h, ticker.turnover24h, ticker.low24h].map(formatDecimal), ['4', '240080', '60000']);
  second.exchange.stop();
});

test('after a kill the last whole minute is there, and what was cut off is a hole', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  await first.exchange.start();
  await trade(first, BTC, '60010', '1');
  await step(first, 90_000);
  const found = journal.reopen();
  const second = await openHarness({ journal: found, clock: steppedClock((START + 100_000) as UnixMs) });
  assert.deepEqual(shown(candles(second, BTC)), [
    '1: 60010 60010 60010 60010 0 0 *',
    '0: 60000 60010 60000 60010 1 60010',
  ]);
  first.exchange.stop();
});

test('days of candles come back from a snapshot as they were', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  await first.exchange.start();
  for (let hour = 0; hour < 30; hour += 1) {
    await trade(first, BTC, String(60_000 + hour), '0.1');
    await trade(first, PERP, String(60_000 + hour), '0.1');
    await step(first, 60 * MINUTE_MS);
  }
  await first.exchange.close();
  const found = journal.reopen();
  const clock = steppedClock(first.clock.now());
  const second = await openHarness({ journal: found, clock });
  assert.ok([...found.read('paper:market' as never, 1)].length > 1440, 'more than a snapshot’s worth was recorded');
  assert.notEqual(found.latestSnapshot('paper:market' as never), null);
  for (const [id, kinds] of [
    [BTC, ['last']],
    [PERP, ['last', 'mark', 'index', 'premium']],
  ] as const) {
    for (const kind of kinds) {
      for (const interval of ['1', '15', '60', 'D', 'W'] as const) {
        assert.deepEqual(
          candles(second, id, kind, interval),
          candles(first, id, kind, interval),
          `${id} ${kind} ${interval}`,
        );
      }
    }
  }
  const samples = ({ exchange }: Harness) => exchange.market.openInterest(PERP, { stepMs: 60 * MINUTE_MS, ...ALL });
  assert.deepEqual(samples(second), samples(first));
});

test('a reset forgets the past, also for the next start', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  await first.exchange.start();
  await trade(first, BTC, '60010', '1');
  await step(first, 3 * MINUTE_MS);
  await first.exchange.control.reset();
  assert.equal(candles(first, BTC).length, 1);
  await step(first, MINUTE_MS);
  await first.exchange.close();
  const second = await openHarness({ journal: journal.reopen(), clock: steppedClock(first.clock.now()) });
  assert.equal(candles(second, BTC).at(-1)?.start, START + 3 * MINUTE_MS);
});

test('contracts follow their coin, and whoever listens to them is told once a second', async () => {
  const harness = await openHarness();
  await harness.exchange.start();
  const { control } = harness.exchange;
  const tickers = () =>
    harness.publics.splice(0).filter((event) => event.type === 'ticker' && event.instrument === PERP).length;
  unwrap(await control.setReference(BTC, money('61000')));
  await step(harness, 1_000);
  tickers();
  for (const price of ['61001', '61002', '61003']) {
    unwrap(await control.setReference(BTC, money(price)));
    await step(harness, 100);
  }
  assert.equal(tickers(), 1);
  await step(harness, MINUTE_MS);
  assert.equal(formatDecimal(candles(harness, PERP, 'index')[1]?.close ?? money('0')), '61003');
  harness.exchange.stop();
});

test('the funding rate is made of the premium of every minute of the interval, later ones weigh more', async () => {
  const harness = await openHarness();
  await harness.exchange.start();
  const { exchange } = harness;
  const rate = () => formatDecimal(exchange.ticker(PERP).fundingRate);
  assert.equal(rate(), '0.0001', 'without premium the interest of eight hours');
  unwrap(await exchange.control.setReference(PERP, money('60000')));
  await placed(exchange, BOB, limit(PERP, 'buy', '1', '60120'));
  await placed(exchange, BOB, limit(PERP, 'sell', '1', '60180'));
  await step(harness, 3 * MINUTE_MS);
  // The bid is 0.2 % above the index for three minutes: 0.2 % + clamp(0.01 % − 0.2 %, ±0.05 %).
  assert.equal(rate(), '0.0015');
  unwrap(await exchange.control.setReference(PERP, money('60150')));
  await step(harness, MINUTE_MS);
  // (1 + 2 + 3) × 0.2 % + 4 × 0, over 10: 0.12 % less 0.05 %.
  assert.equal(rate(), '0.0007');
  assert.equal(exchange.ticker(PERP).nextFundingAt, START + 8 * 60 * MINUTE_MS);
  await step(harness, 8 * 60 * MINUTE_MS);
  assert.equal(rate(), '0.0001', 'a new interval begins without premium');
  harness.exchange.stop();
});

test('candles keep their prices when tick and step change, at once and after a restart', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  await first.exchange.start();
  await trade(first, BTC, '60010.1', '0.5');
  await step(first, 2 * MINUTE_MS);
  unwrap(await first.exchange.control.instruments.change(BTC, { tick: '0.5', step: '0.0001' }));
  await trade(first, BTC, '60020', '0.5');
  await step(first, MINUTE_MS);
  const expected = [
    '3: 60020 60020 60020 60020 0 0',
    '2: 60010 60020 60010 60020 0.5 30010',
    '1: 60010 60010 60010 60010 0 0',
    // The old price does not lie on the new tick: the nearest that does is shown.
    '0: 60000 60010 60000 60010 0.5 30005.05',
  ];
  assert.deepEqual(
    shown(candles(first, BTC)).map((row) => row.replace(' *', '')),
    expected,
  );
  await first.exchange.close();
  const second = await openHarness({ journal: journal.reopen(), clock: steppedClock(first.clock.now()) });
  assert.deepEqual(
    shown(candles(second, BTC)).map((row) => row.replace(' *', '')),
    expected,
  );
});

test('what funding was settled at is listed, also after a kill', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal });
  await first.exchange.start();
  await trade(first, PERP, '60000', '1');
  await step(first, 16 * 60 * MINUTE_MS + 1);
  const rates = ({ exchange }: Harness) =>
    exchange.market.fundings(PERP, ALL).map(({ at, rate }) => [(at - START) / MINUTE_MS, formatDecimal(rate)]);
  assert.deepEqual(rates(first), [
    [960, '0.0001'],
    [480, '0.0001'],
  ]);
  const second = await openHarness({ journal: journal.reopen(), clock: steppedClock(first.clock.now()) });
  assert.deepEqual(rates(second), rates(first));
  assert.deepEqual(second.exchange.market.fundings(PERP, { ...ALL, limit: 1 }).length, 1);
  first.exchange.stop();
});
