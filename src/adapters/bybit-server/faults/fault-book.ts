import { err, ok, type Result } from '../../../domain/result.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';
import { type Rng, uniform } from '../../../ports/rng.ts';
import { DEEDS, type FaultPoint, STATES } from './actions.ts';
import { type FaultSubject, suits, summary } from './subject.ts';
import { type FaultInput, type FaultRule, type Problem, readRule, type RuleOf } from './rule.ts';
import { Trace } from './trace.ts';

export type FaultError = Readonly<{ code: string; message: string; problems?: readonly Problem[] }>;

/** Takes a deed back when its time is over. */
export type Undo = () => void | Promise<void>;
/** Does what a rule says, at once. */
export type Deed = (rule: FaultRule) => Promise<Result<Undo | null, FaultError>>;

/** What the exchange's server asks while it works. Off unless there is one. */
export interface Faults {
  /** The first rule of the point that fires for the subject; it is counted and traced. `only`: of these actions. */
  take<P extends FaultPoint>(point: P, subject: FaultSubject, only?: readonly string[]): RuleOf<P> | null;
  /** The first rule of these actions that suits now, whether it is due to fire or not; nothing is counted. */
  find<P extends FaultPoint>(point: P, subject: FaultSubject, only: readonly string[]): RuleOf<P> | null;
  /** Counts and traces what somebody else let a rule do. */
  count(rule: FaultRule, what: Readonly<Record<string, string>>): void;
  /** Rules that hold as long as their time lasts, with the time at which they began. */
  holding<P extends FaultPoint>(point: P): readonly Readonly<{ rule: RuleOf<P>; since: number }>[];
  /** For what an action leaves to chance. */
  readonly rng: Rng;
}

type Kept = {
  readonly id: string;
  readonly rule: FaultRule;
  readonly since: number;
  readonly until: number;
  matched: number;
  fired: number;
  error: string | null;
  undo: Undo | null;
  timers: Timer[];
};

/** A rule as it is told: with how often it matched and fired. */
export type ListedFault = Readonly<{
  id: string;
  rule: FaultRule;
  matched: number;
  fired: number;
  active: boolean;
  error: string | null;
}>;

const MOST_RULES = 1000;

/** Rules that come and go while the exchange runs. */
export class FaultBook implements Faults {
  readonly rng: Rng;
  readonly trace = new Trace();
  readonly #clock: Clock;
  readonly #deeds = new Map<string, Deed>();
  readonly #rules = new Map<string, Kept>();
  #byPoint = new Map<FaultPoint, Kept[]>();
  #count = 0;

  /** `clock` counts the times of the rules, `rng` decides their chances. */
  constructor(clock: Clock, rng: Rng) {
    this.#clock = clock;
    this.rng = rng;
  }

  /** Who carries deeds out, by `POINT action`. */
  learn(deeds: Readonly<Record<string, Deed>>): void {
    for (const [name, deed] of Object.entries(deeds)) this.#deeds.set(name, deed);
  }

  /** Adds all of the rules or none; resolves with their ids, once deeds that are due at once are done. */
  async add(inputs: readonly FaultInput[] | readonly unknown[]): Promise<Result<readonly string[], FaultError>> {
    const read = this.#readAll(inputs);
    if (!read.ok) return read;
    const kept = read.value.map((rule) => this.#keep(rule));
    for (const one of kept) {
      if (!DEEDS.has(nameOf(one.rule)) || one.since > this.#clock.now()) continue;
      const done = await this.#perform(one);
      if (done.ok) continue;
      for (const other of kept) await this.remove(other.id);
      return done;
    }
    return ok(kept.map((one) => one.id));
  }

  list(): readonly ListedFault[] {
    return [...this.#rules.values()].map((one) => ({
      id: one.id,
      rule: one.rule,
      matched: one.matched,
      fired: one.fired,
      active: this.#isActive(one),
      error: one.error,
    }));
  }

  /** Ends a rule, and takes back what it did where its time was limited; false when there is none. */
  async remove(id: string): Promise<boolean> {
    const one = this.#rules.get(id);
    if (one === undefined) return false;
    this.#rules.delete(id);
    this.#index();
    for (const timer of one.timers) timer.cancel();
    const { undo } = one;
    one.undo = null;
    await undo?.();
    return true;
  }

