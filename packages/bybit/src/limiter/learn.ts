import type { Observe } from '../events.ts';
import type { Limiter, Permit } from '../limiter.ts';
import type { ServerClock } from '../server-clock.ts';
import type { Quota } from './quota.ts';

const TOO_MANY_VISITS = 10006;

/** Lets the limiter learn from an answer, over REST or over the trade socket. */
export function learnRate(
  to: Readonly<{ limiter: Limiter; serverClock: ServerClock; observe: Observe }>,
  permit: Permit,
  retCode: number,
  quota: Quota | null,
): void {
  if (retCode !== TOO_MANY_VISITS) {
    to.limiter.learn(permit, quota);
    return;
  }
  const resetAt = quota?.resetAt ?? null;
  const waitMs = to.limiter.exceeded(permit, resetAt === null ? null : resetAt - to.serverClock.now());
  to.observe({ type: 'rate_limited', bucket: permit.bucket?.key ?? '', waitMs });
}
