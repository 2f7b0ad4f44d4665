import type { Category } from '../../domain/ids.ts';

/** `scale` multiplies every budget; `off` counts nothing. */
export type RateLimits = 'bybit' | 'off' | Readonly<{ scale: number }>;

/** What the three `X-Bapi-Limit` headers say about one call. */
export type Budget = Readonly<{ limit: number; remaining: number; resetAt: number; allowed: boolean }>;
/** `granted`: how many of a batch's items may be carried out. */
export type BatchBudget = Readonly<{ budget: Budget; granted: number }>;

/** At most `limit` events in any `windowMs`: the times of the accepted ones, oldest first. */
export class RollingWindow {
  readonly limit: number;
  readonly #windowMs: number;
  #times: number[] = [];
  #head = 0;

  constructor(limit: number, windowMs: number) {
    this.limit = limit;
    this.#windowMs = windowMs;
  }

  /** Takes `cost` places, all or none. A refused call costs nothing. */
  take(now: number, cost = 1): Budget {
    this.#forget(now);
    const used = this.#times.length - this.#head;
    const allowed = used + cost <= this.limit;
    if (allowed) for (let i = 0; i < cost; i += 1) this.#times.push(now);
    const remaining = this.limit - (this.#times.length - this.#head);
    const oldest = this.#times[this.#head] ?? now;
    return { limit: this.limit, remaining, resetAt: allowed ? now : oldest + this.#windowMs, allowed };
  }

  /** Takes as many of `cost` places as there are; refused only where there is none. */
  takeUpTo(now: number, cost: number): BatchBudget {
    this.#forget(now);
    const left = this.limit - (this.#times.length - this.#head);
    const granted = Math.min(cost, left);
    return { budget: this.take(now, Math.max(1, granted)), granted };
  }

  #forget(now: number): void {
    // What lies ahead of a clock that was set back is forgotten too: it must not keep its place for ever.
    while (this.#head < this.#times.length) {
      const at = this.#times[this.#head] as number;
      if (at > now - this.#windowMs && at <= now) break;
      this.#head += 1;
    }
    if (this.#head < 512 && this.#head < this.#times.length) return;
    this.#times = this.#times.slice(this.#head);
    this.#head = 0;
  }
}

/** Calls of one endpoint, by group of categories: linear and inverse share one budget. */
export type EndpointLimit = Readonly<{
  name: string;
  futures: number;
  option: number;
  spot: number;
  /** In which time; a second where it is absent. */
  windowMs?: number;
}>;

export const sameLimit = (name: string, perSecond: number): EndpointLimit => ({
  name,
  futures: perSecond,
  option: perSecond,
  spot: perSecond,
});

export const perMinute = (name: string, limit: number): EndpointLimit => ({
  ...sameLimit(name, limit),
  windowMs: 60_000,
});

export class RateLimiter {
  readonly #scale: number;
  readonly #off: boolean;
  readonly #windows = new Map<string, RollingWindow>();

  constructor(limits: RateLimits) {
    this.#off = limits === 'off';
    this.#scale = typeof limits === 'object' ? limits.scale : 1;
  }

  /** One call of `uid` to an endpoint, over HTTP or the trade socket: both draw on the same budget. */
  take(uid: string, endpoint: EndpointLimit, category: Category | null, now: number): Budget {
    return this.takeItems(uid, endpoint, category, 1, now).budget;
  }

  /** A batch costs its number of items; of one that is too dear for what is left, the last ones go without. */
  takeItems(uid: string, endpoint: EndpointLimit, category: Category | null, items: number, now: number): BatchBudget {
    const group = category === 'spot' || category === 'option' ? category : 'futures';
    const documented = endpoint[group];
    const window = this.#window(`${uid} ${endpoint.name} ${group}`, documented, endpoint.windowMs ?? 1000);
    return window === null
      ? { budget: { limit: documented, remaining: documented, resetAt: now, allowed: true }, granted: items }
      : window.takeUpTo(now, items);
  }

  /** Anything else that is counted: requests of an address, new connections. */
  count(key: string, limit: number, windowMs: number, now: number): Budget {
    const window = this.#window(key, limit, windowMs);
    return window === null ? { limit, remaining: limit, resetAt: now, allowed: true } : window.take(now);
  }

  /** Whether one more may be held at a time besides `held`. */
  allowsHeld(held: number, limit: number): boolean {
    return this.#off || held < this.#scaled(limit);
  }

  #scaled(documented: number): number {
    return Math.max(1, Math.floor(documented * this.#scale));
  }

  /** Null where nothing is counted. */
  #window(key: string, documented: number, windowMs: number): RollingWindow | null {
    if (this.#off) return null;
    let window = this.#windows.get(key);
    if (window === undefined) {
      window = new RollingWindow(this.#scaled(documented), windowMs);
      this.#windows.set(key, window);
    }
    return window;
  }
}

const ADDRESS_LIMIT = 600;
const ADDRESS_WINDOW_MS = 5_000;
/** "The ban is lifted automatically after ten minutes" (V5 docs, "Rate Limit Rules"). */
const ADDRESS_BAN_MS = 600_000;

/** HTTP requests of an address: 600 in five seconds, then refused for ten minutes. */
export class AddressGate {
  readonly #limiter: RateLimiter;
  readonly #bannedUntil = new Map<string, number>();

  constructor(limiter: RateLimiter) {
    this.#limiter = limiter;
  }

  take(address: string, now: number): Budget {
    const until = this.#bannedUntil.get(address) ?? 0;
    if (now < until) return { limit: ADDRESS_LIMIT, remaining: 0, resetAt: until, allowed: false };
    const budget = this.#limiter.count(`address ${address}`, ADDRESS_LIMIT, ADDRESS_WINDOW_MS, now);
    if (budget.allowed) this.#bannedUntil.delete(address);
    else this.#bannedUntil.set(address, now + ADDRESS_BAN_MS);
    return budget;
  }
}
