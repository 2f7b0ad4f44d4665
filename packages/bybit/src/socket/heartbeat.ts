import type { Clock, Timer } from '../ports.ts';

/** A timer that fires so much later than asked for means that the process stood still, not the link. */
const STALLED_MS = 500;
const GRACE_MS = 2_000;

export type HeartbeatTiming = Readonly<{
  /** Between pings: Bybit asks for one every 20 s. */
  pingMs: number;
  /** From a ping to its pong, at most. */
  pongMs: number;
}>;

/**
 * Finds links that are dead without saying so: a ping that is not answered in time ends the link, whatever else
 * arrives, because only an answer proves both directions.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #timing: HeartbeatTiming;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #nextPing: Timer | null = null;
  #deadline: Timer | null = null;

  constructor(clock: Clock, timing: HeartbeatTiming, ping: () => void, dead: () => void) {
    this.#clock = clock;
    this.#timing = timing;
    this.#ping = ping;
    this.#dead = dead;
  }

  start(): void {
    this.stop();
    this.#nextPing = this.#clock.after(this.#timing.pingMs, () => this.#beat());
  }

  pong(): void {
    this.#deadline?.cancel();
    this.#deadline = null;
  }

  stop(): void {
    this.#nextPing?.cancel();
    this.#nextPing = null;
    this.pong();
  }

  #beat(): void {
    this.#nextPing = this.#clock.after(this.#timing.pingMs, () => this.#beat());
    if (this.#deadline === null) this.#await(this.#timing.pongMs, true);
    this.#ping();
  }

  #await(delayMs: number, first: boolean): void {
    const dueAt = this.#clock.monotonic() + delayMs;
    this.#deadline = this.#clock.after(delayMs, () => {
      this.#deadline = null;
      // After a standstill the pong may lie unread behind this timer: look again once.
      if (first && this.#clock.monotonic() > dueAt + STALLED_MS) this.#await(GRACE_MS, false);
      else this.#dead();
    });
  }
}
