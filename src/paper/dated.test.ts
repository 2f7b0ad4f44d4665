import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../domain/decimal.ts';
import type { UnixMs } from '../domain/ids.ts';
import { unwrap } from '../domain/result.ts';
import { steppedClock } from './clocks.ts';
import { BTC, openHarness, START } from './testing/harness.ts';
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
