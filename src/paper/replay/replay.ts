import type { InstrumentId } from '../../domain/ids.ts';
import type { Timer } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { ExchangeClock } from '../clocks.ts';
import type { AtEnd, ReplaySpeed } from '../config/types.ts';
import type { Core } from '../core.ts';
import type { HistoryError } from './history-error.ts';
import type { HistoryEvent } from './history-event.ts';
import type { ReplayedMarket } from './replayed-market.ts';
import type { Later } from './source.ts';
import { Timeline, type Track } from './timeline.ts';

export type ReplayStatus = Readonly<{
  state: 'waiting' | 'running' | 'ended' | 'failed';
  /** Last line that was played, of this round. */
  line: number;
  rounds: number;
  error: HistoryError | null;
}>;

/** One file, and the market that it plays in. */
export type ReplayFile = Track & Readonly<{ name: string; atEnd: AtEnd; target: ReplayedMarket }>;

/** `pace`: by the times in the files, or line by line when a test says so. */
export type ReplayPlan = Readonly<{ files: readonly ReplayFile[]; speed: ReplaySpeed; pace: 'file' | 'manual' }>;

/** Between the last line and the first of the next round. */
const LOOP_PAUSE_MS = 100;
/** Events that are played before others get their turn. */
const BATCH = 64;
/** Timers of the process take no longer delays. */
const LONGEST_WAIT_MS = 2 ** 30;

const WAITING: ReplayStatus = { state: 'waiting', line: 0, rounds: 0, error: null };

/** Plays histories into their markets, all on one timeline. */
export class Replays {
  readonly #core: Core;
  readonly #clock: ExchangeClock;
  readonly #log: Log;
  readonly #plan: ReplayPlan;
  readonly #status = new Map<ReplayFile, ReplayStatus>();
  #timeline: Timeline<ReplayFile>;
  /** Where the files' time stands in the exchange's; null until the first event of a round. */
  #origin: Readonly<{ at: number; file: number }> | null = null;
  #playedTo = 0;
  #timer: Timer | null = null;
  #started = false;
  /** Rises when what is under way is to be dropped. */
  #generation = 0;

  constructor(core: Core, clock: ExchangeClock, log: Log, plan: ReplayPlan) {
    this.#core = core;
    this.#clock = clock;
    this.#log = log;
    this.#plan = plan;
    for (const file of plan.files) this.#status.set(file, WAITING);
    this.#timeline = this.#open(plan.files);
  }

