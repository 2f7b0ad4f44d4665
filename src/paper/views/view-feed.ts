import type { InstrumentId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Faults, LaggingKind } from '../faults.ts';
import type { Release } from '../outbox.ts';
import type { Change } from '../state/changes.ts';
import type { Views } from './views.ts';

/** Changes that are shown at `due`; the rest of their release is shown already. */
type Late = Readonly<{ due: number; release: Release }>;

/** Brings what became durable into the views: at once, or, by fault injection, later. */
export class ViewFeed {
  readonly #views: Views;
  readonly #clock: Clock;
  readonly #faults: Faults;
  #late: Late[] = [];
  /** When the last change of a kind of an account is shown: none may overtake another. */
  readonly #lastDue = new Map<string, number>();

  constructor(views: Views, clock: Clock, faults: Faults) {
    this.#views = views;
    this.#clock = clock;
    this.#faults = faults;
  }

  /** Changes that no query shows yet. */
  pending(): readonly Release[] {
    return this.#late.map((one) => one.release);
  }

  take(release: Release): void {
    if (release.reset) {
      this.#late = [];
      this.#lastDue.clear();
      this.#views.clear();
    }
    const { changes } = release;
    const isOnTime = this.#late.length === 0 && !changes.some((change) => this.#lagOf(change) > 0);
    if (isOnTime) this.#views.apply(changes);
    else this.#delay(release);
  }

  #delay(release: Release): void {
    const now = this.#clock.now();
    this.#showUpTo(now); // what is due now comes first
    const groups = Map.groupBy(release.changes, (change) => this.#dueOf(change, now));
    this.#views.apply(groups.get(now) ?? []);
    groups.delete(now);
    if (groups.size > 0 && this.#faults.lagMs > 0) this.#faults.count('lag_queries');
    for (const [due, changes] of groups) {
      this.#late.push({ due, release: { ...release, changes } });
      this.#clock.after(due - now, () => this.#showUpTo(due));
    }
  }

  #dueOf(change: Change, now: number): number {
    const kind = kindOf(change);
    if (kind === null) return now;
    const key = `${change.uid}/${kind}`;
    const due = Math.max(this.#lastDue.get(key) ?? now, now + this.#lagOf(change));
    if (due > now) this.#lastDue.set(key, due);
    return due;
  }

  #lagOf(change: Change): number {
    const kind = kindOf(change);
    return kind === null ? 0 : this.#faults.lag(kind, { uid: change.uid, instrument: instrumentOf(change) });
  }

  /**
   * Timers count from fractions of the millisecond that `now` cuts off: of two that are due in the same one the later
   * change may come first. It brings everything before it along, so that none is left behind for ever.
   */
  #showUpTo(until: number): void {
    const due = this.#late.filter((one) => one.due <= until);
    if (due.length === 0) return;
    this.#late = this.#late.filter((one) => one.due > until);
    for (const one of due.sort((a, b) => a.due - b.due)) this.#views.apply(one.release.changes);
  }
}

function kindOf({ type }: Change): LaggingKind | null {
  return type === 'order' || type === 'execution' || type === 'position' ? type : null;
}

function instrumentOf(change: Change): InstrumentId {
  if (change.type === 'order') return change.facts.order.instrument;
  if (change.type === 'execution') return change.execution.instrument;
  return (change as Extract<Change, { type: 'position' }>).facts.instrument;
}
