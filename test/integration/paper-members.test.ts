// Users, their keys, sub-accounts and wallets, over the wire and on the real exchange.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { UnixMs } from '../../src/domain/ids.ts';
import { unwrap } from '../../src/domain/result.ts';
import { account, Scene } from '../support/paper-scene.ts';
import type { Json, Key } from '../support/paper-venue.ts';

const CHILD_WORDS = { Spot: ['SpotTrade'], Wallet: ['AccountTransfer', 'SubMemberTransferList'] };

let scene: Scene;
const code = ({ json }: { json: Json }) => json['retCode'];
const result = ({ json }: { json: Json }) => {
  assert.equal(json['retCode'], 0, String(json['retMsg']));
  return json['result'] as Json;
};
const post = async (key: Key, path: string, body: object) => {
  const answer = await scene.venue.post(key, path, body);
  await scene.venue.advance(20);
  return answer;
};
const get = (key: Key, path: string, query = '') => scene.venue.get(key, path, query);
const trader = () => scene.key('trader');

async function child(username: string, more: object = {}): Promise<{ uid: string; key: Key }> {
  const made = result(await post(trader(), '/v5/user/create-sub-member', { username, memberType: 1 }));
  const asked = { subuid: Number(made['uid']), readOnly: 0, permissions: CHILD_WORDS, ...more };
  const key = result(await post(trader(), '/v5/user/create-sub-api', asked));
  return {
    uid: String(made['uid']),
    key: { apiKey: String(key['apiKey']), apiSecret: String(key['secret']) },
  };
}

const send = (key: Key, from: string, to: string, amount: string, wallets = ['UNIFIED', 'UNIFIED']) =>
  post(key, '/v5/asset/transfer/universal-transfer', {
    transferId: randomUUID(),
    coin: 'USDT',
    amount,
    fromMemberId: Number(from),
    toMemberId: Number(to),
    fromAccountType: wallets[0],
    toAccountType: wallets[1],
  });

const balance = async (key: Key, accountType: string, memberId: string | null = null) => {
  const of = memberId === null ? '' : `&memberId=${memberId}`;
  const query = `accountType=${accountType}&coin=USDT${of}`;
  return (result(await get(key, '/v5/asset/transfer/query-account-coin-balance', query))['balance'] as Json)[
    'walletBalance'
  ];
};

