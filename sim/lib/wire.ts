import type { Rng } from '../../src/ports/rng.ts';
import { type LinkEnds, type LinkFilter, matches } from './fault-rules.ts';
import { type Duration, duration } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A short round trip with a tail, as between a gateway and a venue in one region. */
const DEFAULT_LATENCY = duration({ minMs: 0.3, meanExtraMs: 0.7, spikeMs: 25, spikeProbability: 0.01 });

/** The way between processes: how long it takes, and whether anything passes at all. */
export class Wire {
  readonly clock: VirtualClock;
  readonly #rng: Rng;
  readonly #latencies: { filter: LinkFilter; latency: Duration }[] = [];
  readonly #outages = new Set<{ filter: LinkFilter; onHeal: (() => void)[] }>();

  constructor(clock: VirtualClock, rng: Rng) {
    this.clock = clock;
    this.#rng = rng;
  }

  /** One way. The latest setting that matches counts. */
  setLatency(filter: LinkFilter, latency: Duration): void {
    this.#latencies.unshift({ filter, latency });
  }

  /** When something sent now arrives, in microseconds of virtual time. */
  arrivalUs(ends: LinkEnds, extraMs = 0): number {
    const latency = this.#latencies.find(({ filter }) => matches(filter, ends))?.latency ?? DEFAULT_LATENCY;
    return this.clock.nowUs + Math.ceil((latency(this.#rng) + extraMs) * 1_000);
  }

  /** From now on nothing passes between them, and nobody is told. */
  breakOff(filter: LinkFilter): { heal(): void } {
    const outage = { filter, onHeal: [] };
    this.#outages.add(outage);
    return { heal: () => this.#heal(outage) };
  }

  passes(ends: LinkEnds): boolean {
    return this.#outageOf(ends) === null;
  }

  /** Runs `run` now, or when the outage that is between them ends: as a transport does that sends again. */
  whenPasses(ends: LinkEnds, run: () => void): void {
    const outage = this.#outageOf(ends);
    if (outage === null) run();
    else outage.onHeal.push(() => this.whenPasses(ends, run)); // another outage may have begun
  }

  #outageOf(ends: LinkEnds): { onHeal: (() => void)[] } | null {
    for (const outage of this.#outages) if (matches(outage.filter, ends)) return outage;
    return null;
  }

  #heal(outage: { filter: LinkFilter; onHeal: (() => void)[] }): void {
    if (!this.#outages.delete(outage)) return;
    for (const run of outage.onHeal) this.clock.after(0, run);
  }
}
