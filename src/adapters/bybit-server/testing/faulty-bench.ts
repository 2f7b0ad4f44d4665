import { unwrap } from '../../../domain/result.ts';
import { seededRng } from '../../../ports/rng.ts';
import { FaultBook, type FaultInput, type ServeBybit } from '../index.ts';
import { TestBench } from './client.ts';
import { ManualClock } from './manual-clock.ts';

export type FaultyBench = Readonly<{
  bench: TestBench;
  faults: FaultBook;
  /** Moves the exchange's time, the rules' and the process's together. */
  advance(ms: number): Promise<void>;
  /** How often each rule fired, in the order in which they were added. */
  fired(): readonly number[];
}>;

/** A bench whose server asks a book of rules. */
export const benchWith = (...rules: readonly FaultInput[]): Promise<FaultyBench> => faultyBench({}, rules);

export async function faultyBench(
  options: Partial<ServeBybit>,
  rules: readonly FaultInput[] = [],
): Promise<FaultyBench> {
  const clock = new ManualClock(1_700_000_000_000);
  const faults = new FaultBook(clock, seededRng(1));
  const bench = await TestBench.start({ faults, pushClock: clock, ...options });
  const advance = async (ms: number): Promise<void> => {
    bench.exchange.time += ms;
    await clock.advance(ms);
    await bench.clock.advance(ms);
  };
  unwrap(await faults.add(rules));
  return { bench, faults, advance, fired: () => faults.list().map((one) => one.fired) };
}
