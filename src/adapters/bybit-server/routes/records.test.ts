import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../../domain/decimal.ts';
import type { UnixMs } from '../../../domain/ids.ts';
import type { ClosedPnlRecord } from '../../../ports/exchange.ts';
import { TestBench } from '../testing/client.ts';
import { at } from '../testing/memory-network.ts';
import { LINEAR } from '../testing/scripted-exchange.ts';

const AT = 1_700_000_000_000;

const closed = (change: Partial<ClosedPnlRecord> = {}): ClosedPnlRecord => ({
  kind: 'closed_pnl',
  at: (AT - 1000) as UnixMs,
  instrument: LINEAR,
  orderId: 'one',
  side: 'sell',
  orderType: 'market',
  createdBy: 'user',
  execution: 'trade',
  orderQty: money('0.3'),
  orderPrice: money('59000'),
  closedQty: money('0.1'),
  entryValue: money('6000'),
  exitValue: money('6010'),
  openFee: money('3.3'),
  closeFee: money('3.3055'),
  pnl: money('3.3945'),
  leverage: money('10'),
  createdAt: (AT - 2000) as UnixMs,
  ...change,
});

const list = async (bench: TestBench, query: string) =>
  at((await bench.get('/v5/position/closed-pnl', query)).json, 'result', 'list') as Record<string, string>[];

test('what the executions of one order closed is one row, with averages over all of it', async () => {
  const bench = await TestBench.start();
  bench.exchange.kept = [
    closed(),
    closed({ closedQty: money('0.2'), exitValue: money('12080'), entryValue: money('12000'), pnl: money('66') }),
    closed({ orderId: 'older', at: (AT - 5000) as UnixMs }),
  ];
  const rows = await list(bench, 'category=linear');
  assert.deepEqual(
    rows.map(({ orderId, fillCount }) => [orderId, fillCount]),
    [
      ['one', '2'],
      ['older', '1'],
    ],
  );
  assert.partialDeepStrictEqual(rows[0], {
    closedSize: '0.3',
    cumEntryValue: '18000',
    avgEntryPrice: '60000',
    cumExitValue: '18090',
    avgExitPrice: '60300',
    closedPnl: '69.3945',
    openFee: '6.6',
    side: 'Sell',
    execType: 'Trade',
  });
});

test('pages go through rows of one millisecond without losing or repeating any', async () => {
  const bench = await TestBench.start();
  bench.exchange.kept = Array.from({ length: 7 }, (_, i) => closed({ orderId: `order-${6 - i}` }));
  const seen: string[] = [];
  let cursor = '';
  do {
    const answer = await bench.get('/v5/position/closed-pnl', `category=linear&limit=3&cursor=${cursor}`);
    const result = at(answer.json, 'result') as { list: { orderId: string }[]; nextPageCursor: string };
    seen.push(...result.list.map(({ orderId }) => orderId));
    cursor = result.nextPageCursor;
  } while (cursor !== '');
  assert.deepEqual(seen, ['order-6', 'order-5', 'order-4', 'order-3', 'order-2', 'order-1', 'order-0']);
});

test('a transaction log without bounds is that of one day, and no list covers more days than it may', async () => {
  const bench = await TestBench.start();
  const code = async (path: string, days: number) => {
    const answer = await bench.get(path, `category=option&startTime=${AT - days * 86_400_000}&endTime=${AT}`);
    return at(answer.json, 'retMsg');
  };
  assert.equal(await code('/v5/account/transaction-log', 7), 'OK');
  assert.match(String(await code('/v5/account/transaction-log', 8)), /cannot exceed 7 days/);
  assert.equal(await code('/v5/asset/delivery-record', 30), 'OK');
  assert.match(String(await code('/v5/asset/delivery-record', 31)), /cannot exceed 30 days/);
});
