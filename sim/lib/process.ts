import type { UnixMs } from '../../src/domain/ids.ts';
import { invariant } from '../../src/domain/result.ts';
import type { Clock, Timer } from '../../src/ports/clock.ts';
import type { Rng } from '../../src/ports/rng.ts';
import type { VirtualClock } from './virtual-clock.ts';

/**
 * `killed`: the operating system closes its links, the peers notice. `vanished`: the machine is gone, nobody is told,
 * links stay half-open.
 */
export type Death = 'killed' | 'vanished';

const INERT: Timer = { cancel: () => {} };

/**
 * One simulated process. Everything that reaches its code comes through `enter`, everything that it does goes through
 * facades made for it; so after its death no timer fires, no answer arrives, nothing is sent or written, whatever
 * promises its code still holds.
 */
export class SimProcess {
  readonly name: string;
  /** Where its connections seem to come from. */
  readonly address: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly #world: VirtualClock;
  readonly #atDeath: ((death: Death) => void)[] = [];
  #state: 'running' | 'paused' | 'dead' = 'running';
  #waiting: (() => void)[] = [];
  #offsetMs = 0;
  #driftPpm = 0;
  #driftSinceUs = 0;

  constructor(name: string, address: string, world: VirtualClock, rng: Rng) {
    this.name = name;
    this.address = address;
    this.rng = rng;
    this.#world = world;
    this.clock = {
      now: () => Math.floor(world.now() + this.#skewMs()) as UnixMs,
      monotonic: () => world.monotonic(),
      after: (delayMs, run) => this.#after(delayMs, run),
    };
  }

  get alive(): boolean {
    return this.#state !== 'dead';
  }

  /** Runs code of this process: now, after `resume` when it is paused, never when it is dead. */
  enter(run: () => void): void {
    if (this.#state === 'dead') return;
    if (this.#state === 'running' && this.#waiting.length === 0) run();
    else this.#waiting.push(run);
  }

  /** Called when it dies, before anything else can happen. */
  onDeath(run: (death: Death) => void): void {
    this.#atDeath.push(run);
  }

  /** As kill -9 does: between two instructions of its code, or from within. */
  kill(): void {
    this.#die('killed');
  }

  /** As if the plug was pulled: nobody is told. */
  vanish(): void {
    this.#die('vanished');
  }

  /** As SIGSTOP does: what comes for it waits. */
  pause(): void {
    invariant(this.#state === 'running', `${this.name} is not running`);
    this.#state = 'paused';
  }

  /** What waited comes now, in order, each in a turn of its own. */
  resume(): void {
    invariant(this.#state === 'paused', `${this.name} is not paused`);
    this.#state = 'running';
    if (this.#waiting.length > 0) this.#world.after(0, () => this.#catchUp());
  }

  /** Steps its wall clock, forward or back; timers and `monotonic` are not touched. */
  stepClock(ms: number): void {
    this.#offsetMs += ms;
  }

  /** From now on its wall clock gains this many microseconds a second. */
  driftClock(ppm: number): void {
    this.#offsetMs = this.#skewMs();
    this.#driftSinceUs = this.#world.nowUs;
    this.#driftPpm = ppm;
  }

  /** Until the last is through, what comes anew waits behind it. */
  #catchUp(): void {
    if (this.#state !== 'running') return;
    const run = this.#waiting.shift();
    if (this.#waiting.length > 0) this.#world.after(0, () => this.#catchUp());
    run?.();
  }

  #skewMs(): number {
    return this.#offsetMs + ((this.#world.nowUs - this.#driftSinceUs) * this.#driftPpm) / 1e9;
  }

  #after(delayMs: number, run: () => void): Timer {
    if (!this.alive) return INERT;
    let cancelled = false; // also while it waits for `resume`
    const timer = this.#world.after(delayMs, () => this.enter(() => cancelled || run()));
    return {
      cancel: () => {
        cancelled = true;
        timer.cancel();
      },
    };
  }

  #die(death: Death): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    this.#waiting = [];
    for (const run of this.#atDeath.splice(0)) run(death);
  }
}
