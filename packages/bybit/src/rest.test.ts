import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, queryOfUrl, raw, refusal } from '../test/fake-network.ts';
import { scripted, settled, wireOrder } from '../test/fake-venue.ts';
import { describeError } from './errors.ts';
import { TransportError } from './ports.ts';
import { queryOf } from './query.ts';
import type { CreateOrder } from './rest/order-params.ts';

const CREATE = '/v5/order/create';
const ORDER: CreateOrder = {
  category: 'linear',
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.1',
  price: '30000',
  orderLinkId: 'link-1',
};
const ACK = answer({ orderId: 'o1', orderLinkId: 'link-1' });

const brief = (outcome: { type: string; cause?: string }): string =>
  outcome.cause === undefined ? outcome.type : `${outcome.type} ${outcome.cause}`;

test('the query is encoded once, and a cursor not at all', () => {
  assert.equal(
    queryOf({ symbol: 'SOLUSDT_SOL/USDT', limit: 5, empty: undefined, cursor: '132766%3A2%2C132766%3A2' }),
    'symbol=SOLUSDT_SOL%2FUSDT&limit=5&cursor=132766%3A2%2C132766%3A2',
  );
});

test('a read signs exactly the query that it sends; a write exactly the body', async () => {
  const { bybit, clock, http } = scripted();
  http.on('/v5/order/realtime', () => answer({ list: [wireOrder('o1')], nextPageCursor: '', category: 'linear' }));
  const page = await settled(clock, bybit.orders.realtime({ category: 'linear', symbol: 'BTCUSDT', cursor: 'a%3D1' }));
  assert.ok(page.ok);
  assert.equal(page.value.rows[0]?.orderId, 'o1');
  const get = http.last('/v5/order/realtime');
  const stamp = get.headers['X-BAPI-TIMESTAMP'];
  assert.equal(get.headers['X-BAPI-SIGN'], `signed(${stamp}KEY5000${queryOfUrl(get.url)})`);
  assert.equal(queryOfUrl(get.url), 'category=linear&symbol=BTCUSDT&cursor=a%3D1');

  http.on(CREATE, () => ACK);
  await settled(clock, bybit.orders.create(ORDER));
  const post = http.last(CREATE);
  assert.equal(post.headers['X-BAPI-SIGN'], `signed(${post.headers['X-BAPI-TIMESTAMP']}KEY5000${post.body})`);
  assert.deepEqual(JSON.parse(post.body as string), ORDER);
  assert.equal(post.headers['Content-Type'], 'application/json');
});

test('public data is read unsigned, without a key', async () => {
  const { clock, http, bybit } = scripted();
  const book = { s: 'BTCUSDT', b: [['1', '2']], a: [], u: 1, seq: 2, ts: 3, cts: 4 };
  http.on('/v5/market/orderbook', () => answer(book));
  const read = await settled(clock, bybit.market.orderbook({ category: 'spot', symbol: 'BTCUSDT', limit: 50 }));
  assert.ok(read.ok);
  assert.deepEqual(read.value.b, [['1', '2']]);
  assert.equal(http.last('/v5/market/orderbook').headers['X-BAPI-SIGN'], undefined);
});

test('an acknowledged order names its ids', async () => {
  const { bybit, clock, http } = scripted();
  http.on(CREATE, () => ACK);
  const outcome = await settled(clock, bybit.orders.create(ORDER));
  assert.deepEqual(outcome, { type: 'acknowledged', value: { orderId: 'o1', orderLinkId: 'link-1' } });
});

