import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../../domain/decimal.ts';
import { type AssetId, instrumentId } from '../../../domain/ids.ts';
import type { Exchange, ExchangeInstrument, ExchangePosition, ExchangeTicker } from '../../../ports/exchange.ts';
import { samplePosition } from '../testing/samples.ts';
import { greeksOf, greeksRow, optionAssetRow, optionsByCoin } from './option-risk.ts';

const CALL = instrumentId('option', 'BTC-27DEC24-60000-C-USDT');
const PUT = instrumentId('option', 'BTC-27DEC24-60000-P-USDT');
const OTHER = instrumentId('option', 'ETH-27DEC24-3000-C-USDT');
const GREEKS = {
  [CALL]: { delta: '0.6', gamma: '0.00002', vega: '50', theta: '-40' },
  [PUT]: { delta: '-0.4', gamma: '0.00002', vega: '50', theta: '-38' },
  [OTHER]: { delta: '0.5', gamma: '0.001', vega: '3', theta: '-2' },
};

/** An exchange that knows three options and what is held of them. */
function holding(sizes: Readonly<Record<string, string>>): Exchange {
  const held = Object.entries(sizes).map(([instrument, size]) =>
    samplePosition({ instrument: instrument as ExchangePosition['instrument'], size: money(size) }),
  );
  return {
    positions: () => held,
    instrument: (id) =>
      ({
        id,
        category: 'option',
        base: (id.startsWith('option:BTC') ? 'BTC' : 'ETH') as AssetId,
      }) as ExchangeInstrument,
    ticker: (id) => {
      const greeks = Object.entries(GREEKS[id as keyof typeof GREEKS] ?? {}).map(([name, value]) => [
        name,
        money(value),
      ]);
      return { option: { greeks: Object.fromEntries(greeks) } } as ExchangeTicker;
    },
  } as Partial<Exchange> as Exchange;
}

test('greeks of an account are those of its contracts times what it holds', () => {
  const exchange = holding({ [CALL]: '2', [PUT]: '-1', [OTHER]: '0' });
  const coins = optionsByCoin(exchange, '1001');
  assert.deepEqual([...coins.keys()], ['BTC']);
  const held = coins.get('BTC' as AssetId) ?? [];
  // 2 × 0.6 + 1 × 0.4; 2 × 0.00002 − 0.00002; 100 − 50; −80 + 38.
  assert.deepEqual(greeksRow('BTC' as AssetId, greeksOf(exchange, held)), {
    baseCoin: 'BTC', totalDelta: '1.6', totalGamma: '0.00002', totalVega: '50', totalTheta: '-42',
  });
}); // biome-ignore format: numbers

test('what options of a coin gained and bind is the sum over its positions', () => {
  const exchange = holding({ [CALL]: '1', [PUT]: '1' });
  const held = optionsByCoin(exchange, '1001').get('BTC' as AssetId) ?? [];
  assert.deepEqual(optionAssetRow('BTC' as AssetId, held, greeksOf(exchange, held), 5), {
    coin: 'BTC', totalDelta: '0.2', totalRPL: '-50.13158674', totalUPL: '-6.1662', assetIM: '3600.024', assetMM: '180',
    sendTime: 5,
  });
}); // biome-ignore format: numbers
