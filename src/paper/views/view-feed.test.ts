import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnixMs } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import { Faults } from '../faults.ts';
import type { Release } from '../outbox.ts';
import type { Change } from '../state/changes.ts';
import { ViewFeed } from './view-feed.ts';
import type { Views } from './views.ts';

const release = (id: string): Release => ({
  at: 0 as UnixMs,
  changes: [
    { type: 'order', uid: 'one', facts: { order: { orderId: id, instrument: 'spot:BTCUSDT' } } } as unknown as Change,
  ],
  privates: [],
  trades: [],
  books: [],
  facts: [],
  spreads: { trades: [], books: [], gone: [], listed: [], privates: [] },
  tickers: [],
  relisted: [],
  reset: false,
  quiet: false,
});

test('queries that lag catch up whole, also when a later change comes due a fraction of a millisecond earlier', () => {
  let nowMs = 0;
  const timers: { at: number; run: () => void }[] = [];
  const clock: Clock = {
    now: () => Math.floor(nowMs) as UnixMs,
    monotonic: () => nowMs,
    after: (delayMs, run) => {
      timers.push({ at: nowMs + delayMs, run });
      return { cancel: () => {} };
    },
  };
  const shown: string[] = [];
  const apply = (changes: readonly Change[]): void => {
    for (const change of changes) shown.push((change as { facts: { order: { orderId: string } } }).facts.order.orderId);
  };
  const faults = new Faults();
  const feed = new ViewFeed({ apply } as unknown as Views, clock, faults);
  faults.set({ type: 'lag_queries', ms: 1_000 });
  nowMs = 0.9;
  feed.take(release('first'));
  faults.clear();
  nowMs = 950.2;
  feed.take(release('second'));
  for (const { at, run } of timers.sort((a, b) => a.at - b.at)) {
    nowMs = at;
    run();
  }
  feed.take(release('third'));
  assert.deepEqual(shown, ['first', 'second', 'third']);
  assert.equal(feed.pending().length, 0);
});
