import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPOT_BTC, ScriptedBybit } from '../../../test/support/scripted-bybit.ts';
import { money } from '../../domain/decimal.ts';
import { priceOf } from '../../domain/instrument.ts';
import type { Money } from '../../domain/ids.ts';

async function watching(): Promise<ScriptedBybit> {
  const bybit = new ScriptedBybit();
  await bybit.listed();
  bybit.access.feed.watch(SPOT_BTC);
  await bybit.clock.advance(100);
  await bybit.snapshot(200, [['100.1', '1']], [['100.2', '2']]);
  return bybit;
}

const touchOf = ({ access }: ScriptedBybit): readonly Money[] | null => {
  const view = access.feed.book(SPOT_BTC, 1);
  if (view === null) return null;
  const units = { tick: view.tick as Money, step: view.step as Money, tickValue: money('0') };
  return [...view.bids, ...view.asks].map(({ price }) => priceOf(units, price));
};

test('a book says what it counts in', async () => {
  const bybit = await watching();
  const view = bybit.access.feed.book(SPOT_BTC, 1);
  assert.deepEqual([view?.valid, view?.tick, view?.step], [true, money('0.1'), money('0.001')]);
  assert.deepEqual(touchOf(bybit), [money('100.1'), money('100.2')]);
});

for (const [change, tick, step] of [
  ['tick', '0.01', '0.001'],
  ['step', '0.1', '0.0001'],
] as const) {
  test(`after a new ${change} there is no book until its snapshot came, counted in what is new`, async () => {
    const bybit = await watching();
    Object.assign(bybit, { tick, step });
    await bybit.listed();
    assert.equal(bybit.access.feed.book(SPOT_BTC, 1), null);
    await bybit.clock.advance(50);
    const topics = bybit
      .socket('/v5/public/spot')
      .receivedOp('unsubscribe')
      .flatMap(({ args }) => args);
    assert.deepEqual(topics, ['orderbook.200.BTCUSDT', 'orderbook.1.BTCUSDT']);
    await bybit.snapshot(200, [['100.1', '1']], [['100.2', '2']]);
    assert.deepEqual(touchOf(bybit), [money('100.1'), money('100.2')]);
    assert.deepEqual(bybit.access.feed.book(SPOT_BTC, 1)?.[change], money(change === 'tick' ? tick : step));
  });
}

test('listings that come back the same leave the book alone', async () => {
  const bybit = await watching();
  await bybit.listed();
  assert.equal(bybit.access.feed.book(SPOT_BTC, 1)?.valid, true);
  assert.equal(bybit.socket('/v5/public/spot').receivedOp('unsubscribe').length, 0);
});