describe('users, keys and wallets', () => {
  before(async () => {
    scene = await Scene.open([account('1001', 'trader'), account('1002', 'maker')] as never);
  });
  after(() => scene.venue.close());

  test('a key says whose it is: a master’s, or a sub-account’s of which master', async () => {
    const { uid, key } = await child('truthful1', { note: 'desk', ips: '127.0.0.1,10.0.0.9' });
    const own = result(await get(trader(), '/v5/user/query-api'));
    assert.deepEqual([own['isMaster'], own['parentUid'], own['userID'], own['deadlineDay']], [true, '0', 1001, -2]);
    const theirs = result(await get(key, '/v5/user/query-api'));
    assert.deepEqual([theirs['isMaster'], theirs['parentUid'], String(theirs['userID'])], [false, '1001', uid]);
    assert.deepEqual([theirs['ips'], theirs['deadlineDay'], theirs['note']], [['127.0.0.1', '10.0.0.9'], -2, 'desk']);
    assert.deepEqual((theirs['permissions'] as Json)['Wallet'], CHILD_WORDS.Wallet);
    assert.notEqual(own['id'], theirs['id']);
  });

  test('a key that is bound to no address lives for ninety days', async () => {
    const { uid, key } = await child('mortal01');
    const [row] = result(await get(trader(), '/v5/user/sub-apikeys', `subMemberId=${uid}`))['result'] as Json[];
    assert.deepEqual(
      [row?.['status'], row?.['deadlineDay'], row?.['secret'], row?.['readOnly']],
      [3, 89, '******', false],
    );
    assert.equal(result(await get(key, '/v5/user/query-api'))['deadlineDay'], 89);
    const bound = result(
      await post(trader(), '/v5/user/update-sub-api', { apikey: key.apiKey, ips: '10.9.9.9', readOnly: 0 }),
    );
    assert.deepEqual(bound['ips'], ['10.9.9.9']);
    assert.equal(code(await get(key, '/v5/user/query-api')), 10010);
  });

  test('a sub-account changes its own key, and no other', async () => {
    const one = await child('selfish1');
    const other = await child('selfish2');
    const stolen = await post(one.key, '/v5/user/update-sub-api', { apikey: other.key.apiKey, readOnly: 1 });
    assert.equal(code(stolen), 10001);
    assert.equal(code(await post(scene.key('maker'), '/v5/user/delete-sub-api', { apikey: one.key.apiKey })), 10001);
    assert.equal(code(await post(trader(), '/v5/user/delete-sub-api', { apikey: 'trader-key' })), 10001);
    assert.equal(result(await post(one.key, '/v5/user/update-sub-api', { readOnly: 1 }))['readOnly'], 1);
    assert.equal(code(await post(one.key, '/v5/user/update-sub-api', { readOnly: 0 })), 10005, 'it only reads now');
    assert.equal(code(await post(other.key, '/v5/user/update-api', { readOnly: 1 })), 10005, 'that is for masters');
    const masterWord = { apikey: other.key.apiKey, permissions: { Wallet: ['Withdraw'] } };
    assert.equal(code(await post(trader(), '/v5/user/update-sub-api', masterWord)), 10001);
    assert.equal(code(await post(trader(), '/v5/user/update-api', { permissions: { Spot: ['Fly'] } })), 10001);
  });

  test('a frozen sub-account is locked out at once, sockets included, and comes back when it is thawed', async () => {
    const { uid, key } = await child('freezing1');
    const socket = await scene.venue.socket('/v5/private', key);
    assert.equal(code(await post(trader(), '/v5/user/frozen-sub-member', { subuid: Number(uid), frozen: 1 })), 0);
    assert.notEqual(socket?.closedWith, null);
    assert.equal(code(await get(key, '/v5/user/query-api')), 10003);
    const rows = result(await get(trader(), '/v5/user/query-sub-members'))['subMembers'] as Json[];
    assert.equal(rows.find((row) => row['uid'] === uid)?.['status'], 4);
    await post(trader(), '/v5/user/frozen-sub-member', { subuid: Number(uid), frozen: 0 });
    assert.equal(code(await get(key, '/v5/user/query-api')), 0);
  });

  test('money goes from master to sub-account and back, and nowhere else', async () => {
    const one = await child('wealthy1');
    const other = await child('wealthy2');
    const had = Number(await balance(trader(), 'UNIFIED'));
    assert.equal(code(await send(trader(), '1001', one.uid, '100.5')), 0);
    assert.equal(await balance(one.key, 'UNIFIED'), '100.5');
    assert.equal(await balance(trader(), 'UNIFIED', one.uid), '100.5');
    assert.equal(code(await send(one.key, one.uid, other.uid, '1')), 131227);
    assert.equal(code(await send(trader(), one.uid, other.uid, '40')), 0, 'a master moves between its sub-accounts');
    assert.equal(code(await send(trader(), one.uid, '1002', '1')), 131202);
    assert.equal(code(await send(one.key, one.uid, '1001', '60.5', ['UNIFIED', 'FUND'])), 0);
    assert.equal(await balance(trader(), 'FUND'), '60.5');
    assert.equal(Number(await balance(trader(), 'UNIFIED')), had - 100.5);
    const stranger = await get(
      scene.key('maker'),
      '/v5/asset/transfer/query-account-coin-balance',
      `accountType=FUND&coin=USDT&memberId=${one.uid}`,
    );
    assert.equal(code(stranger), 131202);
    const seen = result(await get(trader(), '/v5/asset/transfer/query-universal-transfer-list'))['list'] as Json[];
    assert.deepEqual(
      seen.map((row) => [row['fromMemberId'], row['toMemberId'], row['amount']]),
      [
        [one.uid, '1001', '60.5'],
        [one.uid, other.uid, '40'],
        ['1001', one.uid, '100.5'],
      ],
    );
    const theirs = result(await get(other.key, '/v5/asset/transfer/query-universal-transfer-list'))['list'] as Json[];
    assert.deepEqual(
      theirs.map((row) => row['amount']),
      ['40'],
    );
    assert.deepEqual(scene.venue.exchange.leaks(), []);
  });

  test('pages of transfers and of sub-accounts follow one another without a gap', async () => {
    for (let i = 0; i < 5; i += 1) {
      const body = {
        transferId: randomUUID(),
        coin: 'ETH',
        amount: `0.${i + 1}`,
        fromAccountType: 'UNIFIED',
        toAccountType: 'FUND',
      };
      assert.equal(code(await post(trader(), '/v5/asset/transfer/inter-transfer', body)), 0);
    }
    const amounts: unknown[] = [];
    let cursor = '';
    do {
      const page = result(
        await get(trader(), '/v5/asset/transfer/query-inter-transfer-list', `coin=ETH&limit=2&cursor=${cursor}`),
      );
      amounts.push(...(page['list'] as Json[]).map((row) => row['amount']));
      cursor = String(page['nextPageCursor']);
    } while (cursor !== '');
    assert.deepEqual(amounts, ['0.5', '0.4', '0.3', '0.2', '0.1']);
    const all = (result(await get(trader(), '/v5/user/query-sub-members'))['subMembers'] as Json[]).map(
      (row) => row['uid'],
    );
    const paged: unknown[] = [];
    let next = '';
    do {
      const page = result(await get(trader(), '/v5/user/submembers', `pageSize=3&nextCursor=${next}`));
      paged.push(...(page['subMembers'] as Json[]).map((row) => row['uid']));
      next = String(page['nextCursor']);
    } while (next !== '0');
    assert.ok(all.length > 3);
    assert.deepEqual(paged, all);
  });

  test('what all wallets are worth is what they hold, at the index', async () => {
    const { uid, key } = await child('counting1');
    await send(trader(), '1001', uid, '1000', ['UNIFIED', 'FUND']);
    await send(trader(), '1001', uid, '500');
    const overview = result(await get(key, '/v5/asset/asset-overview'));
    assert.equal(overview['totalEquity'], '1500');
    assert.partialDeepStrictEqual(overview['list'], [
      { accountType: 'FundingAccount', totalEquity: '1000', coinDetail: [{ coin: 'USDT', equity: '1000' }] },
      { accountType: 'UnifiedTradingAccount', totalEquity: '500', coinDetail: [{ coin: 'USDT', equity: '500' }] },
    ]);
    const [ticker] = await scene.rows('/v5/market/tickers', 'category=spot&symbol=BTCUSDT');
    const inBitcoin = result(
      await get(key, '/v5/asset/asset-overview', 'valuationCurrency=BTC&accountType=FundingAccount'),
    );
    const expected = 1000 / Number(ticker?.['usdIndexPrice']);
    assert.ok(
      Math.abs(Number(inBitcoin['totalEquity']) - expected) < 1e-8,
      `${inBitcoin['totalEquity']} is ${expected}`,
    );
    assert.equal(code(await get(key, '/v5/asset/asset-overview', 'valuationCurrency=SHELLS')), 10001);
  });

  test('a demo account begins with money, and gets more', async () => {
    const { subMemberId } = result(await post(trader(), '/v5/user/create-demo-member', {}));
    const uid = String(subMemberId);
    assert.equal(await balance(trader(), 'UNIFIED', uid), '50000');
    const asked = { subuid: Number(uid), readOnly: 0, permissions: CHILD_WORDS };
    const made = result(await post(trader(), '/v5/user/create-sub-api', asked));
    const key = { apiKey: String(made['apiKey']), apiSecret: String(made['secret']) };
    const apply = (adjustType: number, amountStr: string) =>
      post(key, '/v5/account/demo-apply-money', { adjustType, utaDemoApplyMoney: [{ coin: 'USDT', amountStr }] });
    assert.equal(code(await apply(0, '100000')), 0);
    assert.equal(code(await apply(0, '100000.01')), 10001);
    assert.equal(code(await apply(1, '60000')), 0);
    assert.equal(await balance(key, 'UNIFIED'), '90000');
    assert.equal(code(await apply(1, '99999')), 131212);
    assert.deepEqual(scene.venue.exchange.leaks(), []);
  });
});

