import { type Rng, uniform } from '../../src/ports/rng.ts';

/** Client process and server process (or the address, where nobody listens); absent means any. */
export type LinkFilter = Readonly<{ from?: string; to?: string }>;
export type LinkEnds = Readonly<{ from: string; to: string }>;

export const matches = (filter: LinkFilter, ends: LinkEnds): boolean =>
  (filter.from === undefined || filter.from === ends.from) && (filter.to === undefined || filter.to === ends.to);

/** What to do to a `Subject` (a request, a dial, a message), to which of them, and how often. */
export type FaultRule<Subject, Fault> = Readonly<{
  /** Under which it is counted: a case of the failure catalogue, or the fault plan's own word. */
  id: string;
  link?: LinkFilter;
  when?: (subject: Subject) => boolean;
  /** Of each subject that matches; 1 when absent. */
  probability?: number;
  /** At most this many; without end when absent. */
  times?: number;
  fault: Fault | ((rng: Rng, subject: Subject) => Fault);
}>;

/** A rule that was set; `remove` lifts it. */
export type FaultHandle = Readonly<{ remove(): void }>;

/** A fault that was chosen. `fire` counts it, at the moment in which it takes effect. */
export type Chosen<Fault> = Readonly<{ id: string; fault: Fault; fire(): void }>;

/** How often each fault took effect. */
export class FaultCounts {
  readonly #counts = new Map<string, number>();

  add(id: string, count = 1): void {
    if (count > 0) this.#counts.set(id, (this.#counts.get(id) ?? 0) + count);
  }

  of(id: string): number {
    return this.#counts.get(id) ?? 0;
  }

  all(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}

/** Rules of one kind, asked in the order in which they were set: the first that wants a subject has it. */
export class FaultRules<Subject extends LinkEnds, Fault> {
  readonly #rng: Rng;
  readonly #counts: FaultCounts;
  readonly #rules = new Set<{ rule: FaultRule<Subject, Fault>; left: number }>();

  constructor(rng: Rng, counts: FaultCounts) {
    this.#rng = rng;
    this.#counts = counts;
  }

  add(rule: FaultRule<Subject, Fault>): FaultHandle {
    const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
    this.#rules.add(entry);
    return { remove: () => void this.#rules.delete(entry) };
  }

  clear(): void {
    this.#rules.clear();
  }

  choose(subject: Subject): Chosen<Fault> | null {
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (entry.left === 0 || !matches(rule.link ?? {}, subject) || rule.when?.(subject) === false) continue;
      if (rule.probability !== undefined && uniform(this.#rng) >= rule.probability) continue;
      entry.left -= 1;
      const fault = isDraw(rule.fault) ? rule.fault(this.#rng, subject) : rule.fault;
      return { id: rule.id, fault, fire: () => this.#counts.add(rule.id) };
    }
    return null;
  }
}

const isDraw = <Subject, Fault>(
  fault: Fault | ((rng: Rng, subject: Subject) => Fault),
): fault is (rng: Rng, subject: Subject) => Fault => typeof fault === 'function';