  async clear(): Promise<number> {
    const ids = [...this.#rules.keys()];
    for (const id of ids) await this.remove(id);
    return ids.length;
  }

  take<P extends FaultPoint>(point: P, subject: FaultSubject, only?: readonly string[]): RuleOf<P> | null {
    const rules = this.#byPoint.get(point);
    if (rules === undefined) return null;
    for (const one of rules) {
      const { rule } = one;
      if (only !== undefined && !only.includes(rule.action)) continue;
      if (!this.#isActive(one) || isHandled(rule) || !suits(rule.match, subject)) continue;
      one.matched += 1;
      const { after = 0, times = Infinity, chance } = rule.when;
      if (one.matched <= after || one.fired >= times) continue;
      if (chance !== undefined && uniform(this.rng) >= chance) continue;
      this.#fire(one, summary(subject));
      return rule as RuleOf<P>;
    }
    return null;
  }

  find<P extends FaultPoint>(point: P, subject: FaultSubject, only: readonly string[]): RuleOf<P> | null {
    const found = this.#byPoint
      .get(point)
      ?.find((one) => only.includes(one.rule.action) && this.#isActive(one) && suits(one.rule.match, subject));
    return (found?.rule as RuleOf<P> | undefined) ?? null;
  }

  holding<P extends FaultPoint>(point: P): readonly Readonly<{ rule: RuleOf<P>; since: number }>[] {
    const rules = this.#byPoint.get(point);
    if (rules === undefined) return [];
    const active = rules.filter((one) => STATES.has(nameOf(one.rule)) && this.#isActive(one));
    return active.map(({ rule, since }) => ({ rule: rule as RuleOf<P>, since }));
  }

  count(rule: FaultRule, what: Readonly<Record<string, string>>): void {
    for (const one of this.#rules.values()) if (one.rule === rule) this.#fire(one, what);
  }

  #readAll(inputs: readonly unknown[]): Result<readonly FaultRule[], FaultError> {
    const rules: FaultRule[] = [];
    const problems: Problem[] = [];
    for (const [i, input] of inputs.entries()) {
      const rule = readRule(input, inputs.length === 1 ? '' : `rules.${i}`);
      if (rule.ok) rules.push(rule.value);
      else problems.push(...rule.error);
    }
    const ids = rules.flatMap(({ id }) => (id === undefined ? [] : [id]));
    for (const [i, id] of ids.entries()) {
      if (this.#rules.has(id) || ids.indexOf(id) !== i)
        problems.push({ path: 'id', message: `${id} is there already` });
    }
    if (problems.length > 0) return err(invalid(problems));
    if (this.#rules.size + rules.length > MOST_RULES) {
      return err({ code: 'TOO_MANY', message: `at most ${MOST_RULES} rules; remove some first` });
    }
    const unable = rules.map(nameOf).find((name) => this.#isUnable(name));
    if (unable !== undefined)
      return err({ code: 'NOT_AVAILABLE', message: `${unable} cannot be done by this exchange` });
    return ok(rules);
  }

  #isUnable(name: string): boolean {
    return (DEEDS.has(name) || name === 'ACC crash') && !this.#deeds.has(name);
  }

  #keep(rule: FaultRule): Kept {
    this.#count += 1;
    let id = rule.id ?? `f${this.#count}`;
    while (rule.id === undefined && this.#rules.has(id)) id = `f${++this.#count}`;
    const { inMs = 0, forMs = Infinity } = rule.when;
    const since = this.#clock.now() + inMs;
    const one: Kept = {
      id, rule, since, until: since + forMs, matched: 0, fired: 0, error: null, undo: null, timers: [],
    }; // biome-ignore format: one line
    this.#rules.set(id, one);
    this.#index();
    const name = nameOf(rule);
    if (DEEDS.has(name) && inMs > 0) one.timers.push(this.#clock.after(inMs, () => void this.#perform(one)));
    if (STATES.has(name) && inMs === 0) this.#fire(one, {});
    else if (STATES.has(name)) one.timers.push(this.#clock.after(inMs, () => this.#fire(one, {})));
    return one;
  }

  /** A chance decides once whether the deed is done at all. */
  async #perform(one: Kept): Promise<Result<void, FaultError>> {
    const { rule } = one;
    const { chance, forMs } = rule.when;
    one.matched += 1;
    if (chance !== undefined && uniform(this.rng) >= chance) return ok(undefined);
    const deed = this.#deeds.get(nameOf(rule)) as Deed;
    const done = await deed(rule);
    if (!done.ok) {
      one.error = `${done.error.code}: ${done.error.message}`;
      this.#fire(one, {}, one.error);
      return done;
    }
    this.#fire(one, {});
    if (forMs !== undefined && done.value !== null) {
      one.undo = done.value;
      one.timers.push(this.#clock.after(forMs, () => void this.#undo(one)));
    }
    return ok(undefined);
  }

  async #undo(one: Kept): Promise<void> {
    const { undo } = one;
    one.undo = null;
    await undo?.();
  }

  #fire(one: Kept, what: Readonly<Record<string, string>>, error?: string): void {
    one.fired += 1;
    const { point, action } = one.rule;
    const at = this.#clock.now();
    this.trace.add({ at, rule: one.id, point, action, what, ...(error === undefined ? {} : { error }) });
  }

  #isActive(one: Kept): boolean {
    const now = this.#clock.now();
    return now >= one.since && now < one.until;
  }

  #index(): void {
    this.#byPoint = Map.groupBy(this.#rules.values(), (one) => one.rule.point);
  }
}

const nameOf = ({ point, action }: FaultRule): string => `${point} ${action}`;
const isHandled = (rule: FaultRule): boolean => DEEDS.has(nameOf(rule)) || STATES.has(nameOf(rule));

export const invalid = (problems: readonly Problem[]): FaultError => ({
  code: 'INVALID',
  message: problems.map(({ path, message }) => `${path}: ${message}`).join('; '),
  problems,
});
