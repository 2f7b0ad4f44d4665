import { RollingWindow } from '../limits.ts';

/**
 * An address that was cut off more often for flooding within ten minutes is not let in for ten minutes, whatever is
 * counted otherwise: it is how the others are served.
 */
const MOST_FLOODS = 1;
const FLOOD_WINDOW_MS = 600_000;

/** Which addresses flood. */
export class Floods {
  /** Address → until when it is not let in. */
  readonly #shunned = new Map<string, number>();
  readonly #floods = new Map<string, RollingWindow>();

  count(address: string, now: number): void {
    const floods = this.#floods.get(address) ?? new RollingWindow(MOST_FLOODS, FLOOD_WINDOW_MS);
    this.#floods.set(address, floods);
    if (!floods.take(now).allowed) this.#shunned.set(address, now + FLOOD_WINDOW_MS);
  }

  isShunned(address: string, now: number): boolean {
    const until = this.#shunned.get(address);
    if (until === undefined) return false;
    if (until > now) return true;
    this.#shunned.delete(address);
    return false;
  }
}
