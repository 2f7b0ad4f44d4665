import type { ServerClock } from '../server-clock.ts';
import type { Credentials } from '../sign.ts';
import { loginArgs } from '../sign.ts';

/** How long a login signature stays good, ms. */
const GOOD_FOR_MS = 10_000;

/** The frame that logs in to a private (`req_id`) or trade (`reqId`) socket. */
export function loginFrame(credentials: Credentials, serverClock: ServerClock, idKey: 'req_id' | 'reqId'): string {
  const args = loginArgs(credentials, serverClock.stamp() + GOOD_FOR_MS);
  return JSON.stringify({ [idKey]: 'login', op: 'auth', args });
}
