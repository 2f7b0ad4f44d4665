/** A planned event of virtual time. */
export type Planned = { readonly atUs: number; readonly order: number; run: (() => void) | null };

/** Cancelled events stay in the heap until they surface or outnumber the others. */
const COMPACT_FROM = 1_024;

/** Binary heap by time, ties in the order of planning: the same plans always run in the same order. */
export class TimerQueue {
  #heap: Planned[] = [];
  #planned = 0;
  #cancelled = 0;

  /** Events that have neither run nor been cancelled. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  add(atUs: number, run: () => void): Planned {
    this.#planned += 1;
    const event: Planned = { atUs, order: this.#planned, run };
    this.#heap.push(event);
    this.#up(this.#heap.length - 1);
    return event;
  }

  cancel(event: Planned): void {
    if (event.run === null) return;
    event.run = null;
    this.#cancelled += 1;
    if (this.#cancelled > COMPACT_FROM && this.#cancelled * 2 > this.#heap.length) this.#compact();
  }

  /** Time of the next event; null when there is none. */
  nextAtUs(): number | null {
    this.#dropCancelled();
    return this.#heap[0]?.atUs ?? null;
  }

  take(): { atUs: number; run: () => void } | null {
    this.#dropCancelled();
    const event = this.#removeFirst();
    if (event === undefined || event.run === null) return null;
    const { atUs, run } = event;
    event.run = null;
    return { atUs, run };
  }

  #dropCancelled(): void {
    while (this.#heap[0]?.run === null) {
      this.#removeFirst();
      this.#cancelled -= 1;
    }
  }

  #compact(): void {
    this.#heap = this.#heap.filter(({ run }) => run !== null).sort((a, b) => (before(a, b) ? -1 : 1));
    this.#cancelled = 0;
  }

  #removeFirst(): Planned | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) {
      this.#heap[0] = last;
      this.#down(0);
    }
    return first;
  }

  #up(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  #down(from: number): void {
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let first = left;
      const [l, r] = [this.#heap[left], this.#heap[right]];
      if (l !== undefined && r !== undefined && before(r, l)) first = right;
      if (first >= this.#heap.length || !this.#swapIfBefore(first, at)) return;
      at = first;
    }
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const [a, b] = [this.#heap[lower], this.#heap[upper]];
    if (a === undefined || b === undefined || !before(a, b)) return false;
    this.#heap[upper] = a;
    this.#heap[lower] = b;
    return true;
  }
}

const before = (a: Planned, b: Planned): boolean => a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);
