import assert from 'node:assert/strict';
import { Sums, times } from './exact.ts';
import type { ChildView, ExecutionView, OrderView } from './gateway-client.ts';
import type { VenueOrderTruth, VenueTruth } from './venue-truth.ts';

/** Accounts made of facts alone, to be held against what each venue says. Spot only. */

const BASES = ['BTC', 'ETH', 'BNB', 'XRP'];

/** `BTCUSDT` → BTC, USDT. */
function coinsOf(symbol: string): readonly [base: string, quote: string] {
  const base = BASES.find((one) => symbol.startsWith(one));
  assert.ok(base !== undefined, `${symbol} has a known base`);
  return [base, symbol.slice(base.length)];
}

type Fill = Readonly<{ symbol: string; side: 'buy' | 'sell'; price: string; qty: string }>;

function trade(sums: Sums, { symbol, side, price, qty }: Fill): void {
  const [base, quote] = coinsOf(symbol);
  const notional = times(price, qty);
  if (side === 'buy') sums.add(base, qty).take(quote, notional);
  else sums.take(base, qty).add(quote, notional);
}

/** What the exchange's wallet must hold: what it began with, its executions, their fees. */
export function walletByExecutions(
  opening: Readonly<Record<string, string>>,
  truth: VenueTruth,
): Record<string, string> {
  const sums = new Sums(opening);
  for (const execution of truth.executions) {
    trade(sums, execution);
    sums.take(execution.feeAsset, execution.fee);
  }
  return sums.all();
}

/**
 * What the internal venue must hold: deposits, internal executions, its own fees, and the routing fees of what traded
 * elsewhere. `feesDue`: routing fees that no balance covered yet.
 */
export function ledgerByFacts(
  deposits: Readonly<Record<string, string>>,
  orders: readonly OrderView[],
  executions: readonly ExecutionView[],
): Record<string, string> {
  const sums = new Sums(deposits);
  for (const { venue, symbol, side, price, quantity } of executions) {
    if (venue === 'okd_internal') trade(sums, { symbol, side, price, qty: quantity });
  }
  for (const child of orders.flatMap(({ children }) => children)) {
    for (const { kind, asset, amount } of child.fees) {
      if (kind === 'routing' || child.venue === 'okd_internal') sums.take(asset, amount);
    }
  }
  return sums.all();
}

/** Nobody knows yet: the exchange is still asked. */
export const isInDoubt = ({ certainty, in_flight: inFlight }: ChildView): boolean =>
  certainty !== 'confirmed' || inFlight !== 'none';

/**
 * Every order of ours at the exchange is one child of ours, every execution one of ours, and the other way
 * round. Children in doubt are left out: whoever calls has waited until there are none, or looks again later.
 */
export function assertAgree(
  truth: VenueTruth,
  orders: readonly OrderView[],
  executions: readonly ExecutionView[],
): void {
  const ours = truth.orders.filter(({ linkId }) => linkId.startsWith('okd'));
  const children = orders.flatMap((order) =>
    order.children
      .filter(({ venue }) => venue === 'bybit')
      .map((child) => ({ ...child, side: order.side, symbol: order.symbol })),
  );
  const byLink = new Map(ours.map((order) => [order.linkId, order]));
  assert.equal(byLink.size, ours.length, 'no id was used for two orders at the exchange');
  const known = new Set(children.map(({ id }) => id));
  assert.deepEqual(
    ours.filter(({ linkId }) => !known.has(linkId)),
    [],
    'the exchange has no order that we do not know',
  );
  for (const child of children) if (!isInDoubt(child)) assertSameChild(child, byLink.get(child.id));
  assertSameExecutions(truth, executions, new Set(children.filter(isInDoubt).map(({ id }) => id)));
}

const WORKING = ['pending', 'working', 'partially_filled'];

function assertSameChild(
  child: ChildView & Pick<OrderView, 'side' | 'symbol'>,
  there: VenueOrderTruth | undefined,
): void {
  const { id, side, symbol, quantity: qty, filled_quantity: cumQty, status, reason } = child;
  if (there === undefined) {
    assert.ok(['expired', 'rejected'].includes(status), `${id} is not at the exchange, and is ${status} ${reason}`);
    assert.equal(cumQty, '0', `${id} traded nothing`);
    return;
  }
  const isOpen = WORKING.includes(status);
  const seen = { linkId: id, orderId: child.venue_order_id, side, symbol, qty, cumQty, isOpen };
  assert.deepEqual(seen, { ...there }, `child ${id} (${status}, ${reason})`);
}

function assertSameExecutions(
  truth: VenueTruth,
  executions: readonly ExecutionView[],
  inDoubt: ReadonlySet<string>,
): void {
  const there = truth.executions.filter(({ linkId }) => linkId.startsWith('okd') && !inDoubt.has(linkId));
  const here = executions
    .filter(({ venue, child_id: child }) => venue === 'bybit' && !inDoubt.has(child))
    .map(({ id, child_id: linkId, symbol, side, price, quantity, fees }) => {
      const fee = fees[0] ?? { amount: '0', asset: there.find(({ execId }) => execId === id)?.feeAsset ?? '' };
      return { execId: id, linkId, symbol, side, price, qty: quantity, fee: fee.amount, feeAsset: fee.asset };
    });
  const sorted = <T extends { execId: string }>(rows: readonly T[]): T[] =>
    [...rows].sort((a, b) => (a.execId < b.execId ? -1 : 1));
  assert.deepEqual(sorted(here), sorted(there), 'executions, one by one');
  const ids = executions.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, 'no execution is there twice');
}

/** Each order's filled quantity is the sum of its executions, and of its children's. */
export function assertFillsAdd(orders: readonly OrderView[], executions: readonly ExecutionView[]): void {
  const byChild = new Sums();
  for (const { child_id: child, quantity } of executions) byChild.add(child, quantity);
  for (const order of orders) {
    const sum = new Sums();
    for (const child of order.children) {
      assert.equal(child.filled_quantity, byChild.of(child.id), `executions of ${child.id}`);
      sum.add('all', child.filled_quantity);
    }
    assert.equal(order.filled_quantity, sum.of('all'), `children of ${order.id}`);
  }
}
