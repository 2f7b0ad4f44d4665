import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  params,
  refusal,
  type Row,
  ScriptedBybit,
  wireExecution,
  wireOrder,
} from '../../../test/support/scripted-bybit.ts';
import type { UnixMs } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import type { VenueExecution, VenueList } from '../../ports/venue.ts';

const fill = (execId: string, at: number, more: Row = {}): Row =>
  wireExecution(execId, at, { execFee: '0.1', feeCurrency: 'USDT', ...more });

const ids = ({ rows }: VenueList<VenueExecution>): string[] => rows.map(({ execId }) => execId);
const unreadable = ({ told }: ScriptedBybit): string[] =>
  told.flatMap((event) => (event.type === 'unreadable' ? [event.topic] : []));

test('a row that cannot be read is told once; the others are passed on, and the list says that it lacks one', async () => {
  const bybit = new ScriptedBybit();
  const venue = await bybit.account();
  const now = bybit.venueNow;
  bybit.executions['spot'] = [
    fill('x1', now - 1_000),
    fill('x2', now - 900, { execFee: '' }),
    fill('x3', now - 800, { side: 'Sideways' }),
    { execId: 'x4', execTime: `${now - 700}` },
    fill('x5', now - 600),
  ];
  for (let reading = 0; reading < 3; reading++) {
    const list = unwrap(await bybit.until(venue.executionsSince((now - 5_000) as UnixMs)));
    assert.deepEqual([ids(list), list.complete], [['x1', 'x5'], false]);
  }
  assert.deepEqual(unreadable(bybit), ['execution list', 'execution list', 'execution list']);
});

test('open orders are passed on beside one that cannot be read', async () => {
  const bybit = new ScriptedBybit();
  const venue = await bybit.account();
  bybit.orders['spot'] = [wireOrder('v1'), wireOrder('v2', { qty: 'much' })];
  bybit.orders['linear'] = [wireOrder('v3')];
  const list = unwrap(await bybit.until(venue.openOrders()));
  assert.deepEqual([list.rows.map(({ venueOrderId }) => venueOrderId), list.complete], [['v1', 'v3'], false]);
  await bybit.until(venue.openOrders());
  assert.deepEqual(unreadable(bybit), ['order list']);
});

for (const [whose, aheadMs] of [
  ['ahead of', -3_600_000],
  ['behind', 3_600_000],
] as const) {
  test(`with our clock an hour ${whose} Bybit’s no execution is missed`, async () => {
    const bybit = new ScriptedBybit();
    bybit.aheadMs = aheadMs;
    const venue = await bybit.account();
    bybit.executions['spot'] = [fill('x1', bybit.venueNow - 500)];
    const since = (bybit.clock.now() - 60_000) as UnixMs;
    const list = unwrap(await bybit.until(venue.executionsSince(since)));
    assert.deepEqual([ids(list), list.complete], [['x1'], true]);
  });
}

test('after our clock stepped back the next reading begins where the last one ended', async () => {
  const bybit = new ScriptedBybit();
  bybit.clock.step(3_600_000);
  bybit.aheadMs = -3_600_000;
  const venue = await bybit.account();
  const readAt = bybit.clock.now();
  unwrap(await bybit.until(venue.executionsSince((readAt - 60_000) as UnixMs)));
  bybit.executions['spot'] = [fill('x1', bybit.venueNow + 1_000)];
  await bybit.clock.advance(30_000);
  bybit.clock.step(-3_600_000);
  bybit.aheadMs = 0;
  await bybit.until(venue.openOrders());
  // What a reconciler asks that noted our clock of then: an hour after Bybit's now.
  const list = unwrap(await bybit.until(venue.executionsSince((readAt - 60_000) as UnixMs)));
  assert.deepEqual(ids(list), ['x1']);
});

test('while Bybit’s clock cannot be read nothing is said to be complete', async () => {
  const bybit = new ScriptedBybit();
  bybit.http.on('/v5/market/time', () => refusal(10016));
  const venue = await bybit.account();
  assert.equal((await bybit.until(venue.executionsSince(bybit.clock.now() as UnixMs))).ok, false);
});

test('a category that the key may neither trade nor read does not keep the others from being read', async () => {
  const bybit = new ScriptedBybit();
  const forbidden = (path: string, rows: Row[]): void =>
    bybit.http.on(path, ({ url }) => (params(url).get('category') === 'linear' ? refusal(10005) : bybit.list(rows)));
  forbidden('/v5/order/realtime', [wireOrder('v1')]);
  forbidden('/v5/execution/list', [fill('x1', bybit.venueNow)]);
  forbidden('/v5/position/list', []);
  const venue = await bybit.account({ canTrade: ['spot'] });
  assert.equal(unwrap(await bybit.until(venue.openOrders())).rows.length, 1);
  assert.deepEqual(ids(unwrap(await bybit.until(venue.executionsSince(bybit.clock.now() as UnixMs)))), ['x1']);
  assert.deepEqual(unwrap(await bybit.until(venue.positions())), []);
  const trader = await bybit.account();
  assert.equal((await bybit.until(trader.openOrders())).ok, false, 'a key that trades there has to read there');
});

test('an execution of what was delisted can still be read; without any instruments there is no list', async () => {
  const bybit = new ScriptedBybit();
  const venue = await bybit.account();
  const at = bybit.venueNow;
  bybit.executions['linear'] = [fill('x1', at, { feeCurrency: '' })];
  bybit.http.on('/v5/market/instruments-info', () => bybit.list([]));
  await bybit.listed();
  const list = unwrap(await bybit.until(venue.executionsSince(at as UnixMs)));
  assert.deepEqual([ids(list), list.rows[0]?.feeAsset, list.complete], [['x1'], 'USDT', true]);
  const other = new ScriptedBybit();
  other.http.on('/v5/market/instruments-info', () => other.list([]));
  const early = await other.account();
  assert.equal((await other.until(early.executionsSince(at as UnixMs))).ok, false);
});
