import type { Money, UnixMs } from '../../domain/ids.ts';

/** Changes that follow each other faster count as one. */
const STEP_MS = 1000;

type Change = { readonly at: UnixMs; price: Money };

/** Average of a price over time, as it was seen to change: what contracts are delivered at. */
export class TimeMean {
  readonly #keptMs: number;
  #changes: Change[] = [];

  /** `keptMs`: how far back averages may reach. */
  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  observe(at: UnixMs, price: Money): void {
    const last = this.#changes.at(-1);
    if (last?.price === price) return;
    if (last !== undefined && at - last.at < STEP_MS) {
      last.price = price;
      return;
    }
    this.#changes.push({ at, price });
    const horizon = at - this.#keptMs;
    // The one before the horizon still says what the price was at the horizon.
    const keep = this.#changes.findIndex((_, index) => (this.#changes[index + 1]?.at ?? at) > horizon);
    if (keep > 0) this.#changes = this.#changes.slice(keep);
  }

  /** Over [from, to], of the part of it that was seen; null where none was. Rounded down. */
  between(from: UnixMs, to: UnixMs): Money | null {
    let sum = 0n;
    let span = 0;
    for (const [index, { at, price }] of this.#changes.entries()) {
      const begin = Math.max(at, from);
      const end = Math.min(this.#changes[index + 1]?.at ?? to, to);
      if (end <= begin) continue;
      sum += price * BigInt(Math.round(end - begin));
      span += Math.round(end - begin);
    }
    return span === 0 ? null : ((sum / BigInt(span)) as Money);
  }
}
