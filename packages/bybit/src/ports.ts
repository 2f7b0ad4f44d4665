/**
 * Everything that this package needs from outside, as small interfaces. `node.ts` has the real ones; tests and
 * simulators hand in their own. No file of the package but `node.ts` knows Node, reads a clock or draws chance.
 */

/** A timer that can be called off; calling it off twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Wall clock, whole milliseconds since 1970. It may step. */
  now(): number;
  /** Milliseconds with fractions since some start; never steps back. For durations only. */
  monotonic(): number;
  /** Calls `run` once, not before `delayMs` have passed (less than zero counts as zero). */
  after(delayMs: number, run: () => void): Timer;
}

/** Resolves once `delayMs` have passed on the given clock. */
export const sleep = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });

export interface Rng {
  /** Uniform in 0 … 2^32-1. */
  uint32(): number;
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
}

/** Uniform float64 in [0, 1). */
export const uniform = (rng: Rng): number => rng.uint32() / 2 ** 32;

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute URL, query included, sent byte for byte. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the call until the whole answer is here. */
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Why there is no answer. `refused`: no connection was made, so nothing was sent. Every other kind leaves the
 * outcome of a write unknown.
 */
export type TransportFailure = 'refused' | 'timeout' | 'reset' | 'aborted';

export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly failure: TransportFailure;
  constructor(failure: TransportFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

const FAILURES: ReadonlySet<unknown> = new Set<TransportFailure>(['refused', 'timeout', 'reset', 'aborted']);

/**
 * What a rejected request says of itself. Judged by shape, not by class: another package's TransportError counts.
 * Anything else that was thrown proves nothing, so it is never `refused`.
 */
export function transportFailure(thrown: unknown): { failure: TransportFailure; message: string } {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof Error && thrown.name === 'TransportError' && 'failure' in thrown) {
    if (FAILURES.has(thrown.failure)) return { failure: thrown.failure as TransportFailure, message };
  }
  return { failure: 'aborted', message };
}

export interface HttpClient {
  /** Resolves with any HTTP status; rejects with a TransportError only. Never retries. */
  request(request: HttpRequest): Promise<HttpResponse>;
}

export interface SocketHandlers {
  opened(): void;
  /** One text message. Binary frames arrive decoded as UTF-8. */
  message(text: string): void;
  /** Once per socket, also when it never opened. `clean` is false when the peer just went away. */
  closed(code: number, reason: string, clean: boolean): void;
}

export interface Socket {
  /** Queues a text message; false when the socket is not open (nothing is queued). */
  send(text: string): boolean;
  /** Bytes queued and not yet handed to the network. */
  buffered(): number;
  /** Starts the closing handshake. `closed` follows. */
  close(code: number, reason: string): void;
  /** Drops the link at once, without a handshake. `closed` follows. */
  terminate(): void;
}

export interface SocketDialer {
  /** Never throws: a refused dial arrives as `closed`. */
  dial(url: string, handlers: SocketHandlers): Socket;
}

/** The outside world in one piece. */
export interface Transport {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly http: HttpClient;
  readonly sockets: SocketDialer;
}
