import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryJournal } from '../../../../test/support/memory-journal.ts';
import { money } from '../../../domain/decimal.ts';
import type { AccountId, AssetId, InstrumentId } from '../../../domain/ids.ts';
import type { AccountEvent } from '../../../oms/events.ts';
import type {
  ExecutionQuery,
  LedgerQuery,
  OrderQuery,
  RecordPage,
  Records,
  RecordsAnswer,
} from '../../../ports/records.ts';
import { IN_MEMORY, openDatabase } from './database.ts';
import { openInlineRecords } from './inline.ts';
import { answerFrom, type Question } from './lists.ts';
import { Statements } from './read/statements.ts';
import { at, childIdOf, encoded, orderIdOf, partitionOf, Scribe } from './testing/events.ts';

const ETH = 'spot:ETHUSDT' as InstrumentId;
const page = { account: 'a1' as AccountId, limit: 100, cursor: null, from: null, to: null, mark: null };
const orders: OrderQuery = {
  ...page,
  instrument: null,
  category: null,
  status: null,
  clientOrderId: null,
  decisions: false,
};
const executions: ExecutionQuery = { ...page, instrument: null, category: null, order: null };
const ledger: LedgerQuery = { ...page, asset: null, cause: null, holds: false };

/** Twelve orders of one account, of which every third is canceled and two still work; another account beside it. */
function journal(): MemoryJournal {
  const one = new Scribe('a1');
  const events: AccountEvent[] = [one.opened(), one.deposited(1, 'USDT', '100000')];
  for (let seq = 1; seq <= 10; seq += 1) {
    const wish = { seq, ms: seq * 10, clientOrderId: `c${seq}`, instrument: seq % 2 === 0 ? ETH : 'spot:BTCUSDT' };
    events.push(...(seq % 3 === 0 ? one.canceled(wish) : one.filled(wish)));
  }
  events.push(...one.placed({ seq: 11, ms: 110 }), one.worked(11, 111));
  events.push(...one.placed({ seq: 12, ms: 110, instrument: 'linear:BTCUSDT' }), one.worked(12, 111));
  events.push(one.bought(12, 112, '99.5', '0.25', '24.875'));
  const made = new MemoryJournal();
  made.append(partitionOf('a1'), encoded(events));
  const two = new Scribe('a2');
  made.append(
    partitionOf('a2'),
    encoded([two.opened(2), two.deposited(1, 'USDT', '9'), ...two.filled({ seq: 1, ms: 95, qty: '0.01' })]),
  );
  return made;
}

const records = (): Records => openInlineRecords(journal());

async function items<T>(answer: Promise<RecordsAnswer<RecordPage<T>>>): Promise<readonly T[]> {
  const found = await answer;
  assert.ok(found.ok);
  assert.equal(found.value.stale, false);
  return found.value.items;
}

/** Follows the cursors to the end. */
async function walk<Q extends { cursor: string | null }, T>(
  list: (query: Q) => Promise<RecordsAnswer<RecordPage<T>>>,
  query: Q,
): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null | undefined = null; cursor !== undefined; ) {
    const found: RecordsAnswer<RecordPage<T>> = await list({ ...query, cursor });
    assert.ok(found.ok);
    all.push(...found.value.items);
    cursor = found.value.nextCursor ?? undefined;
  }
  return all;
}

const seqs = async (query: Partial<OrderQuery>): Promise<number[]> =>
  (await items(records().orders({ ...orders, ...query }))).map(({ seq }) => seq);

