import type { DatabaseSync } from 'node:sqlite';
import type { PartitionId } from '../../../domain/ids.ts';
import type { Mark } from '../../../ports/records.ts';
import { openDatabase, removeDatabase } from './database.ts';
import { type AnyAnswer, answerFrom, type Question } from './lists.ts';
import { type Batch, type JournalSource, Projector } from './projector.ts';
import { Statements } from './read/statements.ts';

/** The tables with what writes and what reads them, on one connection in one thread. */
export class RecordsEngine {
  readonly db: DatabaseSync;
  readonly #projector: Projector;
  readonly #statements: Statements;

  private constructor(db: DatabaseSync, projector: Projector) {
    this.db = db;
    this.#projector = projector;
    this.#statements = new Statements(db);
  }

  /** Goes on where the tables end; tables that belong to another journal are made anew. */
  static open(path: string, journal: JournalSource): RecordsEngine {
    const db = openDatabase(path);
    const projector = new Projector(db, journal);
    if (projector.continues()) return new RecordsEngine(db, projector);
    db.close();
    removeDatabase(path);
    const fresh = openDatabase(path);
    return new RecordsEngine(fresh, new Projector(fresh, journal));
  }

  step(limit: number, first: PartitionId | null = null): Batch {
    return this.#projector.step(limit, first);
  }

  projectedSeq(partition: PartitionId): number {
    return this.#projector.projectedSeq(partition);
  }

  positions(): [PartitionId, number][] {
    return this.#projector.positions();
  }

  hasPassed(mark: Mark | null): boolean {
    return mark === null || this.projectedSeq(mark.partition) >= mark.seq;
  }

  answer(question: Question): AnyAnswer {
    return answerFrom(this.#statements, question, !this.hasPassed(question.query.mark));
  }

  close(): void {
    if (this.db.isOpen) this.db.close();
  }
}
