import { err, ok, type Result } from '../../domain/result.ts';
import { type HistoryError, historyError } from './history-error.ts';
import type { BarPrice } from './history-event.ts';
import { type Bar, barPath } from './kline-table.ts';

/** Of a file with a single bar. */
const MINUTE_MS = 60_000;

/** Turns bars into prices. A bar is as long as the smallest distance between two so far, so one is always held back. */
export class KlinePath {
  #held: Bar | null = null;
  #lengthMs: number | null = null;
  #last: Bar | null = null;

  /** The prices of the bar before this one. */
  next(bar: Bar): Result<readonly BarPrice[], HistoryError> {
    const held = this.#held;
    if (held !== null && bar.at <= held.at) {
      return err(historyError('REPLAY_UNORDERED', bar.line, `a bar of ${bar.at} after one of ${held.at}`));
    }
    if (held !== null) this.#lengthMs = Math.min(this.#lengthMs ?? Infinity, bar.at - held.at);
    this.#held = bar;
    return ok(held === null ? [] : this.#path(held));
  }

  /** Those of the last bar. */
  end(): readonly BarPrice[] {
    const held = this.#held;
    this.#held = null;
    return held === null ? [] : this.#path(held);
  }

  #path(bar: Bar): readonly BarPrice[] {
    const path = barPath(bar, this.#lengthMs ?? MINUTE_MS, this.#last?.close ?? null);
    this.#last = bar;
    return path;
  }
}
