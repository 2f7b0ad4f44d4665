import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeClock, settle } from '../test/fake-clock.ts';
import { quotaOfAnswer, quotaOfHeaders } from './limiter/quota.ts';
import type { Ask, Lane, LimiterOptions, Permit } from './limiter.ts';
import { Limiter } from './limiter.ts';

function limiterOf(options: Partial<LimiterOptions> = {}) {
  const clock = new FakeClock();
  const limiter = new Limiter({ clock, budgets: 'documented', ipLimit: 600, banMs: 600_000, ...options });
  const order: string[] = [];
  const held: string[] = [];
  const permits: Permit[] = [];
  const ask = (label: string, more: Partial<Ask> = {}): void => {
    const whole: Ask = {
      lane: 'submit',
      bucket: { key: 'a create', perSecond: 10 },
      overHttp: true,
      expiresAt: Number.POSITIVE_INFINITY,
      ...more,
    };
    void limiter.acquire(whole).then((answer) => {
      if (!answer.ok) held.push(`${label}: ${answer.error.reason}`);
      else {
        order.push(label);
        permits.push(answer.value);
      }
    });
  };
  return { clock, limiter, ask, order, held, permits };
}

const times = (count: number, run: (i: number) => void): void => {
  for (let i = 0; i < count; i++) run(i);
};

test('the documented budget goes at once, the rest when the second has passed', async () => {
  const { clock, ask, order } = limiterOf();
  times(15, (i) => ask(String(i)));
  await settle();
  assert.equal(order.length, 10);
  await clock.advance(1_000);
  assert.equal(order.length, 10);
  await clock.advance(50);
  assert.equal(order.length, 15);
});

test('budgets of accounts and endpoints are separate', async () => {
  const { ask, order } = limiterOf();
  times(12, () => ask('a'));
  times(12, () => ask('b', { bucket: { key: 'b create', perSecond: 10 } }));
  times(12, () => ask('c', { bucket: { key: 'a cancel', perSecond: 10 }, lane: 'cancel' }));
  await settle();
  assert.deepEqual(
    ['a', 'b', 'c'].map((label) => order.filter((other) => other === label).length),
    [10, 10, 10],
  );
});

test('a larger limit in the headers is used before anything is refused', async () => {
  const { clock, limiter, ask, order, permits } = limiterOf();
  ask('first');
  await settle();
  limiter.learn(permits[0]!, { limit: 200, remaining: 199, resetAt: clock.now() });
  times(150, (i) => ask(String(i)));
  await settle();
  assert.equal(order.length, 151);
});

test('what others on the account consume is left out of the budget', async () => {
  const { clock, limiter, ask, order, permits } = limiterOf();
  ask('first');
  await settle();
  limiter.learn(permits[0]!, { limit: 10, remaining: 4, resetAt: clock.now() });
  times(9, (i) => ask(String(i)));
  await settle();
  assert.equal(order.length, 5, 'one of ours, five of others: four are left');
  await clock.advance(1_100);
  assert.equal(order.length, 10);
});

test('answers to requests in flight together do not book the others twice', async () => {
  const { clock, limiter, ask, order, permits } = limiterOf();
  times(4, (i) => ask(`first ${i}`));
  await settle();
  // Three of others before ours, seen in each of our answers.
  permits.forEach((permit, i) => {
    limiter.learn(permit, { limit: 10, remaining: 10 - 3 - (i + 1), resetAt: clock.now() });
  });
  times(9, (i) => ask(String(i)));
  await settle();
  assert.equal(order.length, 4 + 3);
});

test('a refused bucket rests until its reset, at most 5 s, at least a moment, whatever the header says', async () => {
  for (const [resetInMs, restsMs] of [
    [700, 700],
    [3_600_000, 5_000],
    [-10_000, 50],
    [null, 1_000],
  ] as const) {
    const { clock, limiter, ask, order, permits } = limiterOf();
    ask('first');
    await settle();
    assert.equal(limiter.exceeded(permits[0]!, resetInMs), restsMs);
    ask('second');
    await clock.advance(restsMs - 1);
    assert.deepEqual(order, ['first'], String(resetInMs));
    await clock.advance(2);
    assert.deepEqual(order, ['first', 'second'], String(resetInMs));
  }
});

test('refusals in a row make the rest longer, up to 5 s; an answer ends that', async () => {
  const { limiter, ask, permits } = limiterOf();
  ask('first');
  await settle();
  const [permit] = permits;
  assert.deepEqual(
    [1, 2, 3, 4].map(() => limiter.exceeded(permit!, null)),
    [1_000, 2_000, 4_000, 5_000],
  );
  limiter.learn(permit!, { limit: 10, remaining: 9, resetAt: null });
  assert.equal(limiter.exceeded(permit!, null), 1_000);
});

test('when the address has no room, cancels go first, then queries, submits, reconciliation', async () => {
  const { clock, ask, order } = limiterOf({ ipLimit: 20 });
  times(20, () => ask('filler', { lane: 'cancel', bucket: null }));
  const lanes: Lane[] = ['reconcile', 'submit', 'query', 'cancel'];
  for (const lane of lanes) ask(lane, { lane, bucket: null });
  await clock.advance(5_200);
  assert.deepEqual(order.slice(20), ['cancel', 'query', 'submit', 'reconcile']);
});

