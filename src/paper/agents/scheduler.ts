import type { Clock, Timer } from '../../ports/clock.ts';

/** Who takes turns. */
export interface Turn {
  /** Does it, and says after how many milliseconds it wants to again; null: never. */
  run(now: number): number | null;
}

type Due = Readonly<{ at: number; order: number; turn: Turn }>;

/**
 * Runs turns when they are due, with one timer for all. Due times are moved up to the next whole slot, so that what is
 * due at about the same time costs one wake-up. In order of time, then of their asking: the same on every run.
 */
export class Scheduler {
  readonly #clock: Clock;
  readonly #slotMs: number;
  /** A binary heap: the earliest first. */
  readonly #heap: Due[] = [];
  #order = 0;
  #timer: Timer | null = null;
  #wakesAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, slotMs: number) {
    this.#clock = clock;
    this.#slotMs = slotMs;
  }

  add(turn: Turn, delayMs: number): void {
    const at = Math.ceil((this.#clock.now() + Math.max(1, delayMs)) / this.#slotMs) * this.#slotMs;
    push(this.#heap, { at, order: this.#order++, turn });
    this.#wake();
  }

  /** Forgets all. */
  clear(): void {
    this.#heap.length = 0;
    this.#timer?.cancel();
    this.#timer = null;
    this.#wakesAt = Number.POSITIVE_INFINITY;
  }

  #wake(): void {
    const first = this.#heap[0];
    if (first === undefined || first.at >= this.#wakesAt) return;
    this.#timer?.cancel();
    this.#wakesAt = first.at;
    this.#timer = this.#clock.after(first.at - this.#clock.now(), () => this.#run());
  }

  #run(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      pop(this.#heap);
      const pause = first.turn.run(now);
      if (pause === null) continue;
      const at = Math.ceil((now + Math.max(1, pause)) / this.#slotMs) * this.#slotMs;
      push(this.#heap, { at, order: this.#order++, turn: first.turn });
    }
    this.#wake();
  }
}

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Due[], one: Due): void {
  let at = heap.length;
  heap.push(one);
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    if (!isBefore(one, heap[parent] as Due)) break;
    heap[at] = heap[parent] as Due;
    at = parent;
  }
  heap[at] = one;
}

function pop(heap: Due[]): void {
  const last = heap.pop() as Due;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) child += 1;
    if (!isBefore(heap[child] as Due, last)) break;
    heap[at] = heap[child] as Due;
    at = child;
  }
  heap[at] = last;
}
