import type { AccountId, AssetId, ClientOrderId, ExecId, OrderId, UnixMs } from '../../../../domain/ids.ts';
import { ok } from '../../../../domain/result.ts';
import type {
  AnomalyRecord, Contra, LedgerCause, LedgerQuery, LedgerRecord, PageQuery, RecordPage, RecordsAnswer,
} from '../../../../ports/records.ts'; // biome-ignore format: a list
import { amountOf } from '../amounts.ts';
import type { AnomalyRow, LedgerRow } from '../tables.ts';
import { Conditions, cursorKey, cursorText, cut } from './page.ts';
import type { Statements } from './statements.ts';

type Page<T> = RecordsAnswer<Omit<RecordPage<T>, 'stale'>>;
type JoinedLedgerRow = LedgerRow & Readonly<{ order_id: string | null }>;

/** Last booked first. */
export function listLedger(statements: Statements, query: LedgerQuery): Page<LedgerRecord> {
  const { account, limit, cause } = query;
  const key = cursorKey('ledger', account, query.cursor, 2);
  if (!key.ok) return key;
  const where = new Conditions()
    .and('ledger.account = ?', account)
    .when(query.asset, 'asset = ?')
    .when(cause, 'cause = ?')
    .when(query.from, 'at >= ?')
    .when(query.to, 'at <= ?');
  if (!query.holds && cause === null) where.and('moves = 1');
  if (key.value !== null) where.and('(ledger.seq, n) < (?, ?)', ...key.value);
  const sql = `SELECT ledger.*, orders.id AS order_id FROM ledger ${ledgerIndex(query)}
    LEFT JOIN orders ON orders.account = ledger.account AND orders.seq = order_seq
    WHERE ${where.sql} ORDER BY ledger.seq DESC, n DESC LIMIT ?`;
  const found = statements.all<JoinedLedgerRow>(sql, [...where.values, limit + 1]);
  const { rows, nextCursor } = cut(found, limit, ({ seq, n }) => cursorText('ledger', account, [seq, n]));
  return ok({ items: rows.map(ledgerRecord), nextCursor });
}

/** Without a filter the rows lie in the right order already. */
function ledgerIndex({ cause, asset, holds }: LedgerQuery): string {
  if (cause !== null) return 'INDEXED BY ledger_by_cause';
  return asset !== null && !holds ? 'INDEXED BY ledger_by_asset' : '';
}

function ledgerRecord(row: JoinedLedgerRow): LedgerRecord {
  return {
    account: row.account as AccountId,
    id: `${row.seq}.${row.n}`,
    asset: row.asset as AssetId,
    cause: row.cause as LedgerCause,
    contra: row.contra as Contra,
    total: amountOf(row.total),
    held: amountOf(row.held),
    totalAfter: amountOf(row.total_after),
    heldAfter: amountOf(row.held_after),
    order: row.order_id as OrderId | null,
    child: row.child as ClientOrderId | null,
    execId: row.exec_id as ExecId | null,
    reference: row.reference,
    actor: row.actor,
    note: row.note,
    at: row.at as UnixMs,
  };
}

/** Newest first. */
export function listAnomalies(statements: Statements, query: PageQuery): Page<AnomalyRecord> {
  const { account, limit } = query;
  const key = cursorKey('anomalies', account, query.cursor, 1);
  if (!key.ok) return key;
  const where = new Conditions().and('account = ?', account).when(query.from, 'at >= ?').when(query.to, 'at <= ?');
  if (key.value !== null) where.and('seq < ?', ...key.value);
  const sql = `SELECT * FROM anomalies WHERE ${where.sql} ORDER BY seq DESC LIMIT ?`;
  const found = statements.all<AnomalyRow>(sql, [...where.values, limit + 1]);
  const { rows, nextCursor } = cut(found, limit, ({ seq }) => cursorText('anomalies', account, [seq]));
  return ok({ items: rows.map(({ at, code, detail }) => ({ at: at as UnixMs, code, detail })), nextCursor });
}
