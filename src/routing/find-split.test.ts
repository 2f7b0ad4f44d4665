import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../domain/decimal.ts';
import { floorLots } from '../domain/instrument.ts';
import type { Money } from '../domain/ids.ts';
import { findSplitQuantity } from './find-split.ts';
import { previewRoute } from './route.ts';
import { BYBIT, OKD, testBook, testInstrument, testQuote, testRequest } from './test-books.ts';

const on = testInstrument({ okd_internal: { tick: '0.01', step: '0.001' }, bybit: { tick: '0.01', step: '0.001' } });
const okd = testQuote(
  OKD,
  testBook(on, OKD, {
    asks: [
      ['100.00', '0.034'],
      ['100.20', '0.1'],
    ],
  }),
  { taker: '0.001' },
);
const bybit = testQuote(BYBIT, testBook(on, BYBIT, { asks: [['100.10', '5']] }), { taker: '0.001' });

test('the smallest round quantity that gives two venues a fair share is found', () => {
  const preview = (qty: Money) =>
    previewRoute({
      ...testRequest(on, 'buy', '1', [okd, bybit]),
      wanted: { type: 'quantity', qty: floorLots(on.grid, qty) },
    });
  assert.equal(formatDecimal(findSplitQuantity(preview, money('0.001'), money('10')) ?? money('0')), '0.05');
  assert.equal(formatDecimal(findSplitQuantity(preview, money('0.055'), money('10')) ?? money('0')), '0.06');
  // 0.034 and 0.006: no fair share, but the best that there is
  assert.equal(formatDecimal(findSplitQuantity(preview, money('0.001'), money('0.04')) ?? money('0')), '0.04');
  assert.equal(findSplitQuantity(preview, money('0.001'), money('0.03')), null);
});

test('one venue never splits', () => {
  const preview = (qty: Money) =>
    previewRoute({
      ...testRequest(on, 'buy', '1', [bybit]),
      wanted: { type: 'quantity', qty: floorLots(on.grid, qty) },
    });
  assert.equal(findSplitQuantity(preview, money('0.001'), money('1')), null);
});
