// The fast engine against its naive twin: the same commands, compared event by event and hash by hash.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Lots, Ticks } from '../../../src/domain/ids.ts';
import {
  CANCEL_REASONS,
  type Command,
  EVENT_TYPES,
  MatchingEngine,
  type MatchingEvent,
  REJECT_REASONS,
  SELF_TRADE_MODES,
  TIMES_IN_FORCE,
} from '../../../src/matching/index.ts';
import { below, type Rng, seededRng } from '../../../src/ports/rng.ts';
import { Ledger } from './ledger.ts';
import { NaiveEngine } from './naive-engine.ts';
import { IdPool, nextCommand, PROFILES, type Profile } from './streams.ts';

const FACTOR = process.env['OKD_LONG'] === '1' ? 50 : 1;
const COMMANDS = 1_000;
const FIRST_SEED = 20_241_201;

/** Whatever can be seen in events. UNKNOWN_CODE cannot: commands in words have no code that is not known. */
const EVERYTHING = [
  ...EVENT_TYPES.filter((type) => type !== 'canceled' && type !== 'rejected'),
  ...CANCEL_REASONS.map((reason) => `canceled ${reason}`),
  ...REJECT_REASONS.filter((reason) => reason !== 'UNKNOWN_CODE').map((reason) => `rejected ${reason}`),
].sort();

const seen = new Set<string>();

/** Cheaper than `deepEqual` by far, and as strict for flat objects. */
function same(a: MatchingEvent, b: MatchingEvent): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.is(a[key as keyof MatchingEvent], b[key as keyof MatchingEvent]));
}

function expectSame(fast: readonly MatchingEvent[], slow: readonly MatchingEvent[]): void {
  if (fast.length === slow.length && fast.every((event, index) => same(event, slow[index] as MatchingEvent))) return;
  assert.deepEqual(fast, slow);
}

/** Restores the engine from a snapshot that went through JSON. */
function reborn(engine: MatchingEngine): MatchingEngine {
  const restored = MatchingEngine.restore(JSON.parse(JSON.stringify(engine.snapshot())));
  assert.ok(restored.ok, restored.ok ? '' : restored.error.message);
  return restored.value;
}

class Pair {
  fast = new MatchingEngine();
  readonly slow = new NaiveEngine();
  readonly ledger = new Ledger();

  run(command: Command): void {
    const events = this.fast.execute(command);
    expectSame(events, this.slow.execute(command));
    this.ledger.take(command, events);
    for (const event of events) seen.add('reason' in event ? `${event.type} ${event.reason}` : event.type);
  }

  compare(): void {
    const { fast, slow } = this;
    assert.equal(fast.hash(), slow.hash());
    assert.deepEqual([...fast.orders()], slow.orders());
    assert.deepEqual(fast.depth(3), slow.depth(3));
    this.ledger.check(fast);
  }
}

function runStream(profile: Profile, seed: number): void {
  const rng = seededRng(seed);
  const pair = new Pair();
  const ids = new IdPool(below(rng, 4) === 0 ? 2 ** 40 : 0);
  const restoreAt = below(rng, COMMANDS);
  for (let step = 0; step < COMMANDS; step += 1) {
    const command = nextCommand(rng, profile, pair.fast, ids);
    try {
      pair.run(command);
      if (step % 64 === 0 || step === COMMANDS - 1) pair.compare();
      if (step === restoreAt) pair.fast = reborn(pair.fast);
      if (step % 256 === 0) compareVolumes(rng, profile, pair);
    } catch (error) {
      throw new Error(`seed ${seed}, step ${step}, ${JSON.stringify(command)}`, { cause: error });
    }
  }
}

function compareVolumes(rng: Rng, profile: Profile, { fast, slow }: Pair): void {
  for (const side of ['buy', 'sell'] as const) {
    const price = profile.price(rng, side) as Ticks;
    assert.equal(fast.volumeTo(side, price), slow.volumeTo(side, price));
  }
}

for (const [index, profile] of PROFILES.entries()) {
  test(`the engine does what its naive twin does: ${profile.name}`, () => {
    const first = FIRST_SEED + index * 1_000_000;
    for (let seed = first; seed < first + profile.streams * FACTOR; seed += 1) runStream(profile, seed);
  });
}

test('the streams show every event and every reason', () => assert.deepEqual([...seen].sort(), EVERYTHING));

/** Commands over so few ids, accounts and prices that short lists of them meet; fast-check shrinks what fails. */
const price = fc.integer({ min: 30, max: 34 }) as fc.Arbitrary<Ticks>;
const qty = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(Number.MAX_SAFE_INTEGER)) as fc.Arbitrary<Lots>;
const id = fc.integer({ min: 1, max: 12 });
const account = fc.integer({ min: 0, max: 1 });
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant('submit' as const),
      id,
      account,
      side: fc.constantFrom('buy' as const, 'sell' as const),
      price: fc.option(price, { freq: 8 }),
      qty,
      timeInForce: fc.constantFrom(...TIMES_IN_FORCE),
      selfTrade: fc.constantFrom(...SELF_TRADE_MODES),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('cancel' as const), id }) },
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('amend' as const), id, price: fc.option(price), qty: fc.option(qty) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel_all' as const), account }) },
);

test('any short list of commands comes out the same, and a restore in its middle changes nothing', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), fc.nat(40), (commands, restoreAt) => {
      const pair = new Pair();
      for (const [step, one] of commands.entries()) {
        if (step === restoreAt) pair.fast = reborn(pair.fast);
        pair.run(one);
        assert.equal(pair.fast.hash(), pair.slow.hash());
      }
      pair.compare();
    }),
    { numRuns: 2_000 * FACTOR },
  );
});
