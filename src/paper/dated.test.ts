import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../domain/decimal.ts';
import { instrumentId, type UnixMs } from '../domain/ids.ts';
import { unwrap } from '../domain/result.ts';
import { steppedClock } from './clocks.ts';
import { ALICE, BOB, BTC, limit, openHarness, placed, START } from './testing/harness.ts';
import { MemoryJournal } from './testing/memory-journal.ts';

const CONFIG = { instruments: ['spot:BTCUSDT', 'option:BTC-*-USDT', 'inverse:BTCUSD*'] };
const DAY_MS = 86_400_000;

test('dated contracts that were listed are there after a restart, with what has come due since', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal, config: CONFIG });
  const listed = first.exchange.instruments('option');
  assert.equal(listed.length, 66);
  assert.deepEqual(
    first.exchange.instruments('inverse').map(({ symbol }) => symbol),
    ['BTCUSDZ24', 'BTCUSDH25'],
  );
  unwrap(await first.exchange.control.setReference(BTC, money('61000')));
  await first.exchange.close();

  const soon = await openHarness({ journal, config: CONFIG, clock: steppedClock((START + 60_000) as UnixMs) });
  assert.deepEqual(soon.exchange.instruments('option'), listed, 'the same strikes, though the coin has moved');
  await soon.exchange.close();

  const later = await openHarness({ journal, config: CONFIG, clock: steppedClock((START + DAY_MS) as UnixMs) });
  const symbols = later.exchange.instruments('option').map(({ symbol }) => symbol);
  for (const { symbol } of listed) assert.ok(symbols.includes(symbol), `${symbol} is still known`);
  assert.ok(!listed.some(({ symbol }) => symbol.startsWith('BTC-2DEC24')));
  const fresh = later.exchange.instrument('option:BTC-2DEC24-61000-C-USDT' as never);
  assert.equal(fresh?.launchedAt, START + DAY_MS);
});

test('a series that the configuration drops is not listed any more', async () => {
  const journal = new MemoryJournal();
  const first = await openHarness({ journal, config: CONFIG });
  await first.exchange.close();
  const { exchange } = await openHarness({ journal, config: { instruments: ['spot:BTCUSDT', 'inverse:BTCUSD*'] } });
  assert.deepEqual([exchange.instruments('option').length, exchange.instruments('inverse').length], [0, 2]);
});

test('while the exchange runs, the next delivery is listed after one has passed, and trades at once', async () => {
  const journal = new MemoryJournal();
  const { exchange, clock } = await openHarness({ journal, config: CONFIG });
  await exchange.start();
  const before = exchange.instruments('option').length;
  unwrap(await exchange.control.setReference(BTC, money('61000')));
  await clock.step?.(8 * 3_600_000);
  assert.equal(exchange.instruments('option').length, before, 'at 08:00 the old ones are delivered');
  await clock.step?.(1000);
  const fresh = exchange.instruments('option').filter(({ symbol }) => symbol.startsWith('BTC-2DEC24'));
  assert.equal(fresh.length, 22);
  const call = instrumentId('option', 'BTC-2DEC24-61000-C-USDT');
  assert.equal(exchange.instrument(call)?.launchedAt, START + 8 * 3_600_000 + 1000);
  await placed(exchange, BOB, limit(call, 'sell', '0.1', '500'));
  await placed(exchange, ALICE, limit(call, 'buy', '0.1', '500'));
  const late = await exchange.place(ALICE, limit(instrumentId('option', 'BTC-1DEC24-60000-C-USDT'), 'buy', '0.1', '5'));
  assert.equal(late.ok ? '' : late.error.code, 'INSTRUMENT_NOT_TRADING', 'its time is over');
  assert.deepEqual(exchange.leaks(), []);
  await exchange.close();
  const again = await openHarness({ journal, config: CONFIG, clock });
  assert.equal(again.exchange.instruments('option').length, before + 22);
  const [held] = again.exchange.positions(ALICE, { category: 'option', instrument: call, settle: null, base: null });
  assert.equal(held?.size, money('0.1'));
});
