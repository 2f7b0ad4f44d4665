import { invariant } from '../domain/result.ts';

/**
 * Runs one task at a time, in the order in which they came, each to its end. Partitions of one process hand messages
 * to each other through it, so that no partition is entered while it decides.
 */
export class Loop {
  readonly #tasks: (() => void)[] = [];
  readonly #onCrash: (error: unknown) => void;
  #running = false;
  #crashed = false;

  /** `onCrash` is told of the first task that threw: a bug. Nothing runs after that. */
  constructor(onCrash: (error: unknown) => void) {
    this.#onCrash = onCrash;
  }

  get crashed(): boolean {
    return this.#crashed;
  }

  /** True inside a task. */
  get running(): boolean {
    return this.#running;
  }

  post(task: () => void): void {
    if (this.#crashed) return;
    this.#tasks.push(task);
    if (!this.#running) this.#drain();
  }

  #drain(): void {
    this.#running = true;
    try {
      for (let task = this.#tasks.shift(); task !== undefined; task = this.#tasks.shift()) task();
    } catch (error) {
      this.#crashed = true;
      this.#tasks.length = 0;
      this.#onCrash(error);
    } finally {
      this.#running = false;
    }
  }

  /** Runs `read` between two tasks, where every partition's state is consistent. */
  peek<T>(read: () => T): T {
    invariant(!this.#running, 'state is read between tasks');
    return read();
  }
}
