/** One firing, or several of the same rule on the same thing in a row. */
export type TraceEntry = Readonly<{
  /** Counts from 1; a gap means that older ones were dropped. */
  n: number;
  at: number;
  rule: string;
  point: string;
  action: string;
  /** What it happened to. */
  what: Readonly<Record<string, string>>;
  count: number;
  /** What became of a deed, where it failed. */
  error?: string;
}>;

const MOST_ENTRIES = 10_000;

/** What was injected, in order: with the seed and the requests it tells a run again. */
export class Trace {
  #entries: TraceEntry[] = [];
  #next = 1;

  add(entry: Omit<TraceEntry, 'n' | 'count'>): void {
    const last = this.#entries.at(-1);
    if (last !== undefined && isSame(last, entry)) {
      this.#entries[this.#entries.length - 1] = { ...last, count: last.count + 1 };
      return;
    }
    this.#entries.push({ n: this.#next++, ...entry, count: 1 });
    if (this.#entries.length >= 2 * MOST_ENTRIES) this.#entries = this.#entries.slice(-MOST_ENTRIES);
  }

  /** Entries after number `after`, oldest first. */
  read(after: number, limit: number): readonly TraceEntry[] {
    const kept = this.#entries.slice(-MOST_ENTRIES);
    return kept.filter(({ n }) => n > after).slice(0, limit);
  }
}

/** The frames of a link that a rule swallows would fill the trace. */
const isSame = (a: TraceEntry, b: Omit<TraceEntry, 'n' | 'count'>): boolean =>
  a.rule === b.rule &&
  a.at === b.at &&
  a.error === b.error &&
  Object.keys({ ...a.what, ...b.what }).every((key) => a.what[key] === b.what[key]);
