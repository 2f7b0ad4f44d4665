import type { AccountId } from '../../../../domain/ids.ts';
import { ok } from '../../../../domain/result.ts';
import type {
  ChildRecord, ExecutionQuery, ExecutionRecord, HistoryQuery, OrderEventRecord, OrderHistory, OrderQuery, OrderRecord,
  RecordPage, RecordsAnswer,
} from '../../../../ports/records.ts'; // biome-ignore format: a list
import type { ChildRow, OrderEventRow, OrderRow } from '../tables.ts';
import { childRecord, executionRecord, type JoinedExecutionRow, orderRecord } from './order-records.ts';
import { Conditions, cursorKey, cursorText, cut } from './page.ts';
import type { Statements } from './statements.ts';

type Page<T> = RecordsAnswer<Omit<RecordPage<T>, 'stale'>>;

const joined = (index: string): string => `SELECT executions.*, orders.id AS order_id, orders.client_order_id
  FROM executions INDEXED BY executions_${index} JOIN orders ON orders.account = executions.account AND orders.seq = executions.order_seq`;

/** Newest accepted first. */
export function listOrders(statements: Statements, query: OrderQuery): Page<OrderRecord> {
  const { account, limit } = query;
  const key = cursorKey('orders', account, query.cursor, 2);
  if (!key.ok) return key;
  const where = new Conditions()
    .and('account = ?', account)
    .when(query.clientOrderId, 'client_order_id = ?')
    .when(query.instrument, 'instrument = ?')
    .when(query.category, 'category = ?')
    .when(query.from, 'created_at >= ?')
    .when(query.to, 'created_at <= ?');
  if (query.status === 'open') where.and('closed_at IS NULL');
  else if (query.status === 'final') where.and('closed_at IS NOT NULL');
  else where.when(query.status, 'status = ?');
  if (key.value !== null) where.and('(created_at, seq) < (?, ?)', ...key.value);
  const index = orderIndex(query);
  const sql = `SELECT * FROM orders INDEXED BY ${index} WHERE ${where.sql} ORDER BY created_at DESC, seq DESC LIMIT ?`;
  const found = statements.all<OrderRow>(sql, [...where.values, limit + 1]);
  const { rows, nextCursor } = cut(found, limit, (last) => cursorText('orders', account, [last.created_at, last.seq]));
  return ok({ items: withChildren(statements, account, rows, query.decisions), nextCursor });
}

const COMMON_ENDS: readonly (string | null)[] = ['filled', 'canceled'];

/**
 * The index with the fewest rows to pass over. Named, because the planner has no statistics to choose by and a wrong
 * guess is a walk through all of an account's orders.
 */
function orderIndex({ clientOrderId, instrument, status }: OrderQuery): string {
  if (clientOrderId !== null) return 'orders_by_client_id';
  if (status === 'open') return 'orders_open';
  const rare = status !== null && status !== 'final' && !COMMON_ENDS.includes(status);
  if (instrument !== null && !rare) return 'orders_by_instrument';
  return status === null || status === 'final' ? 'orders_by_time' : 'orders_by_status';
}

/** Adds the children, and the first decisions where they are wanted, of all rows in one query each. */
function withChildren(
  statements: Statements,
  account: AccountId,
  rows: readonly OrderRow[],
  decisions: boolean,
): OrderRecord[] {
  const values = [account, JSON.stringify(rows.map(({ seq }) => seq))];
  const ofThese = 'account = ? AND order_seq IN (SELECT value FROM json_each(?))';
  const children = new Map<number, ChildRecord[]>();
  for (const row of statements.all<ChildRow>(`SELECT * FROM children WHERE ${ofThese} ORDER BY order_seq, n`, values)) {
    const siblings = children.get(row.order_seq);
    if (siblings === undefined) children.set(row.order_seq, [childRecord(row)]);
    else siblings.push(childRecord(row));
  }
  const firstDecisions = `SELECT order_seq, decision FROM routing_decisions WHERE ${ofThese} AND round = 1`;
  const found = decisions ? statements.all<{ order_seq: number; decision: string }>(firstDecisions, values) : [];
  const bySeq = new Map(found.map(({ order_seq, decision }) => [order_seq, decision]));
  return rows.map((row) => orderRecord(row, children.get(row.seq) ?? [], bySeq.get(row.seq) ?? null));
}

/** Newest first by the venue's time. */
export function listExecutions(statements: Statements, query: ExecutionQuery): Page<ExecutionRecord> {
  const { account, limit } = query;
  const key = cursorKey('executions', account, query.cursor, 2);
  if (!key.ok) return key;
  const where = new Conditions()
    .and('executions.account = ?', account)
    .when(query.order, 'order_seq = (SELECT seq FROM orders WHERE account = executions.account AND id = ?)')
    .when(query.instrument, 'executions.instrument = ?')
    .when(query.category, 'executions.category = ?')
    .when(query.from, 'executed_at >= ?')
    .when(query.to, 'executed_at <= ?');
  if (key.value !== null) where.and('(executed_at, executions.seq) < (?, ?)', ...key.value);
  const index = query.order !== null ? 'by_order' : query.instrument !== null ? 'by_instrument' : 'by_time';
  const sql = `${joined(index)} WHERE ${where.sql} ORDER BY executed_at DESC, executions.seq DESC LIMIT ?`;
  const found = statements.all<JoinedExecutionRow>(sql, [...where.values, limit + 1]);
  const { rows, nextCursor } = cut(found, limit, (last) =>
    cursorText('executions', account, [last.executed_at, last.seq]),
  );
  return ok({ items: rows.map(executionRecord), nextCursor });
}

/** One order with everything that happened to it, oldest first. */
export function orderHistory(
  statements: Statements,
  { account, order }: HistoryQuery,
): Omit<OrderHistory, 'stale'> | null {
  const [row] = statements.all<OrderRow>('SELECT * FROM orders WHERE account = ? AND id = ?', [account, order]);
  if (row === undefined) return null;
  const [record] = withChildren(statements, account, [row], true);
  const mine = [account, row.seq];
  const executions = statements.all<JoinedExecutionRow>(
    `${joined('by_order')} WHERE executions.account = ? AND order_seq = ? ORDER BY executed_at, executions.seq`,
    mine,
  );
  const events = statements.all<OrderEventRow>(
    'SELECT * FROM order_events WHERE account = ? AND order_seq = ? ORDER BY seq',
    mine,
  );
  return { order: record as OrderRecord, executions: executions.map(executionRecord), events: events.map(eventRecord) };
}

const eventRecord = ({ at, type, child, text }: OrderEventRow): OrderEventRecord =>
  ({ at, type, child, text }) as OrderEventRecord;
