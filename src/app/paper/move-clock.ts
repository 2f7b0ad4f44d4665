import type { UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { ControlError, PaperExchange } from '../../paper/index.ts';

export type ClockMove = Readonly<{ advanceMs: number } | { toMs: number }>;

/** Long steps are taken in parts, so that what becomes durable on the way is let out and forgotten. */
const LONGEST_STEP_MS = 60_000;

/** Moves the time of a stepped exchange; one step after the other, because two at once would mix their times. */
export function clockMover(exchange: PaperExchange): (to: ClockMove) => Promise<Result<UnixMs, ControlError>> {
  let last: Promise<unknown> = Promise.resolve();
  return (to) => {
    const next = last.then(() => move(exchange, to));
    last = next.catch(() => {}); // whoever asked for that step has been told
    return next;
  };
}

async function move(exchange: PaperExchange, to: ClockMove): Promise<Result<UnixMs, ControlError>> {
  const target = 'toMs' in to ? to.toMs : exchange.now() + to.advanceMs;
  let left = target - exchange.now();
  do {
    const stepped = await exchange.control.step(Math.min(left, LONGEST_STEP_MS));
    if (!stepped.ok) return err(stepped.error);
    left = target - stepped.value;
    await new Promise(setImmediate);
  } while (left > 0);
  return ok(exchange.now());
}
