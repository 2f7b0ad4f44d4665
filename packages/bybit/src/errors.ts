import type { ErrorClass } from './error-codes.ts';
import { classOf } from './error-codes.ts';
import type { TransportFailure } from './ports.ts';

/**
 * Why a call has no result. `code` is Bybit's number, where Bybit spoke; every other kind says what was in the way.
 * Values, never thrown.
 */
export type BybitError = Readonly<
  /** Bybit answered with a retCode other than 0. */
  | { type: 'venue'; code: number; message: string; class: ErrorClass }
  /** No answer. `refused` alone proves that nothing was sent. */
  | { type: 'transport'; failure: TransportFailure; message: string }
  /** An HTTP answer that is not of the V5 protocol: a proxy's page, an overload, a ban. */
  | { type: 'http'; status: number; message: string }
  /** An answer that is cut off, not JSON, or lacks what it must have. */
  | { type: 'unreadable'; message: string }
  /** Never sent: our own limiter held it back, until `retryAt` (wall clock, ms) where that is known. */
  | { type: 'held'; reason: HeldReason; retryAt: number | null }
  /** Never sent: the request itself is wrong. */
  | { type: 'invalid'; message: string }
  /** Sent over a socket whose answer did not come: the deadline passed, or the link was lost. */
  | { type: 'unanswered'; reason: 'deadline' | 'link_lost' }
  /** A listing over several pages could not be read completely and consistently. */
  | { type: 'incomplete'; message: string }
>;

/**
 * `http_stopped`: the address is banned (HTTP 403), nothing leaves until the ban is over. `expired`: its turn did not
 * come before its time to live ended. `link_down`: the trade socket is not logged in, or was replaced while waiting.
 */
export type HeldReason = 'http_stopped' | 'expired' | 'link_down' | 'closed';

export const venueError = (code: number, message: string): BybitError => ({
  type: 'venue',
  code,
  message,
  class: classOf(code),
});

/** One line for logs. Holds nothing secret: Bybit's texts and our own words only. */
export function describeError(error: BybitError): string {
  switch (error.type) {
    case 'venue':
      return `retCode ${error.code} (${error.class}): ${error.message}`;
    case 'transport':
      return `transport ${error.failure}: ${error.message}`;
    case 'http':
      return `HTTP ${error.status}: ${error.message}`;
    case 'held':
      return `not sent: ${error.reason}`;
    case 'unanswered':
      return `unanswered: ${error.reason}`;
    case 'unreadable':
    case 'invalid':
    case 'incomplete':
      return `${error.type}: ${error.message}`;
  }
}