test('play money comes once a minute, transfers sixty times', async () => {
  scene = await Scene.open([account('1001', 'trader')] as never, 'bybit');
  const apply = () => post(trader(), '/v5/account/demo-apply-money', {});
  assert.equal(code(await apply()), 0);
  assert.equal(code(await apply()), 10006);
  await scene.venue.advance(60_000, 1_000);
  assert.equal(code(await apply()), 0);
  const move = () =>
    scene.venue.post(trader(), '/v5/asset/transfer/inter-transfer', {
      transferId: randomUUID(), coin: 'USDT', amount: '1', fromAccountType: 'UNIFIED', toAccountType: 'FUND',
    }); // biome-ignore format: a row
  for (let i = 0; i < 60; i += 1) assert.equal(code(await move()), 0);
  assert.equal(code(await move()), 10006);
  await scene.venue.close();
});

test('an open socket is closed soon after its key has expired', async () => {
  scene = await Scene.open([account('1001', 'trader'), account('1002', 'maker')] as never);
  const socket = await scene.venue.socket('/v5/private', trader());
  const other = await scene.venue.socket('/v5/private', scene.key('maker'));
  unwrap(scene.venue.exchange.control.setKey('trader-key', { expiresAt: (scene.venue.clock.now() + 1_000) as UnixMs }));
  await scene.venue.advance(31_000, 1_000);
  assert.notEqual(socket?.closedWith, null);
  assert.equal(other?.closedWith, null);
  assert.equal(code(await get(trader(), '/v5/user/query-api')), 33004);
  await scene.venue.close();
});

test('a key of the configuration that names no words trades, and neither moves money nor makes users', async () => {
  const { permissions: _, ...plain } = account('1001', 'trader');
  scene = await Scene.open([plain] as never);
  const order = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.01', price: '59000' };
  assert.equal(code(await post(trader(), '/v5/order/create', order)), 0);
  const wallets = { fromAccountType: 'UNIFIED', toAccountType: 'FUND' };
  const inter = { transferId: randomUUID(), coin: 'USDT', amount: '1', ...wallets };
  assert.equal(code(await post(trader(), '/v5/asset/transfer/inter-transfer', inter)), 10005);
  assert.equal(code(await send(trader(), '1001', '1002', '1')), 10005);
  const member = { username: 'childone1', memberType: 1 };
  assert.equal(code(await post(trader(), '/v5/user/create-sub-member', member)), 10005);
  await scene.venue.close();
});
