import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import type { FaultInput } from '../../adapters/bybit-server/index.ts';
import { silentLog } from '../../ports/log.ts';
import { PaperClient } from './client.ts';
import { openPaper } from './open.ts';

const CATALOGUE = new URL('../../../../shared/faults.json', import.meta.url);
const skip = existsSync(CATALOGUE) ? false : 'the catalogue of failures is not beside this repository';

const CREATE = { on: '/v5/order/create' } as const;
const EXECUTION = { on: 'execution' } as const;
const half = { chance: 0.5 } as const;
const once = { times: 1 } as const;
const rule = (point: FaultInput['point'], action: string, more: object = {}): FaultInput => ({
  point,
  action,
  ...more,
});
const code = (retCode: number, more: object = {}) => rule('RESP', 'ret_code', { match: CREATE, retCode, ...more });
const own = { match: { uid: '1' } } as const;

/** The rules with which each case of the catalogue is injected at the exchange. */
const CASES: Readonly<Record<string, readonly FaultInput[]>> = {
  A01: [rule('ACC', 'reset', { match: CREATE, ms: 15_000 })],
  A02: [rule('ACC', 'reset', { match: CREATE })],
  A03: [rule('RESP', 'status', { match: CREATE, status: 502, body: '<html>' })],
  A04: [code(10000)],
  A05: [code(10016, { accepted: false, when: half }), code(10016)],
  A06: [code(170007, { match: { ...CREATE, category: 'spot' } })],
  A08: [rule('RESP', 'truncate', { match: CREATE })],
  A10: [
    rule('ACC', 'drop_reply', { match: CREATE, when: once }),
    code(110072, { accepted: false, when: { after: 1, times: 1 } }),
  ],
  A11: [rule('ACC', 'truncate_param', { match: CREATE, param: 'orderLinkId', length: 30 })],
  A13: [rule('MATCH', 'reject', { reason: 'cannot_afford', when: once })],
  A14: [rule('ACC', 'hold', { match: CREATE, ms: 500 })],
  A16: [rule('ACC', 'reset', { match: { on: 'order.create' } })],
  A18: [20006, 20003, 10429, 10019].map((one) => code(one, { match: { on: 'order.create' } })),
  A19: [rule('RESP', 'row_code', { match: { on: '/v5/order/create-batch' }, index: 1, code: 110007, msg: 'no' })],
  A21: [rule('QRY', 'lag', { ms: 5000 })],
  A22: [rule('CONN', 'refuse', { match: { on: '/v5/order/realtime' }, when: { forMs: 600_000 } })],
  A23: [rule('QRY', 'empty', { match: { on: '/v5/*' }, when: { forMs: 600_000 } })],
  A27: [rule('ACCT', 'cap', { maxOpenOrders: 20 })],
  B01: [rule('MATCH', 'fill', { match: { on: 'order.cancel' } })],
  B02: [rule('PUB', 'duplicate', { match: { on: 'order' } })],
  B03: [rule('ACC', 'drop_reply', { match: { on: '/v5/order/cancel' } })],
  B04: [rule('QRY', 'stale', { reads: 3 })],
  B05: [rule('MATCH', 'cancel', { part: 0.5 })],
  B06: [rule('PUB', 'delay', { match: EXECUTION, ms: 30_000 })],
  B07: [rule('MATCH', 'fill', { match: { on: 'order.amend' }, part: 0.3 })],
  B08: [rule('MATCH', 'ignore', { match: { on: 'order.amend' } })],
  B10: [
    rule('ACCT', 'order', {
      ...own,
      instrument: 'linear:BTCUSDT',
      side: 'buy',
      qty: '0.001',
      price: '59900',
      count: 3,
    }),
  ],
  B11: [rule('ACC', 'delay', { match: CREATE, ms: 2000 })],
  B13: ['before_liquidation', 'before_adl', 'admin', 'settle', 'reduce_only', 'dcp', 'self_trade'].map((reason) =>
    rule('MATCH', 'venue_cancel', { ...own, reason }),
  ),
  C01: [rule('CONN', 'reset', { match: { connection: '/v5/private' } })],
  C02: [rule('CONN', 'half_open', { match: { connection: '/v5/private' } })],
  C03: [rule('PUB', 'drop', { match: EXECUTION, when: { chance: 0.8 } })],
  C04: [rule('CONN', 'reset')],
  C06: [
    rule('RESP', 'delay', { match: { on: 'auth' }, ms: 10_000 }),
    code(10004, { match: { on: 'auth' }, accepted: false }),
  ],
  C07: [rule('CONN', 'refuse', { when: { forMs: 180_000 } }), rule('CONN', 'budget', { limit: 500 })],
  C08: [rule('PUB', 'duplicate', { match: EXECUTION, when: { chance: 0.2 }, afterMs: 3_600_000 })],
  C09: [rule('PUB', 'duplicate', { match: EXECUTION }), rule('QRY', 'page_shift', { rows: 1 })],
  C10: [rule('PUB', 'permute', { withinMs: 5000 })],
  C11: [rule('MATCH', 'fill', { pieces: 50 }), rule('PUB', 'batch', { match: EXECUTION, withinMs: 100 })],
  C12: [rule('PUB', 'duplicate', { match: { on: 'position' }, count: 20 })],
  C14: ['drop', 'null', 'value', 'add'].flatMap((how) => [
    rule('PUB', 'mutate', { how }),
    rule('QRY', 'mutate', { how }),
  ]),
  C16: [rule('QRY', 'clear_closed'), rule('QRY', 'lag', { ms: 10_000 })],
  C18: [rule('QRY', 'page_shift', { rows: 2 }), rule('QRY', 'repeat_cursor'), rule('QRY', 'extra_page')],
  C20: [rule('QRY', 'error'), rule('QRY', 'reset'), rule('QRY', 'empty', { when: { after: 1, times: 1 } })],
  D02: [rule('MATCH', 'adl', { match: { uid: '1', instrument: 'linear:BTCUSDT' }, when: { inMs: 60_000 } })],
  D06: [rule('ACCT', 'fees', { ...own, spot: { maker: '-0.0001', taker: '0.001' } })],
  D08: [rule('ACCT', 'order', { ...own, instrument: 'linear:BTCUSDT', side: 'sell', qty: '0.003', price: '60100' })],
  D09: [rule('ACCT', 'mode', { ...own, instrument: 'linear:BTCUSDT', mode: 'hedge' })],
  D10: [rule('QRY', 'reorder', { match: { on: '/v5/position/list' } })],
  D12: [rule('ACCT', 'order', { ...own, instrument: 'spot:BTCUSDT', side: 'buy', qty: '0.001', price: '59900' })],
  D13: [rule('QRY', 'lag', { ms: 30_000, what: ['position'] })],
  D17: ['', '0E-8'].map((value) => rule('QRY', 'mutate', { path: 'result.list.0.avgPrice', how: 'value', value })),
  E01: [rule('MD', 'drop', { match: { on: 'orderbook.*', type: 'delta' }, when: once })],
  E02: [rule('MD', 'restart', { match: { instrument: 'spot:BTCUSDT' } })],
  E03: [rule('MD', 'delay', { match: { on: 'orderbook.*', type: 'snapshot' }, ms: 5000 })],
  E04: [rule('MD', 'cross', { when: once })],
  E07: [rule('MD', 'freeze', { match: { instrument: 'spot:BTCUSDT' } })],
  E08: [rule('MD', 'delete_level')],
  E11: [rule('MD', 'mutate', { match: { on: 'kline.*' }, path: 'data.0.confirm', how: 'value', value: false })],
  F01: [rule('REF', 'terms', { match: { instrument: 'spot:BTCUSDT' }, change: { tick: '1' }, when: { inMs: 1000 } })],
  F02: [
    rule('REF', 'terms', { match: { instrument: 'linear:BTCUSDT' }, change: { maxLimitQty: '10', maxMarketQty: '5' } }),
  ],
  F03: [rule('REF', 'crowd', { match: { category: 'linear' }, count: 20 })],
  F04: [
    rule('REF', 'status', { status: 'delivering' }),
    rule('REF', 'delist', { match: { instrument: 'spot:BTCUSDT' }, when: { inMs: 1000 } }),
  ],
  G01: [code(10006)],
  G02: [
    code(10006, { remove: ['X-Bapi-Limit-Reset-Timestamp'] }),
    code(10006, { set: { 'X-Bapi-Limit-Reset-Timestamp': '1' } }),
  ],
  G03: [rule('CONN', 'ban', { when: { forMs: 60_000 } })],
  G04: [
    rule('RESP', 'status', { match: CREATE, status: 429, body: '{}', accepted: false, when: half }),
    rule('RESP', 'status', { match: CREATE, status: 429, body: '{}' }),
  ],
  G07: [rule('CLK', 'offset', { ms: 1500 }), rule('CLK', 'step', { ms: -10_000 }), rule('CLK', 'drift', { ppm: 200 })],
  G10: [rule('ACCT', 'key', { apiKey: 'key', change: null, when: { forMs: 60_000 } })],
  G12: [rule('ACCT', 'key', { apiKey: 'key', change: { readOnly: true } })],
  G13: [rule('ACCT', 'key', { apiKey: 'key', change: { expiresAt: 1 } })],
  G14: [rule('ACCT', 'key', { apiKey: 'key', change: { ips: ['10.9.8.7'] } })],
  G16: [rule('CONN', 'half_open', { when: { forMs: 8000 } }), rule('CONN', 'refuse', { when: { forMs: 8000 } })],
  I04: [code(110007, { accepted: false, when: { after: 1, times: 1 } })],
  I07: [rule('QRY', 'empty', { match: { on: '/v5/position/list' }, when: once })],
};

