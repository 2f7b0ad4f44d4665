import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok } from '../../domain/result.ts';
import type { Control } from './index.ts';
import { faultyBench } from './testing/faulty-bench.ts';
import { at } from './testing/memory-network.ts';

const control: Control = {
  commands: {
    'GET ground-truth': async () => ok({ orders: 3 }),
    'POST deposit': async (body) =>
      body['amount'] === '1' ? ok({ done: true }) : err({ code: 'INVALID', message: 'one at a time' }),
  },
};
const open = () => faultyBench({ control });

test('another process adds faults, sees how often they fired, reads the trace and takes them back', async () => {
  const { bench } = await open();
  const rule = {
    id: 'busy',
    point: 'RESP',
    action: 'ret_code',
    match: { on: '/v5/market/time' },
    when: { times: 1 },
    retCode: 10016,
  };
  assert.deepEqual((await bench.post('/paper/faults', rule)).json, { ids: ['busy'] });
  const two = {
    rules: [
      { point: 'PUB', action: 'drop' },
      { point: 'CLK', action: 'pause', when: { inMs: 50 } },
    ],
  };
  assert.deepEqual((await bench.post('/paper/faults', two)).json, { ids: ['f2', 'f3'] });
  assert.equal(at((await bench.get('/v5/market/time')).json, 'retCode'), 10016);
  assert.equal(at((await bench.get('/v5/market/time')).json, 'retCode'), 0);
  const { faults } = (await bench.get('/paper/faults')).json as { faults: unknown[] };
  assert.partialDeepStrictEqual(faults, [
    { id: 'busy', fired: 1, matched: 2, active: true },
    { id: 'f2', fired: 0 },
    { id: 'f3', active: false },
  ]);
  const trace = (await bench.get('/paper/trace')).json;
  assert.partialDeepStrictEqual(trace, {
    entries: [{ n: 1, rule: 'busy', point: 'RESP', action: 'ret_code', what: { on: '/v5/market/time' }, count: 1 }],
    next: 1,
  });
  assert.deepEqual((await bench.get('/paper/trace', 'after=1')).json, { entries: [], next: 1 });
  const remove = (name: string) => bench.network.request({ method: 'DELETE', path: `/paper/${name}` });
  assert.partialDeepStrictEqual(await remove('faults/busy'), { status: 200, body: '{"removed":1}' });
  assert.partialDeepStrictEqual(await remove('faults/busy'), { status: 400 });
  assert.partialDeepStrictEqual(await remove('faults'), { status: 200, body: '{"removed":2}' });
});

test('commands of the composition root answer by method and name, with code and text where they cannot', async () => {
  const { bench } = await open();
  assert.deepEqual((await bench.get('/paper/ground-truth')).json, { orders: 3 });
  assert.deepEqual((await bench.post('/paper/deposit', { amount: '1' })).json, { done: true });
  const refused = await bench.post('/paper/deposit', { amount: '2' });
  assert.deepEqual([refused.status, refused.json], [400, { error: 'one at a time', code: 'INVALID' }]);
  assert.equal((await bench.post('/paper/ground-truth', {})).status, 404);
  assert.equal((await bench.post('/paper/constructor', {})).status, 404);
});

test('only programs of this machine are answered: no other address, no page in a browser, no name but its own', async () => {
  const { bench } = await open();
  const ask = async (headers: Record<string, string>, remoteAddress = '127.0.0.1') => {
    const answer = await bench.network.request({ path: '/paper/ground-truth', headers, remoteAddress });
    return answer === 'reset' ? 0 : answer.status;
  };
  assert.equal(await ask({}, '10.0.0.9'), 404);
  assert.equal(await ask({ host: '127.0.0.1:7001' }, '::ffff:127.0.0.1'), 200);
  for (const host of ['localhost:7001', '[::1]:7001', '127.0.0.1']) assert.equal(await ask({ host }), 200, host);
  for (const host of ['paper.example.com', '127.0.0.1.example.com', 'localhost.evil:7001', '10.0.0.1:7001'])
    assert.equal(await ask({ host }), 403, host);
  assert.equal(await ask({ host: 'localhost:7001', origin: 'http://localhost:7001' }), 403);
  assert.equal(await ask({ host: 'localhost:7001', 'sec-fetch-site': 'cross-site' }), 403);
});

