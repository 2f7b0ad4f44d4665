import type { DatabaseSync } from 'node:sqlite';
import { ZERO } from '../../../domain/decimal.ts';
import type { AccountId, AssetId, Money, OrderId } from '../../../domain/ids.ts';
import { amountOf } from './amounts.ts';

/** What the rows add up to, for the comparison with the engine's own state: exact, so summed here and not in SQL. */
export type LedgerSum = Readonly<{
  asset: AssetId;
  total: Money;
  held: Money;
  lastTotal: Money;
  lastHeld: Money;
  broken: number;
}>;

type LedgerLine = Readonly<{ asset: string; total: string; held: string; total_after: string; held_after: string }>;

/** Per asset: the sum of the lines, what the last line says, and how many lines do not follow from the one before. */
export function ledgerSums(db: DatabaseSync, account: AccountId): LedgerSum[] {
  const sums = new Map<AssetId, { total: Money; held: Money; lastTotal: Money; lastHeld: Money; broken: number }>();
  const lines = db.prepare(
    'SELECT asset, total, held, total_after, held_after FROM ledger WHERE account = ? ORDER BY seq, n',
  );
  for (const line of lines.iterate(account) as Iterable<LedgerLine>) {
    const sum = sums.get(line.asset as AssetId) ?? {
      total: ZERO,
      held: ZERO,
      lastTotal: ZERO,
      lastHeld: ZERO,
      broken: 0,
    };
    sum.total = (sum.total + amountOf(line.total)) as Money;
    sum.held = (sum.held + amountOf(line.held)) as Money;
    sum.lastTotal = amountOf(line.total_after);
    sum.lastHeld = amountOf(line.held_after);
    if (sum.total !== sum.lastTotal || sum.held !== sum.lastHeld) sum.broken += 1;
    sums.set(line.asset as AssetId, sum);
  }
  return [...sums].map(([asset, sum]) => ({ asset, ...sum }));
}

export type OrderSum = Readonly<{
  id: OrderId;
  status: string;
  certainty: string;
  cumQty: Money;
  cumNotional: Money;
  children: Readonly<{ cumQty: Money; cumNotional: Money; charged: Money }>;
  executions: Readonly<{ cumQty: Money; cumNotional: Money; charged: Money }>;
}>;

type Parts = { cumQty: Money; cumNotional: Money; charged: Money };
type OrderLine = Readonly<{
  seq: number;
  id: string;
  status: string;
  certainty: string;
  cum_qty: string;
  cum_notional: string;
}>;

/** Per order: what its row says, and what its children and its executions add up to. */
export function orderSums(db: DatabaseSync, account: AccountId): OrderSum[] {
  const children = partsBySeq(
    db,
    account,
    'SELECT order_seq, cum_qty AS qty, cum_notional AS notional, charged FROM children',
  );
  const executions = partsBySeq(db, account, 'SELECT order_seq, qty, notional, charged FROM executions');
  const nothing: Parts = { cumQty: ZERO, cumNotional: ZERO, charged: ZERO };
  const orders = db.prepare('SELECT seq, id, status, certainty, cum_qty, cum_notional FROM orders WHERE account = ?');
  return (orders.all(account) as OrderLine[]).map((row) => ({
    id: row.id as OrderId,
    status: row.status,
    certainty: row.certainty,
    cumQty: amountOf(row.cum_qty),
    cumNotional: amountOf(row.cum_notional),
    children: children.get(row.seq) ?? nothing,
    executions: executions.get(row.seq) ?? nothing,
  }));
}

type Part = Readonly<{ order_seq: number; qty: string; notional: string; charged: string }>;

function partsBySeq(db: DatabaseSync, account: AccountId, select: string): Map<number, Parts> {
  const sums = new Map<number, Parts>();
  for (const part of db.prepare(`${select} WHERE account = ?`).iterate(account) as Iterable<Part>) {
    const sum = sums.get(part.order_seq) ?? { cumQty: ZERO, cumNotional: ZERO, charged: ZERO };
    sum.cumQty = (sum.cumQty + amountOf(part.qty)) as Money;
    sum.cumNotional = (sum.cumNotional + amountOf(part.notional)) as Money;
    sum.charged = (sum.charged + amountOf(part.charged)) as Money;
    sums.set(part.order_seq, sum);
  }
  return sums;
}

/** Per asset, over all accounts: what went to the other side of trades, and to the platform. */
export type ContraSums = Readonly<{ clearing: ReadonlyMap<AssetId, Money>; platform: ReadonlyMap<AssetId, Money> }>;

export function contraSums(db: DatabaseSync): ContraSums {
  const sums = { clearing: new Map<AssetId, Money>(), platform: new Map<AssetId, Money>() };
  const lines = db.prepare("SELECT asset, contra, total FROM ledger WHERE contra IN ('clearing', 'platform')");
  for (const line of lines.iterate() as Iterable<{ asset: AssetId; contra: keyof ContraSums; total: string }>) {
    const of = sums[line.contra];
    of.set(line.asset, ((of.get(line.asset) ?? ZERO) - amountOf(line.total)) as Money);
  }
  return sums;
}
