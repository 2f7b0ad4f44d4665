import { type Clock, sleep } from '../../ports/clock.ts';
import type { ReplyFault } from './faults.ts';
import { refused } from './refusals.ts';
import { type Outcome, refusedOutcome } from './route.ts';

const NOT_ACCEPTED = refusedOutcome(refused(10016, 'Server error.'), null);

/** Carries a request out as a fault wants it: or not at all, held back, with another code. */
export async function underFault(
  fault: ReplyFault | null,
  clock: Clock,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  if (fault === null) return run();
  const outcome = fault.accepted ? await run() : NOT_ACCEPTED;
  if (fault.holdMs > 0) await sleep(clock, fault.holdMs);
  return fault.type === 'ret_code'
    ? { ...outcome, retCode: fault.retCode, retMsg: fault.retMsg, result: {}, extInfo: {} }
    : outcome;
}
