import type { Clock } from '../../ports/clock.ts';
import type { Faults } from '../faults.ts';
import type { Release } from '../outbox.ts';
import type { Change } from '../state/changes.ts';
import type { Views } from './views.ts';

/** Brings what became durable into the views: at once, or, by fault injection, orders and executions later. */
export class ViewFeed {
  readonly #views: Views;
  readonly #clock: Clock;
  readonly #faults: Faults;
  readonly #late: Release[] = [];
  #lastDue = 0;

  constructor(views: Views, clock: Clock, faults: Faults) {
    this.#views = views;
    this.#clock = clock;
    this.#faults = faults;
  }

  /** Releases whose orders and executions no query shows yet. */
  pending(): readonly Release[] {
    return this.#late;
  }

  take(release: Release): void {
    if (release.reset) {
      this.#late.length = 0;
      this.#views.clear();
    }
    if (this.#faults.lagMs === 0 && this.#late.length === 0) {
      this.#views.apply(release.changes);
      return;
    }
    this.#views.apply(release.changes.filter((change) => !lags(change)));
    this.#delay(release);
  }

  /** In order, also when the lag changes meanwhile. */
  #delay(release: Release): void {
    const now = this.#clock.now();
    this.#lastDue = Math.max(this.#lastDue, now + this.#faults.lagMs);
    this.#late.push(release);
    this.#faults.count('lag_queries');
    this.#clock.after(this.#lastDue - now, () => this.#showUpTo(release));
  }

  /**
   * Timers count from fractions of the millisecond that `now` cuts off: of two that are due in the same one the later
   * release may come first. It brings everything before it along, so that none is left behind for ever.
   */
  #showUpTo(release: Release): void {
    const index = this.#late.indexOf(release);
    if (index < 0) return; // shown already, or a reset dropped it
    for (const one of this.#late.splice(0, index + 1)) this.#views.apply(one.changes.filter(lags));
  }
}

const lags = (change: Change): boolean => change.type === 'order' || change.type === 'execution';
