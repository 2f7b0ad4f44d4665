import type { Clock } from '../../../ports/clock.ts';
import { type FaultSubject, summary } from './subject.ts';
import type { Faults } from './fault-book.ts';
import type { RuleOf } from './rule.ts';

/** What of a link's fault concerns one frame of a socket. */
const FRAME = ['half_open', 'slow'] as const;
const REQUEST = ['half_open', 'slow', 'refuse', 'ban'] as const;

/** "403: too many connections" (V5 docs, "Connect"). */
const OVER_BUDGET = 403;

export type LinkFault = Readonly<{ faults: Faults; clock: Clock; now: () => number }>;

/** Carries out the rules of CONN on links: whether they come about, and what flows. */
export class Links {
  readonly #faults: Faults;
  readonly #clock: Clock;
  readonly #now: () => number;
  /** Times of new sockets, by rule and address. */
  readonly #connects = new Map<string, number[]>();

  constructor({ faults, clock, now }: LinkFault) {
    this.#faults = faults;
    this.#clock = clock;
    this.#now = now;
  }

  /** The status with which a new socket is refused; null where it may come. */
  refusal(subject: FaultSubject): number | null {
    const refused = this.#faults.take('CONN', subject, ['refuse']);
    if (refused?.action === 'refuse') return refused.status;
    const rule = this.#faults.find('CONN', subject, ['budget']);
    if (rule?.action !== 'budget') return null;
    const key = `${rule.limit} ${rule.windowMs} ${subject.address}`;
    const now = this.#now();
    const times = (this.#connects.get(key) ?? []).filter((at) => at > now - rule.windowMs);
    this.#connects.set(key, times);
    if (times.length >= rule.limit) {
      this.#faults.count(rule, summary(subject));
      return OVER_BUDGET;
    }
    times.push(now);
    return null;
  }

  /** Lets a frame through, later, or never. */
  frame(subject: FaultSubject, pass: () => void): void {
    const rule = this.#faults.take('CONN', subject, FRAME);
    if (rule === null) pass();
    else if (rule.action === 'slow') this.#clock.after(rule.ms, pass);
  }

  /** What a link does to an HTTP request. */
  request(subject: FaultSubject): RuleOf<'CONN'> | null {
    return this.#faults.take('CONN', subject, REQUEST);
  }
}