test('whatever leaves the outcome of a write open is unknown, and nothing is sent twice', async (t) => {
  const cases = {
    'timeout after acceptance': () => 'hang' as const,
    'connection reset': () => new TransportError('reset', 'ECONNRESET'),
    'html of a proxy': () => raw('<html>502</html>', 502),
    'html with status 200': () => raw('<html>', 200),
    'truncated JSON': () => raw('{"retCode":0,"retMsg":"OK","result":{"orderId":"o1"'),
    'HTTP 403': () => raw('access too frequent', 403),
    'HTTP 429': () => raw('{"retCode":429}', 429),
    'HTTP 401 with a success inside': () => raw('{"retCode":0,"result":{"orderId":"o1"}}', 401),
    'no order id': () => answer({}),
    'order id of a wrong type': () => answer({ orderId: 5 }),
    'another link id': () => answer({ orderId: 'o1', orderLinkId: 'link-2' }),
    'server timeout': () => refusal(10000),
    'server error': () => refusal(10016),
    'rate limit': () => refusal(10006),
    'unlisted code': () => refusal(123_456),
    'duplicate link id': () => refusal(110072),
  };
  for (const [label, responder] of Object.entries(cases)) {
    await t.test(label, async () => {
      const { bybit, clock, http } = scripted();
      http.on(CREATE, responder);
      const outcome = await settled(clock, bybit.orders.create(ORDER, { ttlMs: 30_000 }));
      assert.equal(outcome.type, 'unknown', brief(outcome));
      await clock.advance(60_000);
      assert.equal(http.count(CREATE), 1);
    });
  }
});

test('a refused connection proves that nothing was sent, and is not tried again either', async () => {
  const { bybit, clock, http } = scripted();
  http.on(CREATE, () => new TransportError('refused', 'ECONNREFUSED'));
  const outcome = await settled(clock, bybit.orders.create(ORDER, { ttlMs: 30_000 }));
  assert.equal(brief(outcome), 'refused not_sent');
  await clock.advance(60_000);
  assert.equal(http.count(CREATE), 1);
});

test('a link id that Bybit would not take is refused before anything is sent', async () => {
  const { bybit, clock, http } = scripted();
  for (const orderLinkId of ['', 'x'.repeat(37), 'a b', 'ü']) {
    const outcome = await settled(clock, bybit.orders.create({ ...ORDER, orderLinkId }));
    assert.equal(brief(outcome), 'refused not_sent');
  }
  assert.equal(http.count(CREATE), 0);
});

test('refused for its timestamp, a write is signed anew and sent once more: same body, same id, within its time', async () => {
  const { bybit, clock, http, venue, seen } = scripted();
  venue.aheadMs = 8_000;
  http.on(CREATE, (request, n) => {
    const aheadMs = clock.now() + venue.aheadMs - Number(request.headers['X-BAPI-TIMESTAMP']);
    assert.equal(Math.abs(aheadMs) < 1_000, n === 2);
    return n === 1 ? refusal(10002) : ACK;
  });
  const outcome = await settled(clock, bybit.orders.create(ORDER, { ttlMs: 5_000 }));
  assert.equal(outcome.type, 'acknowledged');
  const sent = http.requests.filter((request) => request.method === 'POST').map((request) => request.body);
  assert.equal(sent.length, 2);
  assert.equal(sent[0], sent[1]);
  assert.equal(seen('clock_skew').length, 1);
});

test('without a time to live, or after it, or a second time, a refused timestamp is final', async () => {
  const bare = scripted();
  bare.http.on(CREATE, () => refusal(10002));
  assert.equal(brief(await settled(bare.clock, bare.bybit.orders.create(ORDER))), 'refused repairable');
  assert.equal(bare.http.count(CREATE), 1);

  const late = scripted();
  late.http.on(CREATE, () => refusal(10002));
  assert.equal(brief(await settled(late.clock, late.bybit.orders.create(ORDER, { ttlMs: 8 }))), 'refused repairable');
  assert.equal(late.http.count(CREATE), 1);

  const stubborn = scripted();
  stubborn.http.on(CREATE, () => refusal(10002));
  const outcome = await settled(stubborn.clock, stubborn.bybit.orders.create(ORDER, { ttlMs: 60_000 }));
  assert.equal(brief(outcome), 'refused repairable');
  assert.equal(stubborn.http.count(CREATE), 2);
});

