import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import type { InstrumentId, UnixMs } from '../../domain/ids.ts';
import type { MarketFeed } from '../../ports/market.ts';
import type { VenuePosition } from '../../ports/venue.ts';
import type { Desk } from './desk.ts';
import { currentPositions } from './wallet-view.ts';

const position = (instrument: string, size: string): VenuePosition => ({
  instrument: instrument as InstrumentId, size: money(size), entryPrice: money('60000'), markPrice: money('60000'), unrealisedPnl: money('0'),
  leverage: money('10'), liquidationPrice: null, margin: money('600'), at: 100 as UnixMs,
}); // biome-ignore format: short members together

const shown = (row: VenuePosition, price: string, at: number): readonly string[] => {
  const desk = { positions: new Map([[row.instrument, row]]) } as unknown as Desk;
  const feed = { mark: () => ({ price: money(price), at: at as UnixMs }) } as unknown as MarketFeed;
  return currentPositions(desk, feed).map(({ markPrice, unrealisedPnl }) =>
    [markPrice, unrealisedPnl].map(formatDecimal).join(' '),
  );
};

test('a position is valued at the newest mark', () => {
  assert.deepEqual(shown(position('linear:BTCUSDT', '0.5'), '60010.1', 200), ['60010.1 5.05']);
  assert.deepEqual(shown(position('linear:BTCUSDT', '-0.5'), '60010.1', 200), ['60010.1 -5.05']);
});

test('an older mark, and what is not linear, leave the venue’s own value', () => {
  assert.deepEqual(shown(position('linear:BTCUSDT', '0.5'), '60010.1', 99), ['60000 0']);
  assert.deepEqual(shown(position('inverse:BTCUSD', '100'), '60010.1', 200), ['60000 0']);
});
