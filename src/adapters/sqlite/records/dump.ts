import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { TABLES } from './tables.ts';

/** SHA-256 over every row of every table, in the order of their keys: equal tables, equal text. */
export function contentHash(db: DatabaseSync): string {
  const hash = createHash('sha256');
  for (const { name, key } of TABLES) {
    hash.update(`\n${name}\n`);
    const rows = db.prepare(`SELECT * FROM ${name} ORDER BY ${key.join(', ')}`);
    rows.setReturnArrays(true);
    for (const row of rows.iterate()) hash.update(`${JSON.stringify(row)}\n`);
  }
  return hash.digest('hex');
}
