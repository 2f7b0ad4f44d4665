import type { Lots, Ticks } from '../domain/ids.ts';
import { GTC } from './codes.ts';
import { MatchingEngine } from './engine.ts';

const COMMANDS = 60_000;

/**
 * Runs a fixed mix of every command through an engine of its own, so that the code is compiled before the first real
 * order comes: the first thousands of commands are then five times as fast. Numbers on both sides of 2^31 are used, or
 * code compiled for small ones would be thrown away by the first large one. Takes 50 to 100 ms; call it at start-up.
 */
export function warmUp(): void {
  const engine = new MatchingEngine();
  let state = 1;
  // Marsaglia's xorshift32 (2003): the same commands each time.
  const draw = (bound: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
  for (let step = 1; step <= COMMANDS; step += 1) {
    const offset = draw(2) * 2 ** 40;
    const id = step + offset;
    const price = (1_000 + draw(64) + (step > COMMANDS / 2 ? 2 ** 40 : 0)) as Ticks;
    const qty = (1 + draw(100) * (1 + draw(2) * 2 ** 32)) as Lots;
    const timeInForce = draw(3) === 0 ? draw(4) : GTC;
    const kind = draw(16);
    if (kind < 9) engine.submit(id, draw(50), draw(2), price, qty, timeInForce, draw(4));
    else if (kind === 9) engine.submitMarket(id, draw(50), draw(2), qty, 1 + draw(2), draw(4));
    else if (kind < 13) engine.cancel(step - draw(64) + offset);
    else if (kind < 15) engine.amend(step - draw(64) + offset, price, qty);
    else engine.execute({ type: 'cancel_all', account: draw(50) });
    if (kind === 0) engine.events.decodeAll();
  }
  engine.depth(20);
  engine.snapshot();
}
