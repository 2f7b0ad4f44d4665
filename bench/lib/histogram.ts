/** Linear steps in each power of two: a value is known to 1/64, 1.6 %. */
const STEPS = 64;
const STEP_BITS = 6;
/** Up to 2^45 ns, ten hours. */
const POWERS = 40;

/** Counts durations in buckets that widen with the value, so that a million of them cost no memory and no sorting. */
export class Histogram {
  count = 0;
  private readonly buckets = new Float64Array(STEPS * (POWERS + 1));

  /** A duration of at least 0, in any unit; fractions are cut off. */
  record(value: number): void {
    const whole = Math.floor(value);
    const power = Math.max(0, Math.floor(Math.log2(whole + 1)) - STEP_BITS);
    const bucket = power * STEPS + Math.floor(whole / 2 ** power);
    const last = this.buckets.length - 1;
    (this.buckets[bucket < last ? bucket : last] as number) += 1;
    this.count += 1;
  }

  /** The value that `share` (0 to 1) of all recorded ones do not exceed, rounded up to its bucket's end. */
  percentile(share: number): number {
    let missing = Math.max(1, Math.ceil(share * this.count));
    for (const [bucket, count] of this.buckets.entries()) {
      missing -= count;
      if (missing <= 0) return endOf(bucket);
    }
    return 0;
  }
}

/** Largest whole value that falls into a bucket. */
function endOf(bucket: number): number {
  const power = Math.max(0, Math.floor(bucket / STEPS) - 1);
  return (bucket - power * STEPS + 1) * 2 ** power - 1;
}
