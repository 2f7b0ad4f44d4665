import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member } from '../../ports/exchange.ts';
import { ROUTES } from './routes/index.ts';
import { TestBench } from './testing/client.ts';
import { settled } from './testing/manual-clock.ts';
import { at } from './testing/memory-network.ts';

const SUB: Member = {
  uid: '53888000',
  parent: '1001',
  username: 'childone1',
  kind: 'normal',
  note: '',
  frozen: false,
  createdAt: 1_690_000_000_000 as Member['createdAt'],
};

type Words = Readonly<Record<string, readonly string[]>>;
const NONE: Words = {};
const wallet = (...words: readonly string[]): Words => ({ Wallet: words });

/** Endpoint, category, words that suffice, words that do not. */
const NEEDS: readonly (readonly [method: 'GET' | 'POST', path: string, category: string, enough: Words, not: Words])[] =
  [
    ['POST', '/v5/order/create', 'spot', { Spot: ['SpotTrade'] }, { ContractTrade: ['Order', 'Position'] }],
    ['POST', '/v5/order/create', 'linear', { ContractTrade: ['Order'] }, { ContractTrade: ['Position'] }],
    ['POST', '/v5/order/create', 'inverse', { ContractTrade: ['Order'] }, { Spot: ['SpotTrade'] }],
    ['POST', '/v5/order/create', 'option', { Options: ['OptionsTrade'] }, { ContractTrade: ['Order'] }],
    ['GET', '/v5/order/history', 'linear', { ContractTrade: ['Order'] }, { Spot: ['SpotTrade'] }],
    ['GET', '/v5/position/list', 'linear', { ContractTrade: ['Position'] }, { ContractTrade: ['Order'] }],
    ['POST', '/v5/position/set-leverage', 'inverse', { ContractTrade: ['Position'] }, { ContractTrade: ['Order'] }],
    ['POST', '/v5/asset/transfer/inter-transfer', '', wallet('AccountTransfer'), wallet('SubMemberTransfer')],
    ['POST', '/v5/asset/transfer/universal-transfer', '', wallet('SubMemberTransfer'), wallet('AccountTransfer')],
    ['GET', '/v5/asset/transfer/query-universal-transfer-list', '', wallet('SubMemberTransfer'), wallet('Withdraw')],
    ['POST', '/v5/user/create-sub-member', '', wallet('AccountTransfer'), { Spot: ['SpotTrade'] }],
    ['POST', '/v5/user/create-sub-api', '', wallet('SubMemberTransfer'), NONE],
    ['POST', '/v5/user/frozen-sub-member', '', wallet('Withdraw'), NONE],
    ['POST', '/v5/user/update-api', '', wallet('AccountTransfer'), NONE],
    ['POST', '/v5/user/update-sub-api', '', wallet('AccountTransfer'), NONE],
    ['POST', '/v5/user/delete-api', '', wallet('AccountTransfer'), NONE],
    ['POST', '/v5/user/delete-sub-api', '', wallet('AccountTransfer'), NONE],
    ['POST', '/v5/user/del-submember', '', wallet('AccountTransfer'), NONE],
    ['GET', '/v5/user/query-sub-members', '', wallet('AccountTransfer'), NONE],
    ['GET', '/v5/user/submembers', '', wallet('AccountTransfer'), NONE],
  ]; // biome-ignore format: a table

for (const [method, path, category, enough, not] of NEEDS) {
  test(`${method} ${path} ${category} asks for ${JSON.stringify(enough)}`, async () => {
    const bench = await TestBench.start();
    bench.exchange.addKey({ apiKey: 'enough', permissions: enough });
    bench.exchange.addKey({ apiKey: 'not', permissions: not });
    const ask = async (key: string) => {
      const given = category === '' ? {} : { category };
      const query = category === '' ? '' : `category=${category}`;
      const payload = method === 'GET' ? query : JSON.stringify(given);
      const headers = bench.signed(payload, key);
      const answer =
        method === 'GET' ? await bench.get(path, query, headers) : await bench.post(path, payload, headers);
      return at(answer.json, 'retCode');
    };
    assert.notEqual(await ask('enough'), 10005);
    assert.equal(await ask('not'), 10005);
  });
}

test('a key that may only read is refused by every endpoint that writes', async () => {
  const bench = await TestBench.start();
  bench.exchange.addKey({ apiKey: 'reader', readOnly: true });
  const writing = ROUTES.filter((route) => route.auth && route.method === 'POST');
  assert.ok(writing.length > 20);
  for (const { path } of writing) {
    const { json } = await bench.post(path, '{}', bench.signed('{}', 'reader'));
    assert.equal(at(json, 'retCode'), 10005, path);
  }
});

test('a sub-account sends to its master with the word that sub-accounts have for it', async () => {
  const bench = await TestBench.start();
  bench.exchange.subs.set(SUB.uid, SUB);
  bench.exchange.addKey({ apiKey: 'child', uid: SUB.uid, permissions: wallet('SubMemberTransferList') });
  bench.exchange.addKey({ apiKey: 'other', uid: SUB.uid, permissions: wallet('SubMemberTransfer') });
  const path = '/v5/asset/transfer/query-universal-transfer-list';
  assert.equal(at((await bench.get(path, '', bench.signed('', 'child'))).json, 'retCode'), 0);
  assert.equal(at((await bench.get(path, '', bench.signed('', 'other'))).json, 'retCode'), 10005);
});

test('a key that was made smaller is smaller on the sockets that are open', async () => {
  const bench = await TestBench.start();
  const socket = await bench.authorised('/v5/trade');
  const order = { category: 'spot', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '1' };
  const place = async () => {
    socket.say({ op: 'order.create', header: { 'X-BAPI-TIMESTAMP': String(bench.exchange.time) }, args: [order] });
    await settled();
    return socket.take()[0]?.['retCode'];
  };
  assert.equal(await place(), 0);
  bench.exchange.addKey({ apiKey: 'key', readOnly: true });
  assert.equal(await place(), 10005);
});

test('a key that is deleted closes its sockets, and no others', async () => {
  const bench = await TestBench.start();
  bench.exchange.addKey({ apiKey: 'deleter', permissions: wallet('AccountTransfer') });
  const open = async (path: '/v5/private' | '/v5/trade', key: string) => {
    const socket = bench.network.connect(path);
    socket.say({ op: 'auth', args: bench.authArgs(key) });
    await settled();
    return socket;
  };
  const gone = [await open('/v5/private', 'deleter'), await open('/v5/trade', 'deleter')];
  const stays = await open('/v5/private', 'key');
  const answer = await bench.post('/v5/user/delete-api', '{}', bench.signed('{}', 'deleter'));
  assert.equal(at(answer.json, 'retCode'), 0);
  for (const socket of gone)
    assert.deepEqual(socket.closedWith, { code: 1000, reason: 'the API key is not valid any more' });
  assert.equal(stays.closedWith, null);
});
