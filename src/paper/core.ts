import type { InstrumentId, PartitionId, UnixMs } from '../domain/ids.ts';
import { encodeText } from '../kernel/codec.ts';
import { type Journal, JournalClosed } from '../ports/journal.ts';
import { Decision } from './desk/decision.ts';
import type { Desk } from './desk/desk.ts';
import { finish } from './desk/finish.ts';
import type { MarketRecorder } from './market-data/recorder.ts';
import type { Outbox, Release } from './outbox.ts';
import { spreadNotices } from './spread/notices.ts';
import type { PaperEvent } from './state/events.ts';

export const PARTITION = 'paper:exchange' as PartitionId;

const encoder = new TextEncoder();
export const encodeEvent = (event: PaperEvent): Uint8Array => encoder.encode(encodeText(event));

/** Swallows the one failure that everybody who asked for something has been told of already. */
export function unlessClosed(error: unknown): void {
  if (!(error instanceof JournalClosed)) throw error;
}

export type Decided<T> = Readonly<{ value: T; durable: Promise<void> }>;

export type DecideOptions = Partial<
  Pick<Release, 'reset' | 'tickers' | 'relisted'> & {
    /** Accounts are not told: openings and resets happen behind their back. */
    quiet: boolean;
  }
>;

/** The one place where decisions are made, one at a time: decide and apply, record, release when durable. */
export class Core {
  readonly desk: Desk;
  readonly #journal: Journal | null;
  readonly #outbox: Outbox;
  readonly #onRecorded: (lastSeq: number, records: number) => void;
  readonly #recorder: MarketRecorder | null;

  constructor(
    desk: Desk,
    journal: Journal | null,
    outbox: Outbox,
    onRecorded: (lastSeq: number, records: number) => void,
    recorder: MarketRecorder | null = null,
  ) {
    this.desk = desk;
    this.#journal = journal;
    this.#outbox = outbox;
    this.#onRecorded = onRecorded;
    this.#recorder = recorder;
  }

  /** False once the journal takes no more: nothing may be decided then. */
  get available(): boolean {
    return !this.#outbox.failed;
  }

  /**
   * Runs one decision to its end. `durable` resolves when its answer may leave. Throws JournalClosed when nothing
   * more can be recorded.
   */
  decide<T>(run: (decision: Decision) => T, extra: DecideOptions = {}): Decided<T> {
    this.#journal?.assertOpen();
    const decision = new Decision(this.desk);
    const value = run(decision);
    const told = finish(decision, extra.quiet !== true);
    this.#record(decision.events);
    this.#recorder?.facts(decision.facts);
    const { at, changes, trades, books, facts } = decision;
    const { tickers = [], relisted = [], reset = false, quiet = false } = extra;
    const privates = quiet ? [] : told;
    const spreads = {
      trades: decision.spreadTrades,
      books: decision.spreadBooks,
      gone: decision.spreadsGone,
      listed: [...this.desk.spreads.all()],
      privates: quiet ? [] : spreadNotices(decision),
    };
    const release = { at, changes, privates, trades, books, facts, spreads, tickers, relisted, reset, quiet };
    return { value, durable: this.#outbox.push(release) };
  }

  /** A decision that nobody waits for. Once the journal is closed, or fails, there is nothing left to do. */
  act(run: (decision: Decision) => void, tickers: readonly InstrumentId[] = []): void {
    if (!this.available) return;
    try {
      this.decide(run, { tickers }).durable.catch(unlessClosed);
    } catch (error) {
      unlessClosed(error);
    }
  }

  now(): UnixMs {
    return this.desk.now();
  }

  #record(events: readonly PaperEvent[]): void {
    if (this.#journal === null || events.length === 0) return;
    const first = this.#journal.append(PARTITION, events.map(encodeEvent));
    this.#onRecorded(first + events.length - 1, events.length);
  }
}
