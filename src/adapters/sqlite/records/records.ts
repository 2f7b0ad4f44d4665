import { Worker } from 'node:worker_threads';
import type { PartitionId } from '../../../domain/ids.ts';
import { err } from '../../../domain/result.ts';
import { type Log, silentLog } from '../../../ports/log.ts';
import type { Records } from '../../../ports/records.ts';
import { type AnyAnswer, type Question, queriesOver } from './lists.ts';
import type { ThreadReport, ThreadRequest, ThreadStart } from './protocol.ts';

const RESTART_MS = 500;
const UNAVAILABLE = { code: 'RECORDS_UNAVAILABLE', message: 'The records are not there now; try again.' } as const;

/**
 * Opens the records of a data directory that this process has open, and has them follow its journal. Returns at once:
 * what was written while nobody followed is caught up with in the background, and answers say `stale` until then.
 */
export function openRecords(dir: string, log: Log = silentLog): Records {
  const thread = new RecordsThread(dir, log);
  return {
    ...queriesOver((question) => thread.ask(question)),
    projectedSeq: (partition) => thread.projectedSeq(partition),
    close: () => thread.close(),
  };
}

/** The records thread as the main thread sees it. Should it die, it is started again; trading does not depend on it. */
class RecordsThread {
  readonly #dir: string;
  readonly #log: Log;
  readonly #asked = new Map<number, (answer: AnyAnswer) => void>();
  readonly #positions = new Map<PartitionId, number>();
  #lastId = 0;
  #worker: Worker | null;
  #closed: Promise<void> | null = null;

  constructor(dir: string, log: Log) {
    this.#dir = dir;
    this.#log = log;
    this.#worker = this.#start();
  }

  projectedSeq(partition: PartitionId): number {
    return this.#positions.get(partition) ?? 0;
  }

  ask(question: Question): Promise<AnyAnswer> {
    const worker = this.#worker;
    if (worker === null || this.#closed !== null) return Promise.resolve(err(UNAVAILABLE));
    this.#lastId += 1;
    const id = this.#lastId;
    worker.ref(); // who waits for an answer gets one, also at the end of a program
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      worker.postMessage({ type: 'ask', id, question } satisfies ThreadRequest);
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#stop();
    return this.#closed;
  }

  #stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return Promise.resolve();
    return new Promise((resolve) => {
      worker.once('exit', () => resolve());
      worker.ref();
      worker.postMessage({ type: 'stop' } satisfies ThreadRequest);
    });
  }

  #start(): Worker {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'; // published packages are compiled
    const worker = new Worker(new URL(`./records-thread.${extension}`, import.meta.url), {
      workerData: { dir: this.#dir } satisfies ThreadStart,
      name: 'records',
      execArgv: [],
    });
    worker.unref();
    worker.on('message', (report: ThreadReport) => this.#take(report));
    worker.on('error', (error) => this.#log.error('records_thread_crashed', { error: error.message }));
    worker.on('exit', () => this.#ended());
    return worker;
  }

  #take(report: ThreadReport): void {
    switch (report.type) {
      case 'answer':
        this.#asked.get(report.id)?.(report.answer);
        this.#asked.delete(report.id);
        if (this.#asked.size === 0 && this.#closed === null) this.#worker?.unref();
        return;
      case 'opened':
        this.#positions.clear();
        return this.#note(report.positions);
      case 'projected':
        return this.#note(report.positions);
      case 'stalled':
        return this.#log.error('records_stalled', { reason: report.message });
      case 'following':
        return this.#log.info('records_following');
    }
  }

  #note(positions: readonly (readonly [PartitionId, number])[]): void {
    for (const [partition, seq] of positions) this.#positions.set(partition, seq);
  }

  #ended(): void {
    this.#worker = null;
    for (const answer of this.#asked.values()) answer(err(UNAVAILABLE));
    this.#asked.clear();
    if (this.#closed !== null) return;
    const restart = setTimeout(() => {
      if (this.#closed === null) this.#worker = this.#start();
    }, RESTART_MS);
    restart.unref();
  }
}
