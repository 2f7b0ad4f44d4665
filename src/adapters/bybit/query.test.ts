import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  refTo,
  type Row,
  ScriptedBybit,
  SPOT_BTC,
  wireExecution,
  wireOrder,
} from '../../../test/support/scripted-bybit.ts';
import { money } from '../../domain/decimal.ts';
import type { QueryAnswer } from '../../ports/venue.ts';

const ours = (more: Row = {}): Row => wireOrder('v1', { orderLinkId: 'a1', ...more });
const fill = (more: Row = {}): Row =>
  wireExecution('x1', 5, { orderId: 'v1', orderLinkId: 'a1', execFee: '0.1', feeCurrency: 'USDT', ...more });

type Shown = Readonly<{ open?: Row[]; closed?: Row[]; fills?: Row[] }>;

async function answerOf({ open = [], closed = [], fills = [] }: Shown, known: string | null): Promise<QueryAnswer> {
  const bybit = new ScriptedBybit();
  const venue = await bybit.account();
  bybit.orders['spot'] = open;
  bybit.closed['spot'] = closed;
  bybit.executions['spot'] = fills;
  return bybit.until(venue.query(refTo(SPOT_BTC, 'a1', known)));
}

test('the order and its executions are found under the id that we gave it', async () => {
  const answer = await answerOf({ open: [ours({ cumExecQty: '0.1' })], fills: [fill()] }, null);
  assert.ok(answer.type === 'found');
  assert.deepEqual([answer.order.venueOrderId, answer.executions[0]?.fee], ['v1', money('0.1')]);
});

test('nothing anywhere is absence', async () => {
  assert.equal((await answerOf({}, null)).type, 'absent');
});

for (const [what, shown, known] of [
  ['an order under another link id', { open: [ours({ orderLinkId: 'b2' })] }, null],
  ['an order without a link id, its own id unknown', { open: [ours({ orderLinkId: '' })] }, null],
  ['an order that Bybit numbers otherwise than we know', { open: [ours()] }, 'v9'],
  ['an order of another symbol', { open: [ours({ symbol: 'ETHUSDT' })] }, null],
  ['two orders under one link id', { open: [ours(), ours({ orderId: 'v2' })] }, null],
  ['a closed order under another link id', { closed: [ours({ orderLinkId: 'b2' })] }, null],
  ['an execution of another order', { open: [ours()], fills: [fill({ orderId: 'v2' })] }, null],
  ['an execution under another link id', { open: [ours()], fills: [fill({ orderLinkId: 'b2' })] }, null],
  ['an execution of another symbol', { open: [ours()], fills: [fill({ symbol: 'ETHUSDT' })] }, null],
  ['another order’s execution and no order', { fills: [fill({ orderLinkId: 'b2' })] }, null],
  ['an execution whose order is nowhere', { fills: [fill()] }, null],
] as const) {
  test(`${what} is no answer, neither found nor absent`, async () => {
    assert.equal((await answerOf(shown as unknown as Shown, known)).type, 'unavailable');
  });
}

test('rows without our id are believed where Bybit’s own id names the order', async () => {
  const shown = { open: [ours({ orderLinkId: '' })], fills: [fill({ orderLinkId: '' })] };
  assert.equal((await answerOf(shown, 'v1')).type, 'found');
});
