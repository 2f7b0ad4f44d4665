import type { Log } from '../../ports/log.ts';
import type { ExchangeClock } from '../clocks.ts';
import type { AtEnd } from '../config/types.ts';
import type { Core } from '../core.ts';
import type { Market } from '../tape/market.ts';
import type { HistoryError, HistoryLine } from './history-line.ts';
import { ReplayedBook } from './replayed-book.ts';
import { type HistoryRead, HistoryReader, type LineSource } from './source.ts';

/** A history to play. `pace`: by the times in the file, or line by line when a test says so. */
export type ReplaySource = Readonly<{
  /** For people: the file's name. */
  name: string;
  category: 'spot' | 'linear';
  atEnd: AtEnd;
  pace: 'file' | 'manual';
  lines: LineSource;
}>;

export type ReplayStatus = Readonly<{
  state: 'waiting' | 'running' | 'ended' | 'failed';
  /** Last line that was played, of this round. */
  line: number;
  rounds: number;
  error: HistoryError | null;
}>;

/** Between the last line and the first of the next round. */
const LOOP_PAUSE_MS = 100;

/** At once where the text is at hand: then a history plays in the same order of events on every run. */
type Later<T> = T | Promise<T>;

/** Plays one history into one book. */
export class Replay {
  readonly market: Market;
  readonly source: ReplaySource;
  readonly #core: Core;
  readonly #clock: ExchangeClock;
  readonly #log: Log;
  readonly #book: ReplayedBook;
  #reader: HistoryReader;
  #status: ReplayStatus = { state: 'waiting', line: 0, rounds: 0, error: null };
  /** Exchange time minus file time. */
  #shift = 0;
  /** Rises when what is under way is to be dropped. */
  #generation = 0;

  constructor(core: Core, clock: ExchangeClock, log: Log, market: Market, source: ReplaySource) {
    this.#core = core;
    this.#clock = clock;
    this.#log = log;
    this.market = market;
    market.replayed = true;
    this.source = source;
    this.#book = new ReplayedBook(market);
    this.#reader = new HistoryReader(source.lines);
  }

  get status(): ReplayStatus {
    return this.#status;
  }

  /** Plays the first line now and, by the file's pace, the others when they are due. */
  async start(): Promise<void> {
    if (this.#status.state !== 'waiting') return;
    this.#status = { ...this.#status, state: 'running' };
    if (this.source.pace === 'file') await this.#playNext();
  }

  stop(): void {
    this.#generation += 1;
  }

  /** Plays on to a line of this round; for tests. */
  async advanceTo(line: number): Promise<ReplayStatus> {
    while (this.#status.state === 'running' && this.#status.line < line) {
      const next = await this.#read();
      if (next === null) break;
      this.#play(next);
    }
    return this.#status;
  }

  /** The book was emptied: the history begins again. */
  async restart(): Promise<void> {
    this.#generation += 1;
    this.#book.forget();
    this.#reader = new HistoryReader(this.source.lines);
    this.#status = { ...this.#status, line: 0 };
    if (this.#status.state === 'running' && this.source.pace === 'file') await this.#playNext();
  }

  #playNext(): Later<void> {
    return this.#withNext((first) => {
      this.#shift = this.#clock.now() - first.at;
      this.#play(first);
      return this.#schedule();
    });
  }

  /** Reads ahead by one line, so that it is at hand when its time comes. */
  #schedule(): Later<void> {
    if (this.#status.state !== 'running') return;
    return this.#withNext((line) => {
      const generation = this.#generation;
      const due = line.number === 1 ? this.#clock.now() + LOOP_PAUSE_MS : line.at + this.#shift;
      this.#clock.after(due - this.#clock.now(), () => {
        if (generation !== this.#generation) return;
        if (line.number === 1) this.#shift = this.#clock.now() - line.at;
        this.#play(line);
        const reading = this.#schedule();
        if (reading instanceof Promise) this.#clock.hold(reading);
      });
    });
  }

  /** Calls `run` with the next line, if there is one and nothing was stopped meanwhile; at once where it is at hand. */
  #withNext(run: (line: HistoryLine) => Later<void>): Later<void> {
    const generation = this.#generation;
    const take = (line: HistoryLine | null): Later<void> =>
      line === null || generation !== this.#generation ? undefined : run(line);
    const line = this.#read();
    return line instanceof Promise ? line.then(take) : take(line);
  }

  #read(): Later<HistoryLine | null> {
    const take = (read: HistoryRead): Later<HistoryLine | null> => {
      if (read === null) return this.#end();
      if (read.ok) return read.value;
      this.#fail(read.error);
      return null;
    };
    const step = this.#reader.next();
    return step instanceof Promise ? step.then(take) : take(step);
  }

  #end(): Later<HistoryLine | null> {
    this.#status = { ...this.#status, rounds: this.#status.rounds + 1 };
    if (this.source.atEnd === 'loop') {
      this.#reader = new HistoryReader(this.source.lines);
      return this.#read();
    }
    this.#status = { ...this.#status, state: 'ended' };
    this.#log.info('paper.replay_ended', { name: this.source.name, line: this.#status.line, atEnd: this.source.atEnd });
    if (this.source.atEnd === 'stop') this.#close();
    return null;
  }

  /** The recorded orders leave, clients' orders stay, and nothing new is taken. */
  #close(): void {
    this.market.status = 'closed';
    this.#core.act(() => this.#book.clear(), [this.market.id]);
  }

  #play(line: HistoryLine): void {
    const { id } = this.market;
    this.#core.act(
      (decision) => {
        const applied = this.#book.apply(decision, line);
        if (!applied.ok) this.#fail(applied.error);
      },
      [id],
    );
    if (this.#status.state === 'running') this.#status = { ...this.#status, line: line.number };
  }

  /** A history that is broken later than was looked at when it was opened: the book stands as it is. */
  #fail(error: HistoryError): void {
    this.#status = { ...this.#status, state: 'failed', error };
    this.#log.error('paper.replay_failed', { name: this.source.name, ...error });
  }
}