test('everything that is wrong with rules is said at once, and none of them is added', async () => {
  const { bench, faults } = await open();
  const problems = async (body: unknown) => {
    const { status, json } = await bench.post('/paper/faults', body);
    assert.equal(status, 400);
    assert.equal(at(json, 'code'), 'INVALID');
    return String(at(json, 'error'));
  };
  assert.match(await problems({ point: 'DISK', action: 'full' }), /point: one of ACC, RESP, MATCH/);
  assert.match(await problems({ point: 'RESP', action: 'explode' }), /action: RESP knows delay, status/);
  const many = await problems({
    point: 'RESP',
    action: 'delay',
    ms: -1,
    match: { type: 'delta', nonsense: '1' },
    when: { chance: 2 },
    speed: 1,
  });
  for (const word of ['ms: ', 'match.type: ', 'nonsense', 'when.chance: ', 'speed'])
    assert.ok(many.includes(word), `${word} in ${many}`);
  assert.match(await problems({ rules: [{ point: 'PUB', action: 'drop' }, 7] }), /rules\.1: an object/);
  assert.match(
    await problems({ point: 'PUB', action: 'drop', match: { address: '1.2.3.4' } }),
    /PUB drop is matched by uid/,
  );
  assert.match(await problems({ point: 'CLK', action: 'pause', when: { times: 1 } }), /waits for nothing/);
  assert.match(await problems('nonsense'), /JSON object/);
  await bench.post('/paper/faults', { id: 'a', point: 'PUB', action: 'drop' });
  assert.match(await problems({ id: 'a', point: 'PUB', action: 'drop' }), /a is there already/);
  assert.equal(faults.list().length, 1);
});

test('what this exchange cannot do is refused by its own code', async () => {
  const { bench, faults } = await open();
  for (const rule of [
    { point: 'MATCH', action: 'adl' },
    { point: 'ACC', action: 'crash' },
  ]) {
    const { json } = await bench.post('/paper/faults', rule);
    assert.equal(at(json, 'code'), 'NOT_AVAILABLE');
  }
  assert.deepEqual(faults.list(), []);
});

test('a deed is done when its time comes, taken back after it, and its failure is told', async () => {
  const { faults, advance } = await open();
  const done: string[] = [];
  faults.learn({
    'REF halt': async () => {
      done.push('halt');
      return ok(() => void done.push('resume'));
    },
    'REF delist': async () => err({ code: 'NOT_FOUND', message: 'no such symbol' }),
  });
  assert.ok((await faults.add([{ point: 'REF', action: 'halt', when: { inMs: 100, forMs: 100 } }])).ok);
  await advance(99);
  assert.deepEqual(done, []);
  await advance(1);
  assert.deepEqual(done, ['halt']);
  await advance(100);
  assert.deepEqual(done, ['halt', 'resume']);
  assert.ok((await faults.add([{ id: 'b', point: 'REF', action: 'halt', when: { forMs: 1000 } }])).ok);
  await faults.remove('b');
  assert.deepEqual(done, ['halt', 'resume', 'halt', 'resume'], 'removed before its time: taken back at once');
  const failed = await faults.add([{ point: 'REF', action: 'delist' }]);
  assert.partialDeepStrictEqual(failed, { ok: false, error: { code: 'NOT_FOUND' } });
  await faults.add([{ id: 'late', point: 'REF', action: 'delist', when: { inMs: 10 } }]);
  await advance(10);
  assert.equal(faults.list().find(({ id }) => id === 'late')?.error, 'NOT_FOUND: no such symbol');
  assert.partialDeepStrictEqual(faults.trace.read(0, 100).at(-1), { rule: 'late', error: 'NOT_FOUND: no such symbol' });
});
