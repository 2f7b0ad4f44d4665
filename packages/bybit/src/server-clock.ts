import type { BybitError } from './errors.ts';
import { describeError } from './errors.ts';
import type { Observe } from './events.ts';
import type { Clock } from './ports.ts';
import type { Result } from './result.ts';
import { err, ok } from './result.ts';

/** The difference to our wall clock above which the operator hears of it. */
const ALARM_SKEW_MS = 500;
/** A sample is as uncertain as half its round trip; slower ones are tried again. */
const SLOW_ROUND_TRIP_MS = 400;
const SAMPLES = 3;
/** After that, or after our two clocks have parted by that much, the next signed request asks again. */
const REFRESH_MS = 300_000;
const PARTED_MS = 250;
/** Between two readings behind the scenes; longer after one that failed. */
const PAUSE_MS = 1_000;
const PAUSE_AFTER_FAILURE_MS = 10_000;

/** Reads the venue's clock, ms since 1970. */
export type TimeProbe = () => Promise<Result<number, BybitError>>;

/** The last answer of the venue over REST: how long it took, and how long ago it came, ms. */
export type LastAnswer = Readonly<{ roundTripMs: number; agoMs: number }>;

type Anchor = Readonly<{ serverMs: number; monotonic: number; wall: number }>;

/**
 * The venue's clock, as far as it is known here. Once read it runs on our monotonic clock, so that a step of the wall
 * clock does not spoil signatures. Bybit accepts a timestamp from `recvWindow` before to 1 s after its own time.
 */
export class ServerClock {
  readonly #clock: Clock;
  readonly #probe: TimeProbe;
  readonly #observe: Observe;
  #anchor: Anchor | null = null;
  #stale = false;
  #notBefore = Number.NEGATIVE_INFINITY;
  #running: Promise<Result<number, BybitError>> | null = null;
  #answered: Readonly<{ roundTripMs: number; at: number }> | null = null;

  constructor(clock: Clock, probe: TimeProbe, observe: Observe) {
    this.#clock = clock;
    this.#probe = probe;
    this.#observe = observe;
  }

  /** The venue's time now, whole ms; our own wall clock until it was read once. */
  now(): number {
    if (this.#anchor === null) return this.#clock.now();
    return Math.floor(this.#anchor.serverMs + this.#clock.monotonic() - this.#anchor.monotonic);
  }

  /** How far the venue's clock is ahead of our wall clock, ms; null until it was read. */
  skewMs(): number | null {
    return this.#anchor === null ? null : this.now() - this.#clock.now();
  }

  /** Null before the first answer. */
  lastAnswer(): LastAnswer | null {
    if (this.#answered === null) return null;
    const { roundTripMs, at } = this.#answered;
    return { roundTripMs, agoMs: this.#clock.monotonic() - at };
  }

  /** Time for a signature. Starts a reading behind the scenes when nothing is known yet, or what is known is old. */
  stamp(): number {
    if (this.#clock.monotonic() >= this.#notBefore && this.#isOld()) void this.sync();
    return this.now();
  }

  /** Reads the venue's clock; calls at the same time share one reading. The value is the skew, ms. */
  sync(): Promise<Result<number, BybitError>> {
    this.#running ??= this.#read().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /**
   * Every answer carries the venue's time. If it cannot have been that time between sending and receiving, one of the
   * clocks has moved: the next signature asks again.
   */
  notice(serverMs: number | null, sentAt: number, receivedAt: number): void {
    this.#answered = { roundTripMs: receivedAt - sentAt, at: receivedAt };
    if (serverMs === null || this.#anchor === null) return;
    const expected = (monotonic: number): number =>
      (this.#anchor as Anchor).serverMs + monotonic - (this.#anchor as Anchor).monotonic;
    if (serverMs < expected(sentAt) - PARTED_MS || serverMs > expected(receivedAt) + PARTED_MS) this.#stale = true;
  }

  #isOld(): boolean {
    const anchor = this.#anchor;
    if (anchor === null || this.#stale) return true;
    const elapsed = this.#clock.monotonic() - anchor.monotonic;
    return elapsed > REFRESH_MS || Math.abs(this.#clock.now() - anchor.wall - elapsed) > PARTED_MS;
  }

  async #read(): Promise<Result<number, BybitError>> {
    let best: (Anchor & { roundTrip: number }) | null = null;
    let failure: BybitError | null = null;
    for (let i = 0; i < SAMPLES; i++) {
      const sentAt = this.#clock.monotonic();
      const answer = await this.#probe();
      const at = this.#clock.monotonic();
      const roundTrip = at - sentAt;
      if (!answer.ok) {
        failure = answer.error;
        break;
      }
      this.#answered = { roundTripMs: roundTrip, at };
      if (best === null || roundTrip < best.roundTrip) {
        best = {
          serverMs: answer.value,
          monotonic: sentAt + roundTrip / 2,
          wall: this.#clock.now() - roundTrip / 2,
          roundTrip,
        };
      }
      if (roundTrip <= SLOW_ROUND_TRIP_MS) break;
    }
    if (best === null) return this.#failed(failure);
    this.#anchor = best;
    this.#notBefore = this.#clock.monotonic() + PAUSE_MS;
    this.#stale = false;
    const skew = this.now() - this.#clock.now();
    if (Math.abs(skew) > ALARM_SKEW_MS) this.#observe({ type: 'clock_skew', skewMs: skew });
    return ok(skew);
  }

  #failed(failure: BybitError | null): Result<never, BybitError> {
    const error = failure ?? { type: 'unreadable', message: 'no sample of the venue clock' };
    this.#notBefore = this.#clock.monotonic() + PAUSE_AFTER_FAILURE_MS;
    this.#observe({ type: 'clock_unread', message: describeError(error) });
    return err(error);
  }
}
