import type { BybitError, HeldReason } from './errors.ts';
import type { Grant } from './limiter/bucket.ts';
import { Bucket } from './limiter/bucket.ts';
import type { Quota } from './limiter/quota.ts';
import { RollingWindow } from './limiter/rolling-window.ts';
import type { Clock, Timer } from './ports.ts';
import type { Result } from './result.ts';
import { err, ok } from './result.ts';

/** Who goes first when there is not enough for all. */
export type Lane = 'cancel' | 'query' | 'submit' | 'reconcile';
const LANES: readonly Lane[] = ['cancel', 'query', 'submit', 'reconcile'];

/** Share of the address's budget that a lane may use: what it leaves is kept free for the lanes above it. */
const IP_SHARE: Readonly<Record<Lane, number>> = { cancel: 1, query: 0.95, submit: 0.9, reconcile: 0.7 };
/** Share of one endpoint's budget. Only reconciliation shares an endpoint with something more urgent: queries. */
const BUCKET_SHARE: Readonly<Record<Lane, number>> = { cancel: 1, query: 1, submit: 1, reconcile: 0.8 };

/** 3000 requests per address and second on trade sockets (docs/v5/websocket/trade/guideline), less a little. */
const SOCKET_WINDOW_MS = 1_020;
const SOCKET_LIMIT = 2_900;

/** 600 requests per address in 5 s (docs/v5/rate-limit), counted a little longer than the venue does. */
const IP_WINDOW_MS = 5_100;

export type LimiterOptions = Readonly<{
  clock: Clock;
  /** `documented`: start with Bybit's published numbers and follow its headers. `off`: obey refusals only. */
  budgets: 'documented' | 'off';
  /** HTTP requests per address in 5 s. */
  ipLimit: number;
  /** How long all HTTP rests after a ban (HTTP 403). */
  banMs: number;
}>;

export type Ask = Readonly<{
  lane: Lane;
  /** Name and documented requests per second; null where only the address's budget counts. */
  bucket: Readonly<{ key: string; perSecond: number }> | null;
  /** Requests on a socket do not count against the address and go on during a ban. */
  overHttp: boolean;
  /** Monotonic ms after which it must not be sent any more. */
  expiresAt: number;
}>;

/** Leave to send one request now. */
export type Permit = Readonly<{ bucket: Bucket | null; grant: Grant | null }>;

type Held = Extract<BybitError, { type: 'held' }>;
type Waiting = Readonly<{ ask: Ask; settle: (answer: Result<Permit, Held>) => void }>;

/**
 * Keeps every budget that Bybit counts: per account and endpoint, and per address. One limiter serves all clients
 * behind one address. Requests that do not fit wait in their lane; more urgent lanes go first.
 */
export class Limiter {
  readonly #options: LimiterOptions;
  readonly #buckets = new Map<string, Bucket>();
  readonly #ip = new RollingWindow(IP_WINDOW_MS);
  readonly #sockets = new RollingWindow(SOCKET_WINDOW_MS);
  readonly #waiting: Record<Lane, Waiting[]> = { cancel: [], query: [], submit: [], reconcile: [] };
  #waitingCount = 0;
  #stoppedUntil = Number.NEGATIVE_INFINITY;
  #timer: Timer | null = null;
  #wakeAt = 0;

  constructor(options: LimiterOptions) {
    this.#options = options;
  }

