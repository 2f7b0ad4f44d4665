import type { DatabaseSync, StatementSync } from 'node:sqlite';

/**
 * Tables as values: the SQL and the TypeScript type of a row come from one definition and cannot drift apart. Queries
 * are plain prepared SQL. A query builder (Kysely) was tried for this: a hundred milliseconds to load in each thread,
 * asynchronous by nature, and the SQL whose indexes matter out of sight; with nine tables it did not pay.
 */
type Kind = 'text' | 'integer' | 'text?' | 'integer?';
type ValueOf = { text: string; integer: number; 'text?': string | null; 'integer?': number | null };
type Columns = Readonly<Record<string, Kind>>;

export type Table<C extends Columns = Columns> = Readonly<{
  name: string;
  columns: C;
  key: readonly (keyof C & string)[];
  /**
   * `by_key`: rows lie in the order of their key. `as_inserted`: rows of kilobytes, of which a tree in the order of the
   * key would keep a part only and put the rest on pages of their own.
   */
  layout: 'by_key' | 'as_inserted';
  /** What follows `CREATE INDEX <table>_<name> ON <table>`. */
  indexes: Readonly<Record<string, string>>;
}>;

/** `integer` holds times (Unix milliseconds), counts and flags (0 or 1); exact decimals are plain text. */
export type RowOf<T extends Table> = { [Column in keyof T['columns']]: ValueOf[T['columns'][Column]] };

export const table = <const C extends Columns>(
  name: string,
  columns: C,
  key: readonly (keyof C & string)[],
  indexes: Readonly<Record<string, string>> = {},
  layout: Table['layout'] = 'by_key',
): Table<C> => ({ name, columns, key, indexes, layout });

const TYPES = { text: 'TEXT NOT NULL', integer: 'INTEGER NOT NULL', 'text?': 'TEXT', 'integer?': 'INTEGER' } as const;

const OPTIONS = { by_key: 'STRICT, WITHOUT ROWID', as_inserted: 'STRICT' } as const;

/** Statements that make the table and its indexes. */
export function createSql({ name, columns, key, indexes, layout }: Table): string {
  const lines = Object.entries(columns).map(([column, kind]) => `  ${column} ${TYPES[kind]},\n`);
  const made = Object.entries(indexes).map(([index, rest]) => `CREATE INDEX ${name}_${index} ON ${name} ${rest};\n`);
  return `CREATE TABLE ${name} (\n${lines.join('')}  PRIMARY KEY (${key.join(', ')})\n) ${OPTIONS[layout]};\n${made.join('')}`;
}

/** Writes rows of one table. */
export class TableWriter<T extends Table> {
  readonly #columns: readonly string[];
  readonly #insert: StatementSync;
  readonly #put: StatementSync;

  constructor(db: DatabaseSync, { name, columns, key }: T) {
    this.#columns = Object.keys(columns);
    const insert = `INSERT INTO ${name} (${this.#columns.join(', ')}) VALUES (${this.#columns.map(() => '?').join(', ')})`;
    const changed = this.#columns.filter((column) => !key.includes(column));
    this.#insert = db.prepare(insert);
    this.#put = db.prepare(
      `${insert} ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${changed.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    );
  }

  /** A new row. Throws where its key is there already: something was folded twice. */
  insert(row: RowOf<T>): void {
    this.#insert.run(...this.#values(row));
  }

  /** A new row, or the new values of one that is there. */
  put(row: RowOf<T>): void {
    this.#put.run(...this.#values(row));
  }

  #values(row: RowOf<T>): (string | number | null)[] {
    return this.#columns.map(
      (column) => (row as Record<string, string | number | null>)[column] as string | number | null,
    );
  }
}
