import type { BybitError } from './errors.ts';
import { venueError } from './errors.ts';
import type { Observe } from './events.ts';
import type { Lane, Limiter } from './limiter.ts';
import type { Command, WriteOutcome } from './outcome.ts';
import { judgeFailure } from './outcome.ts';
import type { Rng, Transport } from './ports.ts';
import { sleep, uniform } from './ports.ts';
import type { Param } from './query.ts';
import { queryOf } from './query.ts';
import type { Endpoint } from './rest/endpoint.ts';
import { budgetOf } from './rest/endpoint.ts';
import type { Answer } from './rest/exchange.ts';
import { exchange, learnFrom } from './rest/exchange.ts';
import type { Result } from './result.ts';
import { err, ok } from './result.ts';
import type { ServerClock } from './server-clock.ts';
import type { Credentials } from './sign.ts';
import { authHeaders } from './sign.ts';
import type { Category } from './wire/enums.ts';
import { parse } from './wire/schema.ts';

/** Reads may be repeated: at most `attempts` times within `deadlineMs`, full-jitter backoff in between. */
export type RetryPolicy = Readonly<{ attempts: number; deadlineMs: number; firstMs: number; capMs: number }>;

export type RestConfig = Readonly<{
  transport: Transport;
  /** Without a trailing slash. */
  baseUrl: string;
  credentials: Credentials | null;
  /** Names the account in the limiter: clients of one account share its budgets. */
  account: string;
  limiter: Limiter;
  serverClock: ServerClock;
  observe: Observe;
  recvWindowMs: number;
  /** Of one attempt. */
  timeoutMs: number;
  retry: RetryPolicy;
  /** Sent with every request: `Referer` of brokers, for one. */
  headers: Readonly<Record<string, string>>;
}>;

export type ReadOptions = Readonly<{ lane?: Lane; retry?: Partial<RetryPolicy>; timeoutMs?: number }>;

export type WriteOptions = Readonly<{
  /**
   * How long the command makes sense, ms from the call. It is not sent later than that, and only within it is a
   * command that was refused for its timestamp signed and sent once more.
   */
  ttlMs?: number;
  timeoutMs?: number;
  lane?: Lane;
}>;

export type Params = Readonly<Record<string, Param>>;
/** A request body: what JSON can say. */
export type Body = Readonly<Record<string, unknown>>;

/** How a write is judged: by kind of command, from a retCode, or from an acknowledgement. */
export type WriteJudge<T, V> = Readonly<{
  command: Command | 'setting';
  code(code: number, error: BybitError): WriteOutcome<V>;
  ack(result: T): WriteOutcome<V>;
}>;

type Prepared = Readonly<{ query: string; body: string | null; category: Category | undefined; lane: Lane }>;

/** Carries out every endpoint: budget, signature, one exchange, retries of reads, judgement of writes. */
export class RestCaller {
  readonly config: RestConfig;

  constructor(config: RestConfig) {
    this.config = config;
  }

  /** Reads; repeated where that can help and the policy allows. */
  async read<T>(endpoint: Endpoint<T>, params: Params, options: ReadOptions = {}): Promise<Result<T, BybitError>> {
    const { transport } = this.config;
    const policy = { ...this.config.retry, ...options.retry };
    const expiresAt = transport.clock.monotonic() + policy.deadlineMs;
    const prepared = this.#prepare(endpoint, params, null, options.lane);
    for (let attempt = 1; ; attempt++) {
      const answered = await this.#attempt(endpoint, prepared, expiresAt, options.timeoutMs);
      const read = answered.ok ? this.#resultOf(endpoint, answered.value) : answered;
      if (read.ok || attempt >= policy.attempts) return read;
      const waitMs = await this.#pauseBefore(read.error, attempt, policy, transport.rng);
      if (waitMs === null || transport.clock.monotonic() + waitMs >= expiresAt) return read;
      if (waitMs > 0) await sleep(transport.clock, waitMs);
    }
  }

  /**
   * Writes, once. Only a refusal for the timestamp (10002: proven not accepted) is followed by a second sending of the
   * very same body, freshly signed, and only if the caller gave a time to live that has not passed.
   */
  async write<T, V>(
    endpoint: Endpoint<T>,
    body: Body,
    judge: WriteJudge<T, V>,
    options: WriteOptions = {},
  ): Promise<WriteOutcome<V>> {
    const { clock } = this.config.transport;
    const expiresAt = options.ttlMs === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() + options.ttlMs;
    const prepared = this.#prepare(endpoint, {}, body, options.lane);
    const first = await this.#attempt(endpoint, prepared, expiresAt, options.timeoutMs);
    const mayRepeat = options.ttlMs !== undefined && first.ok && first.value.envelope.retCode === 10002;
    if (!mayRepeat) return this.#judge(endpoint, judge, first);
    const synced = await this.config.serverClock.sync();
    if (!synced.ok || clock.monotonic() >= expiresAt) return this.#judge(endpoint, judge, first);
    const second = await this.#attempt(endpoint, prepared, expiresAt, options.timeoutMs);
    // Not sent the second time: what is proven is still the first refusal.
    return this.#judge(endpoint, judge, !second.ok && second.error.type === 'held' ? first : second);
  }

