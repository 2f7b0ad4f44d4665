import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** Statements by their text: a list has few combinations of filters, each prepared once. */
export class Statements {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** `Row` is what the columns of the query are: nothing checks it. */
  all<Row>(sql: string, values: readonly SQLInputValue[]): Row[] {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement.all(...values) as Row[];
  }
}
