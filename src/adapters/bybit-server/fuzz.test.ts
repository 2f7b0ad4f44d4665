import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { silentLog } from '../../ports/log.ts';
import { ROUTES, TRADE_OPERATIONS } from './routes/index.ts';
import { TestBench } from './testing/client.ts';
import { settled } from './testing/manual-clock.ts';

const word = fc.constantFrom(
  'spot', 'linear', 'option', 'BTCUSDT', 'Buy', 'Limit', 'Market', '0.1', '60000', '0', '-1', '1e9', '', 'constructor',
  '__proto__', 'toString', 'UNIFIED', 'TickSize', '%', '%zz', '9'.repeat(40), '\u0000', '🙂', 'orderbook.constructor.BTCUSDT',
  'orderbook.50.BTCUSDT', 'publicTrade.', 'tickers', 'order', 'order.linear', 'subscribe', 'unsubscribe', 'auth', 'ping',
  ...TRADE_OPERATIONS.keys(),
); // biome-ignore format: a list
const value = fc.oneof(
  { weight: 6, arbitrary: word },
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(word, { maxLength: 3 }),
  fc.jsonValue(),
);
const names = [...new Set(ROUTES.flatMap((route) => Object.keys(route.params))), '__proto__', 'constructor'];
const body = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 12 });

test('whatever a signed request says, it is answered with a code', async () => {
  const bench = await TestBench.start({ log: silentLog });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...ROUTES), body, async (route, params) => {
      const query = Object.entries(params)
        .map(([name, one]) => `${name}=${String(one)}`)
        .join('&');
      const answer = route.method === 'GET' ? await bench.get(route.path, query) : await bench.post(route.path, params);
      assert.equal(answer.status, 200);
      assert.ok(Number.isInteger(answer.json?.['retCode']));
      assert.equal(typeof answer.json?.['retMsg'], 'string');
    }),
    { numRuns: 600 },
  );
});

test('whatever a body is, it does not reach the exchange unread', async () => {
  const bench = await TestBench.start();
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
      assert.equal((await bench.post('/v5/order/create', text)).status, 200);
    }),
    { numRuns: 200 },
  );
  assert.deepEqual(bench.exchange.calls, []);
});

test('whatever a socket is told, it answers each message', async () => {
  const bench = await TestBench.start();
  const message = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({
        op: word,
        args: fc.oneof(value, fc.array(value, { maxLength: 3 })),
        req_id: value,
        reqId: value,
        header: value,
      })
      .map((one) => JSON.stringify(one)),
  );
  for (const path of ['/v5/public/spot', '/v5/public/linear', '/v5/private', '/v5/trade'] as const) {
    const isPublic = path.startsWith('/v5/public');
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), async (messages) => {
        const socket = isPublic ? bench.network.connect(path) : await bench.authorised(path as '/v5/private');
        for (const one of messages) socket.say(one);
        await settled();
        assert.ok(socket.take().length >= messages.length);
        socket.terminate();
      }),
      { numRuns: 60 },
    );
  }
});
