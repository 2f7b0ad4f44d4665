import { Worker } from 'node:worker_threads';
import type { WriterReport, WriterStart, WriterTask } from './writer-protocol.ts';

/** How a task ended: durable; refused and rolled back; or the writer failed and will write nothing any more. */
export type TaskEnd = Readonly<{ type: 'done' } | { type: 'refused' | 'failed'; message: string }>;

/** The writer thread as the main thread sees it. Keeps the process alive only while a task is under way. */
export class WriterThread {
  readonly #worker: Worker;
  readonly #ends: ((end: TaskEnd) => void)[] = [];
  #onFailure: (message: string) => void = () => {};
  #failure: string | null = null;

  readonly #ready: Promise<void>;

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#ready = new Promise((resolve, reject) => {
      this.#ends.push((end) => (end.type === 'done' ? resolve() : reject(new Error(end.message))));
    });
    worker.on('message', (report: WriterReport) => this.#take(report));
    worker.on('error', (error) => this.#fail(`the writer thread crashed: ${error.message}`));
    worker.on('exit', (code) => this.#fail(`the writer thread ended (${code})`));
  }

  /** Resolves when the thread has opened the database; rejects when it could not. */
  static async start(start: WriterStart): Promise<WriterThread> {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'; // published packages are compiled
    const worker = new Worker(new URL(`./writer-thread.${extension}`, import.meta.url), {
      workerData: start,
      name: 'journal-writer',
      execArgv: [],
    });
    const writer = new WriterThread(worker);
    await writer.#ready;
    return writer;
  }

  /** Told once: a commit failed, or the thread died. After that every task ends `failed`. */
  onFailure(run: (message: string) => void): void {
    this.#onFailure = run;
  }

  send(task: WriterTask, ended: (end: TaskEnd) => void, transfer: readonly ArrayBuffer[] = []): void {
    if (this.#failure !== null) {
      ended({ type: 'failed', message: this.#failure });
      return;
    }
    if (this.#ends.length === 0) this.#worker.ref();
    this.#ends.push(task.type === 'seal' ? (end) => this.#sealed(end, ended) : ended);
    this.#worker.postMessage(task, transfer);
  }

  /** Ends the thread; what it has not done is not done. */
  async terminate(): Promise<void> {
    this.#onFailure = () => {};
    this.#worker.ref();
    await this.#worker.terminate();
    this.#fail('the writer thread was ended'); // whoever still waits is told
  }

  /** The thread ends by itself after a seal; that may be heard before whoever sealed can say `terminate`. */
  #sealed(end: TaskEnd, ended: (end: TaskEnd) => void): void {
    if (end.type === 'done') this.#onFailure = () => {};
    ended(end);
  }

  #take(report: WriterReport): void {
    if (report.type === 'failed') {
      this.#fail(report.message);
      return;
    }
    const ended = this.#ends.shift();
    if (this.#ends.length === 0) this.#worker.unref();
    ended?.(report);
  }

  #fail(message: string): void {
    if (this.#failure !== null) return;
    this.#failure = message;
    this.#worker.unref();
    this.#onFailure(message);
    for (const ended of this.#ends.splice(0)) ended({ type: 'failed', message });
  }
}
