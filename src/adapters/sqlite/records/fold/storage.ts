import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AccountId, ClientOrderId, OrderId, PartitionId } from '../../../../domain/ids.ts';
import { TableWriter } from '../table.ts';
import {
  ANOMALIES, AUDIT, BALANCES, type BalanceRow, CHILDREN, type ChildRow, DECISIONS, EXECUTIONS, LEDGER, ORDER_EVENTS,
  ORDERS, type OrderRow, PROJECTION, type ProjectionRow,
} from '../tables.ts'; // biome-ignore format: a list

/** The statements of the folds, prepared once: what they write, and the rows that they go on from. */
export class Storage {
  readonly orders: TableWriter<typeof ORDERS>;
  readonly decisions: TableWriter<typeof DECISIONS>;
  readonly children: TableWriter<typeof CHILDREN>;
  readonly executions: TableWriter<typeof EXECUTIONS>;
  readonly ledger: TableWriter<typeof LEDGER>;
  readonly balances: TableWriter<typeof BALANCES>;
  readonly orderEvents: TableWriter<typeof ORDER_EVENTS>;
  readonly anomalies: TableWriter<typeof ANOMALIES>;
  readonly audit: TableWriter<typeof AUDIT>;
  readonly projection: TableWriter<typeof PROJECTION>;
  readonly #order: StatementSync;
  readonly #orderOfChild: StatementSync;
  readonly #children: StatementSync;
  readonly #balances: StatementSync;
  readonly #positions: StatementSync;

  constructor(db: DatabaseSync) {
    this.orders = new TableWriter(db, ORDERS);
    this.decisions = new TableWriter(db, DECISIONS);
    this.children = new TableWriter(db, CHILDREN);
    this.executions = new TableWriter(db, EXECUTIONS);
    this.ledger = new TableWriter(db, LEDGER);
    this.balances = new TableWriter(db, BALANCES);
    this.orderEvents = new TableWriter(db, ORDER_EVENTS);
    this.anomalies = new TableWriter(db, ANOMALIES);
    this.audit = new TableWriter(db, AUDIT);
    this.projection = new TableWriter(db, PROJECTION);
    this.#order = db.prepare('SELECT * FROM orders WHERE account = ? AND id = ?');
    this.#orderOfChild = db.prepare(
      `SELECT orders.id FROM children JOIN orders ON orders.account = children.account AND orders.seq = order_seq
       WHERE children.account = ? AND children.id = ?`,
    );
    this.#children = db.prepare('SELECT * FROM children WHERE account = ? AND order_seq = ? ORDER BY n');
    this.#balances = db.prepare('SELECT * FROM balances WHERE account = ?');
    this.#positions = db.prepare('SELECT * FROM projection');
  }

  order(account: AccountId, id: OrderId): OrderRow | undefined {
    return this.#order.get(account, id) as OrderRow | undefined;
  }

  orderOfChild(account: AccountId, child: ClientOrderId): OrderId | undefined {
    return this.#orderOfChild.get(account, child)?.['id'] as OrderId | undefined;
  }

  childrenOf(account: AccountId, orderSeq: number): ChildRow[] {
    return this.#children.all(account, orderSeq) as ChildRow[];
  }

  balancesOf(account: AccountId): BalanceRow[] {
    return this.#balances.all(account) as BalanceRow[];
  }

  /** How far each partition was folded. */
  positions(): Map<PartitionId, ProjectionRow> {
    const rows = this.#positions.all() as ProjectionRow[];
    return new Map(rows.map((row) => [row.partition as PartitionId, row]));
  }
}