test('reconciliation of a thousand orders leaves room for a cancel at any moment', async () => {
  const { clock, ask, order } = limiterOf();
  times(1_000, () => ask('reconcile', { lane: 'reconcile', bucket: null }));
  for (let i = 0; i < 20; i++) {
    await clock.advance(130);
    ask(`cancel ${i}`, { lane: 'cancel', bucket: null });
    await settle();
    assert.equal(order.at(-1), `cancel ${i}`);
  }
});

test('what cannot go before its deadline is given back unsent, at once', async () => {
  const { clock, ask, order, held } = limiterOf();
  times(10, () => ask('filler'));
  ask('hurry', { expiresAt: clock.monotonic() + 500 });
  ask('patient', { expiresAt: clock.monotonic() + 5_000 });
  await settle();
  assert.deepEqual(held, ['hurry: expired']);
  await clock.advance(1_100);
  assert.equal(order.at(-1), 'patient');
});

test('a ban stops all HTTP for its time and nothing else', async () => {
  const { clock, limiter, ask, order, held } = limiterOf({ banMs: 60_000 });
  times(11, () => ask('filler'));
  ask('waiting socket', { overHttp: false });
  await settle();
  assert.equal(limiter.stopHttp(), clock.now() + 60_000);
  ask('http', { bucket: null });
  ask('socket', { bucket: null, overHttp: false });
  await clock.advance(1_100);
  assert.deepEqual(held, ['filler: http_stopped', 'http: http_stopped']);
  assert.deepEqual(order.slice(10), ['socket', 'waiting socket']);
  assert.ok(limiter.stoppedForMs() > 58_000);
  await clock.advance(59_000);
  ask('after', { bucket: null });
  await settle();
  assert.equal(order.at(-1), 'after');
});

test('closing gives back what waits', async () => {
  const { limiter, ask, held } = limiterOf();
  times(11, () => ask('x'));
  await settle();
  limiter.close();
  await settle();
  assert.deepEqual(held, ['x: closed']);
  assert.equal(limiter.waiting, 0);
});

test('without budgets nothing is held back but what the venue refused', async () => {
  const { clock, limiter, ask, order, permits } = limiterOf({ budgets: 'off' });
  times(2_000, () => ask('x'));
  await settle();
  assert.equal(order.length, 2_000);
  limiter.exceeded(permits[0]!, 300);
  ask('after');
  await settle();
  assert.equal(order.length, 2_000);
  await clock.advance(301);
  assert.equal(order.length, 2_001);
});

test('headers are read in both spellings; what is not a number is nothing', () => {
  const headers = { 'x-bapi-limit': '10', 'x-bapi-limit-status': '9', 'x-bapi-limit-reset-timestamp': '1700000000000' };
  const quota = { limit: 10, remaining: 9, resetAt: 1_700_000_000_000 };
  assert.deepEqual(quotaOfHeaders(headers), quota);
  assert.deepEqual(
    quotaOfAnswer({
      'X-Bapi-Limit': '10',
      'X-Bapi-Limit-Status': '9',
      'X-Bapi-Limit-Reset-Timestamp': '1700000000000',
    }),
    quota,
  );
  assert.equal(quotaOfHeaders({}), null);
  assert.equal(quotaOfHeaders({ 'x-bapi-limit': 'NaN' }), null);
  assert.equal(quotaOfAnswer(undefined), null);
  assert.deepEqual(quotaOfHeaders({ 'x-bapi-limit-reset-timestamp': '5' }), { limit: 0, remaining: null, resetAt: 5 });
});

/** Random traffic: the number of grants in any second and in any five stays within the budgets. */
test('no second ever sees more grants than its limit, and everything is granted in the end', async () => {
  const request = fc.record({
    pause: fc.nat(90),
    bucket: fc.constantFrom('a', 'b', 'c'),
    lane: fc.constantFrom<Lane>('cancel', 'query', 'submit', 'reconcile'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 150 }), async (traffic) => {
      const { clock, limiter } = limiterOf({ ipLimit: 60 });
      const grants: { bucket: string; at: number }[] = [];
      for (const { pause, bucket, lane } of traffic) {
        await clock.advance(pause);
        const perSecond = { a: 5, b: 10, c: 20 }[bucket] as number;
        const ask: Ask = {
          lane,
          bucket: { key: bucket, perSecond },
          overHttp: true,
          expiresAt: Number.POSITIVE_INFINITY,
        };
        void limiter.acquire(ask).then((answer) => {
          if (answer.ok) grants.push({ bucket, at: clock.monotonic() });
        });
      }
      await clock.advance(120_000);
      assert.equal(grants.length, traffic.length);
      for (const { at } of grants) {
        const within = (ms: number) => grants.filter((other) => other.at >= at && other.at < at + ms);
        for (const [bucket, limit] of [
          ['a', 5],
          ['b', 10],
          ['c', 20],
        ] as const) {
          assert.ok(within(1_000).filter((other) => other.bucket === bucket).length <= limit);
        }
        assert.ok(within(5_000).length <= 60);
      }
    }),
    { numRuns: 25 },
  );
});
