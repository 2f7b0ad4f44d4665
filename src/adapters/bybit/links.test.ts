import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reset, ScriptedBybit, SPOT_BTC } from '../../../test/support/scripted-bybit.ts';
import type { AccountVenue, LinkName, LinkView } from '../../ports/venue-access.ts';

const linkOf = (venue: AccountVenue, name: LinkName): LinkView => {
  const link = venue.links().find((one) => one.name === name);
  assert.ok(link !== undefined, `${name} is shown`);
  return link;
};

test('every link is shown: REST with the time of its last answer, market data with its connections', async () => {
  const bybit = new ScriptedBybit();
  const venue = await bybit.account();
  const rest = linkOf(venue, 'rest');
  assert.deepEqual([rest.state, rest.latencyMs], ['up', 10]);
  assert.equal(linkOf(venue, 'publicStream').state, 'connecting');
  bybit.access.feed.watch(SPOT_BTC);
  await bybit.clock.advance(100);
  assert.equal(linkOf(venue, 'publicStream').state, 'up');
  assert.deepEqual([linkOf(venue, 'privateStream').state, linkOf(venue, 'tradeSocket').state], ['up', 'up']);
});

test('market data whose connection is lost does not look well', async () => {
  const bybit = new ScriptedBybit();
  const venue = await bybit.account();
  bybit.access.feed.watch(SPOT_BTC);
  await bybit.clock.advance(100);
  bybit.sockets.accept = () => false;
  bybit.socket('/v5/public/spot').drop();
  await bybit.clock.advance(100);
  assert.notEqual(linkOf(venue, 'publicStream').state, 'up');
});

test('REST that does not answer for minutes is down', async () => {
  const bybit = new ScriptedBybit();
  const venue = await bybit.account();
  for (const path of ['/v5/market/time', '/v5/order/realtime']) bybit.http.on(path, reset);
  await bybit.clock.advance(60_000);
  await bybit.until(venue.openOrders());
  await bybit.clock.advance(60_000);
  const rest = linkOf(venue, 'rest');
  assert.equal(rest.state, 'down');
  assert.ok(rest.lastMessageAt !== null && bybit.clock.now() - rest.lastMessageAt > 90_000);
});

test('the difference of the clocks is told with its sign', async () => {
  const bybit = new ScriptedBybit();
  bybit.aheadMs = 1_500;
  const venue = await bybit.account();
  const skew = venue.clockSkewMs();
  assert.ok(skew !== null && Math.abs(skew - 1_500) <= 10, `${skew}`);
});
