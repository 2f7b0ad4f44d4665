import { err, ok, type Result } from '../../domain/result.ts';
import type { Rng } from '../../ports/rng.ts';
import { uniform } from '../../ports/rng.ts';
import type { Faults, PushFault, PushSubject, ReplyFault, RequestSubject } from './faults.ts';

/**
 * One rule. `on` is an HTTP path, an operation of the trade socket or a topic; a final `*` stands for any ending.
 * It skips its first `after` matches, then fires `times` times at most (absent: for ever), each with `chance`
 * (absent: always).
 */
export type FaultRule = Readonly<{ on: string; uid?: string; after?: number; times?: number; chance?: number }> &
  Readonly<{ reply: ReplyFault } | { push: PushFault }>;

type Counted = { readonly rule: FaultRule; matched: number; fired: number };

/** Rules that can be exchanged while the server runs; the first that fires wins. */
export class FaultPlan implements Faults {
  readonly #rng: Rng | null;
  #rules: Counted[] = [];

  /** Without an Rng, rules with a `chance` are refused. */
  constructor(rng: Rng | null) {
    this.#rng = rng;
  }

  set(rules: readonly FaultRule[]): Result<void, string> {
    if (this.#rng === null && rules.some((rule) => rule.chance !== undefined))
      return err('this server has no seed for a chance');
    this.#rules = rules.map((rule) => ({ rule, matched: 0, fired: 0 }));
    return ok(undefined);
  }

  /** How often each rule has fired, in the order in which they were set. */
  fired(): readonly number[] {
    return this.#rules.map((counted) => counted.fired);
  }

  reply(subject: RequestSubject): ReplyFault | null {
    const rule = this.#next(subject.on, subject.uid, 'reply');
    return rule !== null && 'reply' in rule ? rule.reply : null;
  }

  push(subject: PushSubject): PushFault | null {
    const rule = this.#next(subject.topic, subject.uid, 'push');
    return rule !== null && 'push' in rule ? rule.push : null;
  }

  #next(on: string, uid: string | null, kind: 'reply' | 'push'): FaultRule | null {
    for (const counted of this.#rules) {
      const { rule } = counted;
      if (!(kind in rule) || !matches(rule.on, on) || (rule.uid !== undefined && rule.uid !== uid)) continue;
      counted.matched += 1;
      if (counted.matched <= (rule.after ?? 0) || counted.fired >= (rule.times ?? Infinity)) continue;
      if (rule.chance !== undefined && this.#rng !== null && uniform(this.#rng) >= rule.chance) continue;
      counted.fired += 1;
      return rule;
    }
    return null;
  }
}

const matches = (pattern: string, on: string): boolean =>
  pattern.endsWith('*') ? on.startsWith(pattern.slice(0, -1)) : on === pattern;
