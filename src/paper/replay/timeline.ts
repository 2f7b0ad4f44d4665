import { err, ok, type Result } from '../../domain/result.ts';
import { type HistoryError, historyError } from './history-error.ts';
import type { HistoryEvent } from './history-event.ts';
import { HistoryReader, type Later, type LineSource } from './source.ts';

/** A file of a timeline. `group`: files of one group tell of one thing, one after the other. */
export type Track = Readonly<{ lines: LineSource; symbol: string | null; group: string }>;

/** What comes next: an event of one track, or what is wrong with that track. Null when all are over. */
export type TimelineStep<T extends Track> = Readonly<{ track: T; event: Result<HistoryEvent, HistoryError> }> | null;

type Head<T extends Track> = {
  readonly track: T;
  readonly reader: HistoryReader;
  event: Result<HistoryEvent, HistoryError> | null;
};

/** At the same millisecond trades come before the book that they led to. */
const RANK: Readonly<Record<HistoryEvent['kind'], number>> = { trade: 0, bar: 0, book: 1 };

/**
 * Several histories as one, in the order of their times; at the same time trades before books, then in the order in
 * which the files were named. One line of each is read ahead.
 */
export class Timeline<T extends Track> {
  readonly #heads: Head<T>[];
  readonly #onOver: (track: T) => void;
  /** The latest file of each group that has begun. */
  readonly #begun = new Map<string, Head<T>>();
  #filled = false;
  #filling: Promise<void> | null = null;

  constructor(tracks: readonly T[], onOver: (track: T) => void) {
    this.#onOver = onOver;
    this.#heads = tracks.map((track) => ({ track, reader: new HistoryReader(track.lines, track.symbol), event: null }));
  }

  /** The next step, which stays the next until it is taken. */
  peek(): Later<TimelineStep<T>> {
    if (!this.#filled) this.#fillAll();
    return this.#filling === null ? this.#first() : this.#filling.then(() => this.#first());
  }

  /** Goes on from the event that was looked at. A track that is broken has to be dropped. */
  take(): void {
    const head = this.#firstHead();
    if (head === null) return;
    this.#begun.set(head.track.group, head);
    head.event = null;
    this.#filled = false;
  }

  /** Plays no more of a file. */
  drop(track: T): void {
    const at = this.#heads.findIndex((head) => head.track === track);
    if (at >= 0) this.#heads.splice(at, 1);
  }

  /** Reads the next event of every file that has none; files that are over leave. */
  #fillAll(): void {
    const pending: Promise<void>[] = [];
    for (const head of [...this.#heads]) {
      if (head.event !== null) continue;
      const read = head.reader.next();
      if (read instanceof Promise) pending.push(read.then((one) => this.#fill(head, one)));
      else this.#fill(head, read);
    }
    this.#filled = true;
    if (pending.length === 0) return;
    this.#filling = Promise.all(pending).then(() => {
      this.#filling = null;
    });
  }

  #fill(head: Head<T>, read: Result<HistoryEvent, HistoryError> | null): void {
    head.event = read;
    if (read !== null) return;
    this.drop(head.track);
    this.#onOver(head.track);
  }

  #first(): TimelineStep<T> {
    const head = this.#firstHead();
    if (head === null || head.event === null) return null;
    const { track, event } = head;
    return { track, event: event.ok ? this.#checked(head, event.value) : event };
  }

  /** A file that is broken ends at once; else the earliest. */
  #firstHead(): Head<T> | null {
    let first: Head<T> | null = null;
    for (const head of this.#heads) {
      if (head.event === null) continue;
      if (!head.event.ok) return head;
      if (first === null || isBefore(head.event.value, (first.event as { value: HistoryEvent }).value)) first = head;
    }
    return first;
  }

  /** Of two files of one kind the later one must not begin before the earlier one has ended. */
  #checked(head: Head<T>, event: HistoryEvent): Result<HistoryEvent, HistoryError> {
    const other = this.#begun.get(head.track.group);
    if (other === undefined || other === head || !this.#heads.includes(other)) return ok(event);
    return err(historyError('REPLAY_TWICE', event.line, 'another file of the same kind tells of this time'));
  }
}

const isBefore = (a: HistoryEvent, b: HistoryEvent): boolean =>
  a.at < b.at || (a.at === b.at && RANK[a.kind] < RANK[b.kind]);
