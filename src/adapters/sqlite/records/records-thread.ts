import { join } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../../domain/result.ts';
import { STALE_AFTER_MS } from '../../../ports/records.ts';
import { isDamage, RECORDS_FILE, removeDatabase } from './database.ts';
import { RecordsEngine } from './engine.ts';
import { JournalFile } from './journal-file.ts';
import type { Question } from './lists.ts';
import type { ThreadReport, ThreadRequest, ThreadStart } from './protocol.ts';

/**
 * Follows the journal and answers questions, in a thread of its own: neither a batch nor a slow query stops the event
 * loop, and the journal's writer shares nothing with it but the file. A question waits for no poll: it makes the
 * projector look at once.
 */
const BATCH = 500;
/** Between two looks at a quiet journal, and while a question waits for a commit that is under way. */
const IDLE_MS = 50;
const WAITING_MS = 2;
const RETRY_MS = 1_000;

type Waiting = Readonly<{ id: number; question: Question; until: number }>;

class RecordsService {
  readonly #port: MessagePort;
  readonly #path: string;
  readonly #journal: JournalFile;
  #engine: RecordsEngine | null = null;
  #waiting: Waiting[] = [];
  #next: NodeJS.Timeout | null = null;
  /** Version of the journal up to which everything was folded. */
  #drained: number | null = null;
  #retryAt = 0;
  #stalled = false;

  constructor(port: MessagePort, dir: string) {
    this.#port = port;
    this.#path = join(dir, RECORDS_FILE);
    this.#journal = new JournalFile(join(dir, 'journal.db'), dir);
    port.on('message', (request: ThreadRequest) => this.#take(request));
    this.#wakeIn(0);
  }

  #take(request: ThreadRequest): void {
    if (request.type === 'stop') return this.#stop();
    this.#waiting.push({ id: request.id, question: request.question, until: performance.now() + STALE_AFTER_MS });
    this.#wakeIn(0);
  }

  #stop(): void {
    if (this.#next !== null) clearTimeout(this.#next);
    this.#engine?.close();
    this.#journal.close();
    this.#port.close();
  }

  #wakeIn(ms: number): void {
    if (this.#next !== null) clearTimeout(this.#next);
    this.#next = setTimeout(() => this.#run(), ms);
  }

  #run(): void {
    const folded = this.#follow();
    this.#answerWaiting();
    this.#wakeIn(folded > 0 ? 0 : this.#waiting.length > 0 ? WAITING_MS : IDLE_MS);
  }

  /** Folds one batch where there is something new. Returns how many records. */
  #follow(): number {
    if (performance.now() < this.#retryAt) return 0;
    try {
      const version = this.#journal.version();
      this.#engine ??= this.#open();
      if (version === this.#drained) return 0;
      const first = this.#waiting[0]?.question.query.mark?.partition ?? null;
      const { records, positions } = this.#engine.step(BATCH, first);
      if (records === 0) this.#drained = version;
      else this.#report({ type: 'projected', positions });
      if (this.#stalled) this.#report({ type: 'following' });
      this.#stalled = false;
      return records;
    } catch (error) {
      this.#stall(error);
      return 0;
    }
  }

  #open(): RecordsEngine {
    const engine = RecordsEngine.open(this.#path, this.#journal);
    this.#drained = null;
    this.#report({ type: 'opened', positions: engine.positions() });
    return engine;
  }

  /** Damaged tables are dropped and made again, at once the first time; all else is tried again later. Said once. */
  #stall(error: unknown): void {
    this.#retryAt = isDamage(error) && !this.#stalled ? 0 : performance.now() + RETRY_MS;
    if (isDamage(error)) {
      this.#engine?.close();
      this.#engine = null;
      removeDatabase(this.#path);
    }
    if (!this.#stalled) this.#report({ type: 'stalled', message: messageOf(error) });
    this.#stalled = true;
  }

  #answerWaiting(): void {
    const now = performance.now();
    const engine = this.#engine;
    const later: Waiting[] = [];
    for (const one of this.#waiting) {
      const ready = engine?.hasPassed(one.question.query.mark) ?? false;
      if (ready || now >= one.until) this.#answer(one, engine);
      else later.push(one);
    }
    this.#waiting = later;
  }

  #answer({ id, question }: Waiting, engine: RecordsEngine | null): void {
    try {
      if (engine === null) throw new Error('the tables cannot be opened');
      this.#report({ type: 'answer', id, answer: engine.answer(question) });
    } catch (error) {
      if (isDamage(error)) this.#stall(error);
      const message = `The records cannot be read: ${messageOf(error)}.`;
      this.#report({ type: 'answer', id, answer: { ok: false, error: { code: 'RECORDS_UNAVAILABLE', message } } });
    }
  }

  #report(report: ThreadReport): void {
    this.#port.postMessage(report);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

invariant(parentPort !== null, 'the records service runs in a worker thread');
new RecordsService(parentPort, (workerData as ThreadStart).dir);
