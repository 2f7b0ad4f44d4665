import type { LinkState } from './socket/link-state.ts';

/**
 * What an operator may want to know and no return value says. Given to the one observer of a client, in order.
 * Holds no secrets.
 */
export type ClientEvent = Readonly<
  /** A connection changed. `reason` says why, where it went down. */
  | { type: 'link'; link: string; state: LinkState; epoch: number; reason: string | null }
  /** The venue does not accept a topic; it is not asked for again on this connection. */
  | { type: 'topic_refused'; link: string; topic: string; message: string }
  /** A topic was acknowledged, but its first data did not come; it is asked for again. */
  | { type: 'topic_silent'; link: string; topic: string; attempts: number }
  /** A book cannot be trusted until its next snapshot. */
  | { type: 'book_invalid'; link: string; topic: string; reason: string }
  /** Our clock and the venue's differ by more than half a second. */
  | { type: 'clock_skew'; skewMs: number }
  /** The venue's clock could not be read. */
  | { type: 'clock_unread'; message: string }
  /** The address is banned: no HTTP until `until` (wall clock, ms). */
  | { type: 'http_stopped'; until: number }
  /** A limit was exceeded in spite of the budget: its bucket is closed for so long. */
  | { type: 'rate_limited'; bucket: string; waitMs: number }
  /** Words that this version does not know, as `name=value`; passed on as `{ unrecognised }`. */
  | { type: 'unrecognised'; where: string; words: readonly string[] }
  /** A row or message that does not fit its schema; in lists it is also among `unreadable`. */
  | { type: 'unreadable'; where: string; reason: string; text: string }
  /** The answer to a command came after its deadline; the outcome given before was `unknown`. */
  | { type: 'late_answer'; link: string; op: string; reqId: string; retCode: number; orderLinkId: string | null }
  /** A login was refused. It is tried again, once soon and then slowly: the clock may have been the cause. */
  | { type: 'login_refused'; link: string; code: number | null; message: string }
>;

export type Observe = (event: ClientEvent) => void;

/** For callers that do not watch. */
export const unobserved: Observe = () => undefined;