  /** Resolves as soon as the request may go; with an error if it may not any more. */
  acquire(ask: Ask): Promise<Result<Permit, Held>> {
    const now = this.#options.clock.monotonic();
    if (ask.overHttp && now < this.#stoppedUntil) return Promise.resolve(this.#held('http_stopped', now));
    if (ask.expiresAt <= now) return Promise.resolve(this.#held('expired', now));
    const bucket = this.#bucketOf(ask);
    if (this.#waitingCount === 0 && this.#openAt(ask, bucket, now) <= now) {
      return Promise.resolve(ok(this.#take(ask, bucket, now)));
    }
    return new Promise((settle) => {
      this.#waiting[ask.lane].push({ ask, settle });
      this.#waitingCount++;
      const openAt = this.#openAt(ask, bucket, now);
      if (openAt <= now || openAt >= ask.expiresAt) this.#pump();
      else this.#wakeBy(openAt);
    });
  }

  /** The venue answered and did not complain about the rate. */
  learn(permit: Permit, quota: Quota | null): void {
    if (permit.bucket === null || permit.grant === null || quota === null) return;
    const before = permit.bucket.limit;
    permit.bucket.learn(permit.grant, quota, this.#options.clock.monotonic());
    if (permit.bucket.limit > before && this.#waitingCount > 0) this.#pump();
  }

  /** The venue said that the endpoint's limit was exceeded. Returns for how long its bucket is closed, ms. */
  exceeded(permit: Permit, resetInMs: number | null): number {
    return permit.bucket?.close(resetInMs, this.#options.clock.monotonic()) ?? 0;
  }

  /** The address is banned: everything over HTTP that waits is given back unsent. Returns the end, wall clock. */
  stopHttp(): number {
    const { clock, banMs } = this.#options;
    const now = clock.monotonic();
    this.#stoppedUntil = now + banMs;
    this.#giveBack('http_stopped', now, (ask) => ask.overHttp);
    return clock.now() + banMs;
  }

  /** How long HTTP still rests, ms; 0 when it does not. */
  stoppedForMs(): number {
    return Math.max(0, this.#stoppedUntil - this.#options.clock.monotonic());
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.#waitingCount;
  }

  /** Gives everything that waits back unsent. */
  close(): void {
    this.#giveBack('closed', this.#options.clock.monotonic(), () => true);
    this.#timer?.cancel();
    this.#timer = null;
  }

  #giveBack(reason: HeldReason, now: number, which: (ask: Ask) => boolean): void {
    for (const lane of LANES) {
      const kept: Waiting[] = [];
      for (const waiting of this.#waiting[lane]) {
        if (which(waiting.ask)) this.#answer(waiting, this.#held(reason, now));
        else kept.push(waiting);
      }
      this.#waiting[lane] = kept;
    }
  }

  #pump(): void {
    const now = this.#options.clock.monotonic();
    let wakeAt = Number.POSITIVE_INFINITY;
    for (const lane of LANES) {
      const kept: Waiting[] = [];
      for (const waiting of this.#waiting[lane]) {
        const bucket = this.#bucketOf(waiting.ask);
        const openAt = this.#openAt(waiting.ask, bucket, now);
        // What cannot go in time is given back at once: its caller can still decide something.
        if (openAt >= waiting.ask.expiresAt) this.#answer(waiting, this.#held('expired', now));
        else if (openAt <= now) this.#answer(waiting, ok(this.#take(waiting.ask, bucket, now)));
        else {
          kept.push(waiting);
          wakeAt = Math.min(wakeAt, openAt);
        }
      }
      this.#waiting[lane] = kept;
    }
    this.#timer?.cancel();
    this.#timer = null;
    if (Number.isFinite(wakeAt)) this.#wakeBy(wakeAt);
  }

  /** Looks again at that time at the latest. */
  #wakeBy(at: number): void {
    if (this.#timer !== null && this.#wakeAt <= at) return;
    this.#timer?.cancel();
    this.#wakeAt = at;
    const { clock } = this.#options;
    this.#timer = clock.after(at - clock.monotonic(), () => {
      this.#timer = null;
      this.#pump();
    });
  }

  #answer(waiting: Waiting, answer: Result<Permit, Held>): void {
    this.#waitingCount--;
    waiting.settle(answer);
  }

  #openAt(ask: Ask, bucket: Bucket | null, now: number): number {
    const { budgets, ipLimit } = this.#options;
    const share = budgets === 'off' ? Number.POSITIVE_INFINITY : BUCKET_SHARE[ask.lane];
    const own = bucket?.openAt(share, now) ?? now;
    if (budgets === 'off') return own;
    if (!ask.overHttp) return Math.max(own, this.#sockets.freeAt(SOCKET_LIMIT, now));
    return Math.max(own, this.#ip.freeAt(Math.max(1, Math.floor(ipLimit * IP_SHARE[ask.lane])), now));
  }

  #take(ask: Ask, bucket: Bucket | null, now: number): Permit {
    (ask.overHttp ? this.#ip : this.#sockets).record(now);
    return { bucket, grant: bucket?.take(now) ?? null };
  }

  #bucketOf(ask: Ask): Bucket | null {
    if (ask.bucket === null) return null;
    const { key, perSecond } = ask.bucket;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = new Bucket(key, perSecond);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }

  #held(reason: HeldReason, now: number): Result<never, Held> {
    const retryAt = reason === 'http_stopped' ? this.#options.clock.now() + Math.ceil(this.#stoppedUntil - now) : null;
    return err({ type: 'held', reason, retryAt });
  }
}