test('if the second sending is lost, the outcome is unknown', async () => {
  const { bybit, clock, http } = scripted();
  http.on(CREATE, (_request, n) => (n === 1 ? refusal(10002) : 'hang'));
  assert.equal(brief(await settled(clock, bybit.orders.create(ORDER, { ttlMs: 60_000 }))), 'unknown transport');
});

test('a write whose turn does not come within its time to live is never sent', async () => {
  const { bybit, clock, http } = scripted();
  http.on(CREATE, () => ACK);
  const all = Array.from({ length: 11 }, (_, i) =>
    bybit.orders.create({ ...ORDER, orderLinkId: `l${i}` }, { ttlMs: 300 }),
  );
  const outcomes = await settled(clock, Promise.all(all));
  assert.equal(outcomes.filter((outcome) => outcome.type === 'refused' && outcome.cause === 'not_sent').length, 1);
  assert.equal(http.count(CREATE), 10);
});

test('reads are repeated over faults that pass, with pauses in between', async (t) => {
  const faults = {
    reset: () => new TransportError('reset', ''),
    refused: () => new TransportError('refused', ''),
    '502 html': () => raw('<html>', 502),
    429: () => raw('', 429),
    truncated: () => raw('{"retCode":0,"res'),
    'server error': () => refusal(10016),
    'server timeout': () => refusal(10000),
  };
  for (const [label, fault] of Object.entries(faults)) {
    await t.test(label, async () => {
      const { bybit, clock, http } = scripted();
      http.on('/v5/account/info', (_request, n) => (n < 3 ? fault() : answer({ unifiedMarginStatus: 5 })));
      const read = await settled(clock, bybit.account.info());
      assert.ok(read.ok);
      assert.equal(http.count('/v5/account/info'), 3);
    });
  }
});

test('reads that cannot succeed are not repeated, and stop at the last attempt', async () => {
  for (const [code, attempts] of [
    [10003, 1],
    [10001, 1],
    [123_456, 1],
    [10016, 4],
  ] as const) {
    const { bybit, clock, http } = scripted();
    http.on('/v5/account/info', () => refusal(code));
    const read = await settled(clock, bybit.account.info());
    assert.ok(!read.ok && read.error.type === 'venue' && read.error.code === code);
    assert.match(describeError(read.error), new RegExp(`retCode ${code}`));
    assert.equal(http.count('/v5/account/info'), attempts);
  }
});

test('a read refused for its timestamp is repeated after the clock was read', async () => {
  const { bybit, clock, http, venue } = scripted();
  venue.aheadMs = -10_000;
  http.on('/v5/account/info', (request) => {
    const skew = Number(request.headers['X-BAPI-TIMESTAMP']) - (clock.now() + venue.aheadMs);
    return skew >= 1_000 || skew < -5_000 ? refusal(10002) : answer({ unifiedMarginStatus: 5 });
  });
  assert.ok((await settled(clock, bybit.account.info())).ok);
  assert.equal(http.count('/v5/account/info'), 2);
});

test('a rate limit closes the bucket until its reset; without, before and far behind the header too', async (t) => {
  const cases = {
    'in 600 ms': [600, 600],
    'an hour away': [3_600_000, 5_000],
    past: [-60_000, 50],
    absent: [null, 1_000],
  } as const;
  for (const [label, [resetInMs, restMs]] of Object.entries(cases)) {
    await t.test(label, async () => {
      const { bybit, clock, http, seen } = scripted();
      const at: number[] = [];
      http.on('/v5/account/info', (_request, n) => {
        at.push(clock.monotonic());
        if (n > 1) return answer({ unifiedMarginStatus: 5 });
        return refusal(
          10006,
          resetInMs === null ? {} : { 'x-bapi-limit-reset-timestamp': String(clock.now() + resetInMs) },
        );
      });
      assert.ok((await settled(clock, bybit.account.info())).ok);
      const waited = at[1]! - at[0]!;
      assert.ok(waited >= restMs && waited <= restMs + 30, `waited ${waited}`);
      assert.equal(seen('rate_limited').length, 1);
    });
  }
});

