import type { UnixMs } from '../../src/domain/ids.ts';
import { invariant } from '../../src/domain/result.ts';
import type { Clock, Timer } from '../../src/ports/clock.ts';
import { TimerQueue } from './timer-queue.ts';

/** 2026-01-01T00:00:00Z. */
export const SIM_START = 1_767_225_600_000 as UnixMs;

/** Steps between two turns of the real event loop: often enough for signals and a watchdog, rare enough to cost nothing. */
const STEPS_PER_TURN = 256;

/**
 * Time that moves only from one planned event to the next, counted in whole microseconds so that no rounding can swap
 * two events. Ties run in the order of planning.
 *
 * Between two events every microtask is drained, and nothing else runs. `process.nextTick` is what tells: Node runs
 * the next tick only when the microtask queue is empty, however long the chains in it are, so resuming in one means
 * that all promises that could move have moved. A turn of the event loop (`setImmediate`) would tell as much, but
 * costs three times as much and lets timers, sockets and files of the real world in. (Simulated code may not use `nextTick`, `setImmediate`
 * or anything real: what does not live in microtasks and on this clock would not be drained.)
 */
export class VirtualClock implements Clock {
  readonly #queue = new TimerQueue();
  readonly #startAt: number;
  readonly #observers: (() => void)[] = [];
  #nowUs = 0;
  #steps = 0;
  #running = false;

  constructor(startAt: UnixMs = SIM_START) {
    this.#startAt = startAt;
  }

  now(): UnixMs {
    return (this.#startAt + Math.floor(this.#nowUs / 1_000)) as UnixMs;
  }

  monotonic(): number {
    return this.#nowUs / 1_000;
  }

  /** Microseconds since the start: the unit in which things are planned. */
  get nowUs(): number {
    return this.#nowUs;
  }

  /** Events run so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Events planned and not yet run. */
  get pending(): number {
    return this.#queue.size;
  }

  after(delayMs: number, run: () => void): Timer {
    return this.at(this.#nowUs + Math.ceil(Math.max(0, delayMs) * 1_000), run);
  }

  /** Plans for an exact microsecond, for what must not overtake something planned before. */
  at(atUs: number, run: () => void): Timer {
    invariant(atUs >= this.#nowUs && Number.isSafeInteger(atUs), 'planned in the past or off the microsecond');
    const event = this.#queue.add(atUs, run);
    return { cancel: () => this.#queue.cancel(event) };
  }

  /** Called after every event, when its microtasks are drained: where the checkers look. */
  onStep(observe: () => void): void {
    this.#observers.push(observe);
  }

  /** Runs the next event and drains. False when nothing is planned. What an event throws, this throws. */
  async step(): Promise<boolean> {
    invariant(!this.#running, 'virtual time is moved by one caller at a time, never from inside an event');
    this.#running = true;
    try {
      await this.drain();
      return await this.#runNext();
    } finally {
      this.#running = false;
    }
  }

  /** Runs everything up to and including `monotonicMs`, then stands there. */
  async runUntil(monotonicMs: number): Promise<void> {
    const untilUs = Math.round(monotonicMs * 1_000);
    await this.drain();
    while ((this.#queue.nextAtUs() ?? Number.POSITIVE_INFINITY) <= untilUs) await this.step();
    this.#nowUs = Math.max(this.#nowUs, untilUs);
  }

  runFor(ms: number): Promise<void> {
    return this.runUntil((this.#nowUs + Math.round(ms * 1_000)) / 1_000);
  }

  /** Runs until `condition` holds; false when `limitMs` of virtual time passed or nothing is planned before. */
  async runWhile(condition: () => boolean, limitMs: number): Promise<boolean> {
    const limitUs = this.#nowUs + Math.round(limitMs * 1_000);
    await this.drain();
    while (condition()) {
      const nextUs = this.#queue.nextAtUs();
      if (nextUs === null || nextUs > limitUs) return false;
      await this.step();
    }
    return true;
  }

  /** Lets every microtask run that can run without time passing. */
  async drain(): Promise<void> {
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }

  async #runNext(): Promise<boolean> {
    const event = this.#queue.take();
    if (event === null) return false;
    this.#nowUs = event.atUs;
    this.#steps += 1;
    event.run();
    await this.drain();
    for (const observe of this.#observers) observe();
    if (this.#steps % STEPS_PER_TURN === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    return true;
  }
}
