/** The middle value; of an even number, the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] as number;
}

export type Measure = () => number | Promise<number>;
export type Medians = Readonly<{ ours: number; peer: number | undefined }>;

/**
 * Runs us and the peer in turn, round by round, and gives each one's median. In turn, because a shared machine is
 * faster in one minute than in the next: what is compared must have run in the same minutes. A first round of each
 * warms up and does not count.
 */
export async function interleaved(rounds: number, ours: Measure, peer: Measure | null): Promise<Medians> {
  const our: number[] = [];
  const their: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    our.push(await ours());
    if (peer !== null) their.push(await peer());
  }
  return { ours: median(our.slice(1)), peer: peer === null ? undefined : median(their.slice(1)) };
}
