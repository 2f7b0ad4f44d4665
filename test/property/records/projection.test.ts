// The records against the journal they come from. However the projector is cut into batches, killed or confused, the
// tables end up as a rebuild makes them, byte for byte, and add up to what the accounts themselves know.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contentHash } from '../../../src/adapters/sqlite/records/dump.ts';
import { IN_MEMORY, openDatabase } from '../../../src/adapters/sqlite/records/database.ts';
import { type JournalSource, Projector } from '../../../src/adapters/sqlite/records/projector.ts';
import { compareWithState } from '../../../src/app/records-check.ts';
import type { PartitionId } from '../../../src/domain/ids.ts';
import type { JournalRecord } from '../../../src/ports/journal.ts';
import { type Happening, happening, Traffic } from './traffic.ts';

const RUNS = process.env['OKD_LONG'] === '1' ? 1_000 : 30;

/** What happens to the projector after a happening: it folds, dies between two batches, or meets a record it cannot read. */
type Fate = Readonly<{ limit: number; fate: 'fold' | 'die' | 'choke' | 'sleep' }>;
const fate: fc.Arbitrary<Fate> = fc.record({
  limit: fc.integer({ min: 1, max: 40 }),
  fate: fc.constantFrom('fold', 'fold', 'fold', 'die', 'choke', 'sleep'),
});

const EXPECTED = [
  'accepted', 'routed', 'acknowledged', 'traded', 'cancel_requested', 'cancel_refused', 'doubted', 'confirmed',
  'canceled', 'expired', 'rejected', 'filled', 'venue_excluded', 'child_closing',
]; // biome-ignore format: a list

function rebuilt(journal: JournalSource) {
  const db = openDatabase(IN_MEMORY);
  const projector = new Projector(db, journal);
  while (projector.step(1_000_000).records > 0);
  return db;
}

class Live {
  readonly db = openDatabase(IN_MEMORY);
  /** The journal of now, behind the projector that lives longer than it. */
  journal!: JournalSource;
  /** How many records can still be read before one that cannot; null: all. */
  #readable: number | null = null;
  readonly #source: JournalSource = {
    partitions: () => this.journal.partitions(),
    read: (partition, fromSeq) => this.#read(partition, fromSeq),
  };
  #projector = new Projector(this.db, this.#source);
  failures = 0;

  meet({ limit, fate: what }: Fate, journal: JournalSource): void {
    this.journal = journal;
    if (what === 'sleep') return;
    if (what === 'die') this.#projector = new Projector(this.db, this.#source);
    if (what === 'choke') this.#choke(limit);
    this.#projector.step(limit);
  }

  *#read(partition: PartitionId, fromSeq: number): Generator<JournalRecord> {
    for (const record of this.journal.read(partition, fromSeq)) {
      if (this.#readable !== null) this.#readable -= 1;
      yield this.#readable === -1 ? { seq: record.seq, payload: new Uint8Array([123]) } : record;
    }
  }

  /** The batch that meets the unreadable record fails after others of it were folded. */
  #choke(limit: number): void {
    this.#readable = limit % 7;
    try {
      this.#projector.step(limit);
    } catch {
      this.failures += 1;
    }
    this.#readable = null;
  }

  catchUp(): void {
    while (this.#projector.step(13).records > 0);
    assert.ok(this.#projector.continues());
  }
}

test('live folding with crashes equals a rebuild, and both equal the accounts', async (t) => {
  const seen = { records: 0, failures: 0, events: new Set<string>(), anomalies: 0, closed: 0, late: 0, due: 0 };
  const property = fc.asyncProperty(
    fc.boolean(),
    fc.array(fc.tuple(happening, fate), { minLength: 50, maxLength: 150, size: 'max' }),
    async (poor: boolean, script: [Happening, Fate][]) => {
      const traffic = new Traffic();
      await traffic.begin(poor);
      const live = new Live();
      for (const [what, then] of script) {
        await traffic.run(what);
        live.meet(then, traffic.bench.journal.afterCrash());
      }
      live.journal = traffic.bench.journal.afterCrash();
      live.catchUp();
      const again = rebuilt(live.journal);
      assert.equal(contentHash(live.db), contentHash(again));
      const { problems, lines } = compareWithState(live.journal, live.db);
      assert.deepEqual(problems, []);
      assert.ok(lines > 0);
      seen.failures += live.failures;
      for (const { type } of live.db.prepare('SELECT DISTINCT type FROM order_events').all())
        seen.events.add(`${type}`);
      const count = (sql: string): number => Number(live.db.prepare(sql).get()?.['n']);
      seen.anomalies += count('SELECT count(*) AS n FROM anomalies');
      seen.closed += count('SELECT count(*) AS n FROM orders WHERE closed_at IS NOT NULL');
      seen.late += count('SELECT count(*) AS n FROM executions WHERE late = 1');
      seen.due += count("SELECT count(*) AS n FROM executions WHERE charged_due <> '0'");
      seen.records += count('SELECT sum(last_seq) AS n FROM projection');
      live.db.close();
      again.close();
    },
  );
  await fc.assert(property, { numRuns: RUNS });
  t.diagnostic(`${seen.records} journal records, ${seen.closed} closed orders, ${seen.failures} failed batches`);
  const missing = EXPECTED.filter((type) => !seen.events.has(type));
  assert.deepEqual(missing, [], 'kinds of events that were never folded');
  const { failures, anomalies, closed, late, due } = seen;
  assert.ok(
    failures > 10 && anomalies > 10 && closed > 50 && late > 0 && due > 0,
    JSON.stringify({ ...seen, events: 0 }),
  );
});
