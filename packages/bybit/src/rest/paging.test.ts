import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, queryOfUrl, refusal } from '../../test/fake-network.ts';
import { scripted, settled, wireExecution, wireOrder } from '../../test/fake-venue.ts';

const paramOf = (url: string, name: string): string | null => new URLSearchParams(queryOfUrl(url)).get(name);
const rawCursor = (url: string): string | null => /cursor=([^&]*)/.exec(url)?.[1] ?? null;

const REALTIME = '/v5/order/realtime';
const EXECUTIONS = '/v5/execution/list';
const OPEN = { category: 'linear', settleCoin: 'USDT' } as const;

/** A list as the venue pages it: by offset, so that it shifts when rows come or go. */
function offsetPages(
  rows: () => Record<string, unknown>[],
  size: number,
  onPage: (n: number) => void = () => undefined,
) {
  let n = 0;
  return (request: { url: string }) => {
    const from = Number(decodeURIComponent(rawCursor(request.url) ?? '') || 0);
    const list = rows().slice(from, from + size);
    const nextPageCursor = from + size < rows().length ? `${from + size}` : '';
    onPage(++n);
    return answer({ list, nextPageCursor });
  };
}

test('instruments are read over all pages, with the cursor as it came', async () => {
  const { bybit, clock, http } = scripted();
  const instrument = (symbol: string) => ({
    symbol,
    status: 'Trading',
    baseCoin: 'BTC',
    quoteCoin: 'USDT',
    settleCoin: 'USDT',
    contractType: 'LinearPerpetual',
    leverageFilter: { minLeverage: '1', maxLeverage: '100', leverageStep: '0.01' },
    priceFilter: { minPrice: '0.1', maxPrice: '1000000', tickSize: '0.1' },
    lotSizeFilter: { maxOrderQty: '100', minOrderQty: '0.001', qtyStep: '0.001' },
  });
  http.on('/v5/market/instruments-info', (request, n) => {
    assert.equal(rawCursor(request.url), n === 1 ? null : `first%3DS${n - 1}`);
    const list = [instrument(`A${n}`), instrument(`B${n}`)];
    return answer({ category: 'linear', list, nextPageCursor: n < 3 ? `first%3DS${n}` : '' });
  });
  const all = await settled(clock, bybit.market.allInstruments({ category: 'linear' }));
  assert.ok(all.ok);
  assert.deepEqual(
    all.value.rows.map((row) => row.symbol),
    ['A1', 'B1', 'A2', 'B2', 'A3', 'B3'],
  );
});

test('a page that fails fails the list: a part of it is not the list', async () => {
  const { bybit, clock, http } = scripted();
  http.on(REALTIME, (_request, n) =>
    n === 1 ? answer({ list: [wireOrder('o1')], nextPageCursor: '1' }) : refusal(10003),
  );
  const all = await settled(clock, bybit.orders.allOpen(OPEN));
  assert.ok(!all.ok);
});

test('a cursor that comes back is an error, not an endless list', async () => {
  const { bybit, clock, http } = scripted();
  http.on(REALTIME, (_request, n) => answer({ list: [wireOrder(`o${n}`)], nextPageCursor: n % 2 === 0 ? 'a' : 'b' }));
  const all = await settled(clock, bybit.orders.allOpen(OPEN));
  assert.ok(!all.ok && all.error.type === 'incomplete');
});

test('an order that a page edge hid is found by reading again', async () => {
  const { bybit, clock, http } = scripted();
  const open = Array.from({ length: 6 }, (_, i) => wireOrder(`o${i}`));
  // While the first traversal stands between its pages, the first order is filled and the fourth moves to page one.
  http.on(
    REALTIME,
    offsetPages(
      () => open,
      3,
      (n) => void (n === 1 && open.shift()),
    ),
  );
  const all = await settled(clock, bybit.orders.allOpen(OPEN));
  assert.ok(all.ok);
  assert.deepEqual(all.value.rows.map((row) => row.orderId).sort(), ['o0', 'o1', 'o2', 'o3', 'o4', 'o5']);
});

test('one page holds still by itself and is read once', async () => {
  const { bybit, clock, http } = scripted();
  http.on(
    REALTIME,
    offsetPages(() => [wireOrder('o1')], 50),
  );
  await settled(clock, bybit.orders.allOpen(OPEN));
  assert.equal(http.count(REALTIME), 1);
});

test('executions shifted onto the next page are taken once, oldest first', async () => {
  const { bybit, clock, http } = scripted();
  const now = clock.now();
  const executions = Array.from({ length: 6 }, (_, i) => wireExecution(`e${6 - i}`, now - i * 100));
  http.on(
    EXECUTIONS,
    offsetPages(
      () => executions,
      3,
      (n) => void (n === 1 && executions.unshift(wireExecution('e7', now + 50))),
    ),
  );
  const all = await settled(clock, bybit.executions.since({ category: 'linear', since: now - 10_000 }));
  assert.ok(all.ok);
  assert.deepEqual(
    all.value.rows.map((row) => row.execId),
    ['e1', 'e2', 'e3', 'e4', 'e5', 'e6'],
  );
});

test('a long span is read in windows of seven days that leave nothing out', async () => {
  const { bybit, clock, http } = scripted();
  const day = 86_400_000;
  const now = clock.now();
  const executions = Array.from({ length: 40 }, (_, i) => wireExecution(`e${i}`, now - 20 * day + i * day * 0.5));
  http.on(EXECUTIONS, (request) => {
    const [from, to] = [Number(paramOf(request.url, 'startTime')), Number(paramOf(request.url, 'endTime'))];
    assert.ok(to - from <= 7 * day);
    const list = executions.filter((row) => Number(row['execTime']) >= from && Number(row['execTime']) <= to);
    return answer({ list, nextPageCursor: '' });
  });
  const all = await settled(clock, bybit.executions.since({ category: 'linear', since: now - 20 * day }));
  assert.ok(all.ok);
  assert.equal(all.value.rows.length, 40);
  assert.equal(http.count(EXECUTIONS), 3);
  const again = await settled(
    clock,
    bybit.executions.since({ category: 'linear', since: now - 19 * day, overlapMs: 0 }),
  );
  assert.ok(again.ok);
  assert.equal(again.value.rows.length, 38);
});

test('positions are keyed by symbol and index: hedge mode has two rows', async () => {
  const { bybit, clock, http } = scripted();
  const row = (positionIdx: number, side: string, size: string) => ({ symbol: 'BTCUSDT', positionIdx, side, size });
  http.on('/v5/position/list', () => answer({ list: [row(1, '', '0'), row(2, 'Sell', '3')], nextPageCursor: '' }));
  const all = await settled(clock, bybit.positions.all({ category: 'linear', symbol: 'BTCUSDT' }));
  assert.ok(all.ok);
  assert.deepEqual(
    all.value.rows.map(({ positionIdx, side, size }) => [positionIdx, side, size]),
    [
      [1, null, '0'],
      [2, 'Sell', '3'],
    ],
  );
});
