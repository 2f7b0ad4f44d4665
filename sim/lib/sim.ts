import type { UnixMs } from '../../src/domain/ids.ts';
import { invariant } from '../../src/domain/result.ts';
import type { Rng } from '../../src/ports/rng.ts';
import { FaultCounts } from './fault-rules.ts';
import { SimProcess } from './process.ts';
import { stream } from './random.ts';
import { SimDisk } from './sim-disk.ts';
import { type ProcessNetwork, SimNetwork } from './sim-network.ts';
import { Trace } from './trace.ts';
import { SIM_START, VirtualClock } from './virtual-clock.ts';

/** A started process and its way out. */
export type Started = Readonly<{ process: SimProcess; network: ProcessNetwork }>;

/**
 * The ground that a whole-system run stands on: one seed, one clock, one network, disks that survive and processes
 * that do not. Whatever is built on it must take its time, chance, network and disk from here.
 */
export class Sim {
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly trace = new Trace();
  /** How often each fault of the plan took effect, wherever: network, disks, and what the plan itself counts. */
  readonly faultCounts = new FaultCounts();
  readonly network: SimNetwork;
  readonly #living = new Map<string, SimProcess>();
  readonly #lives = new Map<string, number>();
  readonly #disks = new Map<string, SimDisk>();

  constructor(seed: number, startAt: UnixMs = SIM_START) {
    this.seed = seed;
    this.clock = new VirtualClock(startAt);
    this.network = new SimNetwork(this.clock, this.rng('network'), this.trace, this.faultCounts);
  }

  /** A generator of its own for this purpose, always the same for one seed. */
  rng(purpose: string): Rng {
    return stream(this.seed, purpose);
  }

  /** Starts a process; one of this name that ran before must be dead. */
  start(name: string): Started {
    invariant(this.process(name) === null, `${name} is running`);
    const life = (this.#lives.get(name) ?? 0) + 1;
    this.#lives.set(name, life);
    const address = `10.0.0.${[...this.#lives.keys()].indexOf(name) + 1}`;
    const process = new SimProcess(name, address, this.clock, this.rng(`${name} ${life}`));
    this.#living.set(name, process);
    return { process, network: this.network.facade(process) };
  }

  /** The process of this name that lives; null when none does. */
  process(name: string): SimProcess | null {
    const process = this.#living.get(name);
    return process?.alive === true ? process : null;
  }

  /** As kill -9 does; nothing when none of this name lives. */
  kill(name: string): void {
    this.process(name)?.kill();
  }

  /** The disk of this name; empty the first time. */
  disk(name: string): SimDisk {
    const known = this.#disks.get(name);
    if (known !== undefined) return known;
    const disk = new SimDisk(name, this.clock, this.rng(`disk ${name}`), this.trace, this.faultCounts);
    this.#disks.set(name, disk);
    return disk;
  }
}
