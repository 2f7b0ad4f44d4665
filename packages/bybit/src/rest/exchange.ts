import type { BybitError } from '../errors.ts';
import type { Observe } from '../events.ts';
import type { Limiter, Permit } from '../limiter.ts';
import { learnRate } from '../limiter/learn.ts';
import type { Quota } from '../limiter/quota.ts';
import { quotaOfHeaders } from '../limiter/quota.ts';
import type { HttpRequest, HttpResponse, Transport } from '../ports.ts';
import { transportFailure } from '../ports.ts';
import type { Result } from '../result.ts';
import { err, ok } from '../result.ts';
import type { ServerClock } from '../server-clock.ts';
import type { Envelope } from '../wire/envelope.ts';
import { readEnvelope } from '../wire/envelope.ts';

/** A protocol answer, whatever its retCode. */
export type Answer = Readonly<{ envelope: Envelope; quota: Quota | null }>;

/**
 * What the status alone says. 403 is a ban of the address (or a barred region), 429 and 5xx an overload: none of them
 * says whether a write was taken, so the body is not even looked at.
 */
function statusError(response: HttpResponse): BybitError | null {
  if (response.status === 403 || response.status === 429 || response.status >= 500) {
    return { type: 'http', status: response.status, message: response.body.slice(0, 120) };
  }
  return null;
}

function readAnswer(response: HttpResponse): Result<Answer, BybitError> {
  const failed = statusError(response);
  if (failed !== null) return err(failed);
  const envelope = readEnvelope(response.body);
  const success = response.status >= 200 && response.status < 300;
  if (!envelope.ok) {
    if (success) return err({ type: 'unreadable', message: envelope.error });
    return err({ type: 'http', status: response.status, message: response.body.slice(0, 120) });
  }
  // Some refusals come as 400, 401 or 404 with a proper envelope. A success does not.
  if (!success && envelope.value.retCode === 0) {
    return err({ type: 'http', status: response.status, message: 'retCode 0 under a failed status' });
  }
  return ok({ envelope: envelope.value, quota: quotaOfHeaders(response.headers) });
}

/** Sends one request, once, and reads its answer. Never throws, never repeats. */
export async function exchange(transport: Transport, request: HttpRequest): Promise<Result<Answer, BybitError>> {
  let response: HttpResponse;
  try {
    response = await transport.http.request(request);
  } catch (thrown) {
    return err({ type: 'transport', ...transportFailure(thrown) });
  }
  return readAnswer(response);
}

/** Lets the limiter and the clock learn from an answer, and tells the observer what it should know. */
export function learnFrom(
  answered: Result<Answer, BybitError>,
  permit: Permit,
  sentAt: number,
  to: Readonly<{ transport: Transport; limiter: Limiter; serverClock: ServerClock; observe: Observe }>,
): void {
  if (!answered.ok) {
    if (answered.error.type === 'http' && answered.error.status === 403) {
      to.observe({ type: 'http_stopped', until: to.limiter.stopHttp() });
    }
    return;
  }
  const { envelope, quota } = answered.value;
  to.serverClock.notice(envelope.time, sentAt, to.transport.clock.monotonic());
  learnRate(to, permit, envelope.retCode, quota);
}