/** What the exchange does by itself, without a rule, or another command does. */
const WITHOUT_A_RULE = 'A12 A25 A26 B15 D01 D05 D14 D16 D20 F08 G06 G11 I01 I02 I05 I06'.split(' ');
/** Failures of the gateway's own process, disk, database, clients and links. */
const NOT_THE_EXCHANGES = 'H01 H02 H03 H04 H05 H06 H09 H10 H12 H13 H14 H15 H18 H19 H21 I09 I11 I12'.split(' ');
const paper = await openPaper({
  config: {
    accounts: [{ uid: '1', apiKey: 'key', apiSecret: 'secret', balances: { USDT: '1000000', BTC: '5' } }],
    control: true,
    agents: false,
    instruments: ['spot:BTCUSDT', 'linear:BTCUSDT'],
    clock: 'stepped',
  },
  dataDir: null,
  log: silentLog,
  listen: { port: 0 },
});
after(() => paper.close());
const client = new PaperClient(paper.rest);

test('every case of the catalogue has its rules, or is not the exchange’s', { skip }, () => {
  const known = (JSON.parse(readFileSync(CATALOGUE, 'utf8')) as { id: string }[]).map(({ id }) => id);
  assert.deepEqual([...Object.keys(CASES), ...WITHOUT_A_RULE, ...NOT_THE_EXCHANGES].sort(), known.sort());
});

for (const [id, rules] of Object.entries(CASES)) {
  test(`${id} can be injected, and taken back`, async () => {
    await client.reset();
    const added = await client.addFaults(...rules).catch((error: unknown) => error);
    assert.equal(Array.isArray(added) ? added.length : String(added), rules.length);
    await client.clearFaults();
    assert.deepEqual(await client.leaks(), []);
  });
}
