import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryJournal } from '../../test/support/memory-journal.ts';
import { IN_MEMORY } from '../adapters/sqlite/records/database.ts';
import { RecordsEngine } from '../adapters/sqlite/records/engine.ts';
import { encoded, partitionOf, Scribe } from '../adapters/sqlite/records/testing/events.ts';
import { CommandError } from './exit.ts';
import { verificationLine } from './records.ts';
import { compareWithState } from './records-check.ts';

/** More orders than an account remembers once they are closed, a minute apart so that all but the last may be forgotten. */
const ORDERS = 5_010;

test('orders that the account has forgotten are compared too, and nothing else is found', () => {
  const journal = new MemoryJournal();
  const scribe = new Scribe('a1');
  const events = [scribe.opened(), scribe.deposited(1, 'USDT', '1000')];
  for (let seq = 1; seq <= ORDERS; seq += 1) events.push(...scribe.canceled({ seq, ms: seq * 60_000 }));
  journal.append(partitionOf('a1'), encoded(events));
  const engine = RecordsEngine.open(IN_MEMORY, journal);
  while (engine.step(2_000).records > 0);
  engine.db.exec("UPDATE orders SET status = 'filled' WHERE seq = 1; DELETE FROM orders WHERE seq = 2");
  const { orders, problems } = compareWithState(journal, engine.db);
  assert.equal(orders, ORDERS);
  assert.deepEqual(problems, [
    'a1 o-1: is filled, the account says canceled',
    `a1: ${ORDERS - 1} orders, the account has ${ORDERS}`,
  ]);
  engine.close();
});

test('a verification says in one line what agrees, or ends with the first difference', () => {
  const counts = { accounts: 1, orders: 2, lines: 3 };
  assert.equal(verificationLine({ ...counts, problems: [] }), 'records agree: 1 accounts, 2 orders, 3 ledger lines');
  assert.throws(
    () => verificationLine({ ...counts, problems: ['a1 USDT: ledger 1, balance 2', 'more'] }),
    (error: unknown) =>
      error instanceof CommandError &&
      error.exit === 1 &&
      error.code === 'RECORDS_DIFFER' &&
      error.message.startsWith('a1 USDT: ledger 1, balance 2 (and 1 more)'),
  );
});