test('orders come newest first, those of the same time by number, and each filter narrows them', async () => {
  assert.deepEqual(await seqs({}), [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  assert.deepEqual(await seqs({ instrument: ETH }), [10, 8, 6, 4, 2]);
  assert.deepEqual(await seqs({ category: 'linear' }), [12]);
  assert.deepEqual(await seqs({ status: 'open' }), [12, 11]);
  assert.deepEqual(await seqs({ status: 'final', from: at(80) }), [10, 9, 8]);
  assert.deepEqual(await seqs({ status: 'canceled' }), [9, 6, 3]);
  assert.deepEqual(await seqs({ status: 'working' }), [11]);
  assert.deepEqual(await seqs({ status: 'partially_filled' }), [12]);
  assert.deepEqual(await seqs({ from: at(30), to: at(50) }), [5, 4, 3]);
  assert.deepEqual(await seqs({ clientOrderId: 'c7' }), [7]);
  assert.deepEqual(await seqs({ clientOrderId: 'c7', status: 'canceled' }), []);
  assert.deepEqual(await seqs({ account: 'nobody' as AccountId }), []);
});

test('an order shows what it is, what became of it, its children, and its decision where asked for', async () => {
  const [order] = await items(records().orders({ ...orders, clientOrderId: 'c10', decisions: true }));
  assert.ok(order !== undefined);
  const { children, decision, ...rest } = order;
  assert.deepEqual(rest, {
    account: 'a1', seq: 10, id: orderIdOf(10), clientOrderId: 'c10', instrument: ETH, side: 'buy', type: 'limit', timeInForce: 'gtc',
    reduceOnly: false, qty: money('1'), quoteQty: null, price: money('100'), maxSlippage: null, base: 'BTC', quote: 'USDT',
    arrival: money('100'), worstPrice: null, status: 'filled', certainty: 'confirmed', reason: 'FILLED', cumQty: money('1'),
    cumNotional: money('100'), lateFill: false, cancelRequested: false, createdAt: at(100), updatedAt: at(103), closedAt: at(103),
  }); // biome-ignore format: short members together
  assert.deepEqual(children.map(({ id, status, cumQty, acceptedAt }) => [id, status, cumQty, acceptedAt]), [
    [childIdOf(10), 'filled', money('1'), at(101)],
  ]); // biome-ignore format: one line each
  assert.match(decision ?? '', /"type":"plan"/);
});

test('pages of any size join to the whole list, also when orders come in between', async () => {
  for (const limit of [1, 2, 5, 12, 13]) {
    const walked = await walk(records().orders, { ...orders, limit });
    assert.deepEqual(walked.map(({ seq }) => seq), [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]); // biome-ignore format: one line
  }
  const growing = journal();
  const live = openInlineRecords(growing);
  const first = await live.orders({ ...orders, limit: 3 });
  assert.ok(first.ok);
  growing.append(partitionOf('a1'), encoded(new Scribe('a1').placed({ seq: 13, ms: 500 })));
  const next = await live.orders({ ...orders, limit: 3, cursor: first.value.nextCursor });
  assert.deepEqual(next.ok && next.value.items.map(({ seq }) => seq), [9, 8, 7]);
});

test('a cursor is refused by another list, by another account, and when it was made up', async () => {
  const all = records();
  const first = await all.orders({ ...orders, limit: 3 });
  const cursor = first.ok ? first.value.nextCursor : null;
  assert.ok(cursor !== null);
  const refused = [
    await all.orders({ ...orders, account: 'a2' as AccountId, cursor }),
    await all.executions({ ...executions, cursor }),
    await all.ledger({ ...ledger, cursor }),
    await all.orders({ ...orders, cursor: `${cursor}.1` }),
    await all.orders({ ...orders, cursor: 'orders.a1.9007199254740993.1' }),
    await all.orders({ ...orders, cursor: "orders.a1.1' OR 1=1" }),
    await all.orders({ ...orders, cursor: '' }),
  ];
  for (const answer of refused) assert.equal(answer.ok ? 'ok' : answer.error.code, 'INVALID_CURSOR');
});

test('executions come newest first with order, fees and late mark', async () => {
  const all = records();
  const found = await items(all.executions(executions));
  assert.deepEqual(found.map(({ order }) => order), [12, 10, 8, 7, 5, 4, 2, 1].map(orderIdOf)); // biome-ignore format: one line
  const [first] = found;
  assert.deepEqual(first, {
    account: 'a1', execId: 'x12-112', order: orderIdOf(12), clientOrderId: null, child: childIdOf(12), venue: 'okd_internal',
    instrument: 'linear:BTCUSDT', side: 'buy', price: money('99.5'), qty: money('0.25'), notional: money('24.875'), liquidity: 'taker',
    venueFee: { asset: 'BTC', amount: 0n }, charged: { asset: 'USDT', amount: 0n }, chargedDue: 0n, late: false,
    executedAt: at(112), bookedAt: at(112),
  }); // biome-ignore format: short members together
  assert.equal((await items(all.executions({ ...executions, order: orderIdOf(7) }))).length, 1);
  assert.equal((await items(all.executions({ ...executions, order: orderIdOf(99) }))).length, 0);
  assert.equal((await items(all.executions({ ...executions, instrument: ETH }))).length, 4);
  assert.equal((await items(all.executions({ ...executions, category: 'linear' }))).length, 1);
  assert.equal((await items(all.executions({ ...executions, from: at(50), to: at(90) }))).length, 3);
  assert.equal((await walk(all.executions, { ...executions, limit: 3 })).length, 8);
});

test('the ledger reads as a statement: each balance follows from the line before it', async () => {
  const all = records();
  const usdt = (await walk(all.ledger, { ...ledger, asset: 'USDT' as AssetId, limit: 3 })).reverse();
  assert.deepEqual(usdt[0]?.cause, 'deposit');
  assert.deepEqual(
    [usdt[0]?.reference, usdt[0]?.actor, usdt[0]?.note, usdt[0]?.contra],
    ['ref-1', 'root', null, 'external'],
  );
  let balance = 0n;
  for (const line of usdt) {
    balance += line.total;
    assert.equal(line.totalAfter, balance);
  }
  assert.equal(balance, money('99275.125') as bigint, 'seven buys of 100 and a part of one');
  const lines = await items(all.ledger(ledger));
  assert.ok(lines.every(({ total }) => total !== 0n));
  const withHolds = await items(all.ledger({ ...ledger, holds: true }));
  assert.ok(withHolds.length > lines.length);
  const holds = await items(all.ledger({ ...ledger, cause: 'hold' }));
  assert.deepEqual(holds.map(({ order }) => order), [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map(orderIdOf)); // biome-ignore format: one line
  assert.deepEqual([holds[0]?.held, holds[0]?.contra, holds[0]?.child], [money('100'), 'self', childIdOf(12)]);
  assert.equal((await items(all.ledger({ ...ledger, from: at(1), to: at(1) }))).length, 1);
});

test("an order's history has its executions and every event, oldest first", async () => {
  const found = await records().history({ account: page.account, order: orderIdOf(9), mark: null });
  assert.ok(found.ok && found.value !== null);
  assert.deepEqual(found.value.events.map(({ at: when, type, child, text }) => [when - at(0), type, child, text]), [
    [90, 'accepted', null, 'buy 1 spot:BTCUSDT limit at 100'],
    [90, 'routed', null, 'round 1, child orders: 1'],
    [91, 'accepted', childIdOf(9), 'v9'],
    [91, 'cancel_requested', null, 'root'],
    [92, 'canceled', childIdOf(9), 'BY_USER'],
    [93, 'canceled', null, 'CANCELED_BY_USER'],
  ]); // biome-ignore format: one line each
  const other = await records().history({ account: 'a2' as AccountId, order: orderIdOf(9), mark: null });
  assert.deepEqual(other, { ok: true, value: null });
});

test('anomalies are listed newest first', async () => {
  const made = journal();
  const anomalies = [1, 2, 3].map((n) => ({ type: 'anomaly', at: at(n), code: 'OVERFILL', detail: `d${n}` }));
  made.append(partitionOf('a1'), encoded(anomalies));
  const found = await walk(openInlineRecords(made).anomalies, { ...page, limit: 2 });
  assert.deepEqual(
    found,
    [3, 2, 1].map((n) => ({ at: at(n), code: 'OVERFILL', detail: `d${n}` })),
  );
});

test('each list goes through the index of its filters, and none sorts', () => {
  const db = openDatabase(IN_MEMORY);
  const prepare = db.prepare.bind(db);
  let asked: string[] = [];
  db.prepare = (sql: string) => {
    asked.push(sql);
    return prepare(sql);
  };
  /** The plan of the first query of a question. */
  const planOf = (question: Question): string => {
    asked = [];
    assert.ok(answerFrom(new Statements(db), question, false).ok);
    const [sql = ''] = asked;
    const values = Array.from({ length: sql.split('?').length - 1 }, () => '1');
    const plan = prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    return plan.map(({ detail }) => `${detail}`).join('\n');
  };
  const order = (filter: Partial<OrderQuery>) => planOf({ list: 'orders', query: { ...orders, ...filter } });
  const line = (filter: Partial<LedgerQuery>) => planOf({ list: 'ledger', query: { ...ledger, ...filter } });
  const execution = (filter: Partial<ExecutionQuery>) =>
    planOf({ list: 'executions', query: { ...executions, ...filter } });
  const USDT = 'USDT' as AssetId;
  const cursor = 'orders.a1.5.1';
  const plans = [
    [order({}), /orders_by_time \(account=\?\)/],
    [order({ cursor }), /orders_by_time \(account=\? AND \(created_at,seq\)<\(\?,\?\)\)/],
    [order({ from: at(1), to: at(9), cursor }), /orders_by_time/],
    [order({ instrument: ETH, cursor }), /orders_by_instrument \(account=\? AND instrument=\? AND \(created_at,seq\)</],
    [order({ instrument: ETH, status: 'filled', from: at(1), cursor }), /orders_by_instrument/],
    [order({ instrument: ETH, status: 'rejected' }), /orders_by_status/],
    [order({ status: 'canceled', cursor }), /orders_by_status \(account=\? AND status=\? AND \(created_at,seq\)</],
    [order({ status: 'final', cursor }), /orders_by_time/],
    [order({ status: 'open', instrument: ETH, cursor }), /orders_open/],
    [order({ clientOrderId: 'c', status: 'open', cursor }), /orders_by_client_id/],
    [execution({}), /executions_by_time/],
    [execution({ instrument: ETH, cursor: 'executions.a1.5.1' }), /executions_by_instrument .*executed_at,seq\)</],
    [execution({ order: orderIdOf(1) }), /executions_by_order/],
    [line({}), /PRIMARY KEY/],
    [line({ cursor: 'ledger.a1.5.1' }), /PRIMARY KEY \(account=\? AND \(seq,n\)</],
    [line({ asset: USDT, cursor: 'ledger.a1.5.1' }), /ledger_by_asset \(account=\? AND asset=\? AND \(seq,n\)</],
    [line({ asset: USDT, cause: 'fee', cursor: 'ledger.a1.5.1' }), /ledger_by_cause/],
    [line({ asset: USDT, holds: true }), /PRIMARY KEY/],
    [
      planOf({ list: 'anomalies', query: { ...page, cursor: 'anomalies.a1.4' } }),
      /PRIMARY KEY \(account=\? AND seq<\?\)/,
    ],
  ] as const;
  for (const [plan, expected] of plans) {
    assert.match(plan, expected);
    assert.doesNotMatch(plan, /SCAN|TEMP B-TREE/);
  }
});
