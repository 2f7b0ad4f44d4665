import { ZERO } from '../../domain/decimal.ts';
import type { Money, UnixMs } from '../../domain/ids.ts';

const SAMPLE_EVERY_MS = 1000;

/** Mean of the distance of the mid price from the index over the last seconds: the P of Bybit's price band. */
export class PremiumMean {
  readonly #windowMs: number;
  #samples: Readonly<{ at: UnixMs; premium: Money }>[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Takes at most one sample a second. */
  observe(at: UnixMs, mid: Money, index: Money): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && at - last.at < SAMPLE_EVERY_MS) return;
    this.#samples.push({ at, premium: (mid - index) as Money });
    const horizon = at - this.#windowMs;
    const keep = this.#samples.findIndex((sample) => sample.at > horizon);
    if (keep > 0) this.#samples = this.#samples.slice(keep);
  }

  value(): Money {
    if (this.#samples.length === 0) return ZERO;
    const sum = this.#samples.reduce((total, sample) => total + sample.premium, 0n);
    return (sum / BigInt(this.#samples.length)) as Money;
  }
}