test('after HTTP 403 nothing more is sent for ten minutes, then again', async () => {
  const { bybit, clock, http, seen } = scripted();
  http.on('/v5/account/info', (_request, n) =>
    n === 1 ? raw('access too frequent', 403) : answer({ unifiedMarginStatus: 5 }),
  );
  http.on(CREATE, () => ACK);
  const read = await settled(clock, bybit.account.info());
  assert.ok(!read.ok && read.error.type === 'http' && read.error.status === 403);
  const outcome = await settled(clock, bybit.orders.create(ORDER));
  assert.equal(brief(outcome), 'refused not_sent');
  await clock.advance(590_000);
  assert.ok(!(await settled(clock, bybit.account.info())).ok);
  assert.equal(http.count('/v5/account/info') + http.count(CREATE), 1);
  await clock.advance(10_000);
  assert.ok((await settled(clock, bybit.account.info())).ok);
  assert.equal(seen('http_stopped').length, 1);
});

test('one bad row is reported and set aside, the others are read', async () => {
  const { bybit, clock, http, seen } = scripted();
  const { cumExecQty: _missing, ...bad } = wireOrder('o2');
  http.on('/v5/order/history', () =>
    answer({ list: [wireOrder('o1'), bad, wireOrder('o3', { orderStatus: 'Paused' })], nextPageCursor: '' }),
  );
  const page = await settled(clock, bybit.orders.history({ category: 'linear' }));
  assert.ok(page.ok);
  assert.deepEqual(
    page.value.rows.map((row) => row.orderId),
    ['o1', 'o3'],
  );
  assert.deepEqual(page.value.rows[1]?.orderStatus, { unrecognised: 'Paused' });
  assert.equal(page.value.unreadable.length, 1);
  assert.equal(seen('unreadable').length, 1);
  assert.deepEqual(seen('unrecognised'), [
    { type: 'unrecognised', where: '/v5/order/history', words: ['orderStatus=Paused'] },
  ]);
});

test('a result without its list is an error, not an empty list', async () => {
  const { bybit, clock, http } = scripted();
  http.on('/v5/position/list', () => answer({}));
  const page = await settled(clock, bybit.positions.list({ category: 'linear', settleCoin: 'USDT' }));
  assert.ok(!page.ok && page.error.type === 'unreadable');
});

test('leverage that is already so counts as set', async () => {
  const { bybit, clock, http } = scripted();
  http.on('/v5/position/set-leverage', (_request, n) => (n === 1 ? refusal(110043) : answer({})));
  const params = { category: 'linear', symbol: 'BTCUSDT', buyLeverage: '5', sellLeverage: '5' } as const;
  const changed = async () => {
    const outcome = await settled(clock, bybit.positions.setLeverage(params));
    return outcome.type === 'acknowledged' && outcome.value.changed;
  };
  assert.deepEqual([await changed(), await changed()], [false, true]);
});

test('cancel-all that reports no success is no acknowledgement', async () => {
  const { bybit, clock, http } = scripted();
  http.on('/v5/order/cancel-all', (_request, n) =>
    answer({ list: [{ orderId: 'o1', orderLinkId: '' }], success: n === 1 ? '1' : '0' }),
  );
  const cancel = () => settled(clock, bybit.orders.cancelAll({ category: 'linear', settleCoin: 'USDT' }));
  assert.equal((await cancel()).type, 'acknowledged');
  assert.equal((await cancel()).type, 'unknown');
});

test('private calls without a key fail before anything is sent', async () => {
  const { clock, http, bybit } = scripted({ credentials: undefined as never });
  const read = await settled(clock, bybit.account.info());
  assert.ok(!read.ok && read.error.type === 'invalid');
  assert.equal(http.requests.length, 0);
});