  list(): readonly Readonly<{ instrument: InstrumentId; name: string; status: ReplayStatus }>[] {
    return this.#plan.files.map((file) => ({
      instrument: file.target.market.id,
      name: file.name,
      status: this.#of(file),
    }));
  }

  /** Plays what happened first now and, by the files' pace, the rest when it is due: not before its next turn. */
  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    for (const file of this.#plan.files) this.#set(file, { state: 'running' });
    if (this.#plan.pace === 'file') await this.#run(1);
  }

  stop(): void {
    this.#generation += 1;
    this.#timer?.cancel();
  }

  /** Plays on, without waiting, to a line of this round of the instrument's first file; null when it has none. */
  async advanceTo(id: InstrumentId, line: number): Promise<ReplayStatus | null> {
    const file = this.#plan.files.find(({ target }) => target.market.id === id);
    if (file === undefined) return null;
    this.stop();
    while (this.#of(file).state === 'running' && this.#of(file).line < line) {
      const step = await this.#timeline.peek();
      if (step === null) {
        this.#endRound();
        return this.#of(file);
      }
      this.#take(step.track, step.event);
    }
    this.#origin = { at: this.#clock.now(), file: this.#playedTo };
    if (this.#plan.pace === 'file') await this.#run();
    return this.#of(file);
  }

  /** The books were emptied: everything begins again. */
  async restart(): Promise<void> {
    this.stop();
    for (const { target } of this.#plan.files) {
      target.forget();
      target.market.status = 'trading';
    }
    for (const file of this.#plan.files) this.#status.set(file, WAITING);
    this.#timeline = this.#open(this.#plan.files);
    if (!this.#started) return;
    this.#started = false;
    await this.start();
  }

  #open(files: readonly ReplayFile[]): Timeline<ReplayFile> {
    this.#origin = null;
    return new Timeline(files, (file) => this.#over(file));
  }

  /** Plays what is due, at most so many events at a time, and comes back for the rest. */
  #run(most = BATCH): Later<void> {
    const generation = this.#generation;
    for (let played = 0; ; played += 1) {
      const step = this.#timeline.peek();
      if (step instanceof Promise) {
        return step.then(() => (generation === this.#generation ? this.#run(most) : undefined));
      }
      if (step === null) return this.#endRound();
      const wait = step.event.ok ? this.#waitFor(step.event.value) : 0;
      if (wait > 0 || played === most) return this.#later(wait);
      this.#take(step.track, step.event);
    }
  }

  #later(delayMs: number): void {
    const generation = this.#generation;
    this.#timer = this.#clock.after(Math.min(delayMs, LONGEST_WAIT_MS), () => {
      if (generation !== this.#generation) return;
      const work = this.#run();
      if (work instanceof Promise) this.#clock.hold(work);
    });
  }

  #waitFor(event: HistoryEvent): number {
    const { speed } = this.#plan;
    const now = this.#clock.now();
    this.#origin ??= { at: now, file: event.at };
    if (speed === 'max') return 0;
    return Math.ceil(this.#origin.at + (event.at - this.#origin.file) / speed) - now;
  }

  #take(file: ReplayFile, event: { ok: true; value: HistoryEvent } | { ok: false; error: HistoryError }): void {
    if (!event.ok) return this.#fail(file, event.error);
    this.#play(file, event.value);
    if (this.#of(file).state !== 'running') return;
    this.#playedTo = event.value.at;
    this.#set(file, { line: event.value.line });
    this.#timeline.take();
  }

  #play(file: ReplayFile, event: HistoryEvent): void {
    const { target } = file;
    this.#core.act(
      (decision) => {
        const played = target.play(decision, event);
        if (!played.ok) this.#fail(file, played.error);
      },
      [target.market.id],
    );
  }

  /** A file has no more lines. A market ends with the last of its files. */
  #over(file: ReplayFile): void {
    const { atEnd, target, name } = file;
    const { rounds, line } = this.#of(file);
    this.#set(file, { rounds: rounds + 1, state: atEnd === 'loop' ? 'running' : 'ended' });
    if (atEnd === 'loop') return;
    this.#log.info('paper.replay_ended', { name, line, atEnd });
    if (atEnd === 'stop' && this.#filesOf(target).every((one) => this.#of(one).state === 'ended')) this.#close(target);
  }

  /** All files are over: those that loop begin again together. */
  #endRound(): void {
    const files = this.#plan.files.filter((file) => this.#of(file).state === 'running');
    if (files.length === 0) return;
    for (const file of files) this.#set(file, { line: 0 });
    this.#timeline = this.#open(files);
    if (this.#plan.pace === 'file') this.#later(LOOP_PAUSE_MS);
  }

  /** The recorded orders leave, clients' orders stay, and nothing new is taken. */
  #close(target: ReplayedMarket): void {
    target.market.status = 'closed';
    this.#core.act(() => target.clear(), [target.market.id]);
  }

  /** A history that is broken later than was looked at when it was opened: its market stands as it is. */
  #fail(file: ReplayFile, error: HistoryError): void {
    this.#log.error('paper.replay_failed', { name: file.name, ...error });
    for (const one of this.#filesOf(file.target)) {
      if (this.#of(one).state !== 'running') continue;
      const message = one === file ? error.message : `${file.name}: ${error.message}`;
      this.#set(one, { state: 'failed', error: { ...error, message } });
      this.#timeline.drop(one);
    }
  }

  #filesOf(target: ReplayedMarket): readonly ReplayFile[] {
    return this.#plan.files.filter((one) => one.target === target);
  }

  #of(file: ReplayFile): ReplayStatus {
    return this.#status.get(file) as ReplayStatus;
  }

  #set(file: ReplayFile, change: Partial<ReplayStatus>): void {
    this.#status.set(file, { ...this.#of(file), ...change });
  }
}