  #prepare(endpoint: Endpoint<unknown>, params: Params, body: Body | null, lane: Lane | undefined): Prepared {
    return {
      query: queryOf(params),
      body: body === null ? null : JSON.stringify(body),
      category: (body ?? params)['category'] as Category | undefined,
      lane: lane ?? endpoint.lane,
    };
  }

  async #attempt(
    endpoint: Endpoint<unknown>,
    prepared: Prepared,
    expiresAt: number,
    timeoutMs: number | undefined,
  ): Promise<Result<Answer, BybitError>> {
    const { transport, limiter, credentials, account } = this.config;
    if (endpoint.signed && credentials === null) {
      return err({ type: 'invalid', message: `${endpoint.path} needs an API key` });
    }
    const bucket = budgetOf(endpoint, account, prepared.category);
    const permit = await limiter.acquire({ lane: prepared.lane, bucket, overHttp: true, expiresAt });
    if (!permit.ok) return permit;
    const sentAt = transport.clock.monotonic();
    const answered = await exchange(transport, this.#request(endpoint, prepared, timeoutMs));
    learnFrom(answered, permit.value, sentAt, this.config);
    return answered;
  }

  #request(endpoint: Endpoint<unknown>, prepared: Prepared, timeoutMs: number | undefined) {
    const { config } = this;
    const { query, body } = prepared;
    const signed = endpoint.signed && config.credentials !== null;
    const headers = {
      ...config.headers,
      ...(body === null ? {} : { 'Content-Type': 'application/json' }),
      ...(signed
        ? authHeaders(config.credentials, config.serverClock.stamp(), config.recvWindowMs, body ?? query)
        : {}),
    };
    return {
      method: endpoint.method,
      url: `${config.baseUrl}${endpoint.path}${query === '' ? '' : `?${query}`}`,
      headers,
      timeoutMs: timeoutMs ?? config.timeoutMs,
      ...(body === null ? {} : { body }),
    };
  }

  #resultOf<T>(endpoint: Endpoint<T>, answer: Answer): Result<T, BybitError> {
    const { retCode, retMsg, result } = answer.envelope;
    if (retCode !== 0) return err(venueError(retCode, retMsg));
    const parsed = parse(endpoint.result, result);
    if (!parsed.ok) {
      this.config.observe({
        type: 'unreadable',
        where: endpoint.path,
        reason: parsed.error,
        text: JSON.stringify(result)?.slice(0, 2_000) ?? '',
      });
      return err({ type: 'unreadable', message: parsed.error });
    }
    const { value, unrecognised } = parsed.value;
    if (unrecognised.length > 0)
      this.config.observe({ type: 'unrecognised', where: endpoint.path, words: unrecognised });
    return ok(value);
  }

  #judge<T, V>(endpoint: Endpoint<T>, judge: WriteJudge<T, V>, answered: Result<Answer, BybitError>): WriteOutcome<V> {
    if (!answered.ok) return judgeFailure(answered.error);
    const read = this.#resultOf(endpoint, answered.value);
    if (read.ok) return judge.ack(read.value);
    return read.error.type === 'venue' ? judge.code(read.error.code, read.error) : judgeFailure(read.error);
  }

  /** How long to wait before a read is repeated, ms; null where repeating cannot help. */
  async #pauseBefore(error: BybitError, attempt: number, policy: RetryPolicy, rng: Rng): Promise<number | null> {
    const backoff = uniform(rng) * Math.min(policy.capMs, policy.firstMs * 2 ** (attempt - 1));
    switch (error.type) {
      case 'transport':
      case 'unreadable':
        return backoff;
      case 'http':
        return error.status === 429 || error.status >= 500 ? backoff : null;
      case 'venue':
        if (error.code === 10002) return (await this.config.serverClock.sync()).ok ? 0 : backoff;
        // The limiter keeps the bucket closed for as long as it must be: no further pause.
        if (error.code === 10006) return 0;
        return error.class === 'retry' || error.code === 10000 ? backoff : null;
      default:
        return null;
    }
  }
}
