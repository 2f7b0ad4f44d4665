import type { Environment } from './environment.ts';
import { endpointsOf } from './environment.ts';
import type { Observe } from './events.ts';
import { unobserved } from './events.ts';
import { Limiter } from './limiter.ts';
import { newOrderLinkId } from './order-link-id.ts';
import type { Transport } from './ports.ts';
import { AccountApi } from './rest/account.ts';
import { exchange } from './rest/exchange.ts';
import { ExecutionApi } from './rest/execution.ts';
import { MarketApi, millisOfTime, TIME } from './rest/market.ts';
import { OrderApi } from './rest/order.ts';
import { PositionApi } from './rest/position.ts';
import { UserApi } from './rest/user.ts';
import type { RetryPolicy } from './rest.ts';
import { RestCaller } from './rest.ts';
import { err, ok } from './result.ts';
import type { TimeProbe } from './server-clock.ts';
import { ServerClock } from './server-clock.ts';
import type { Credentials } from './sign.ts';
import { DialBudget } from './socket/dial-budget.ts';
import type { LinkTiming } from './socket/link.ts';
import { DEFAULT_TIMING } from './socket/link.ts';
import type { PrivateHandlers } from './socket/private.ts';
import { PrivateStream } from './socket/private.ts';
import { PublicStream } from './socket/public.ts';
import type { TopicTiming } from './socket/topics.ts';
import { DEFAULT_TOPIC_TIMING } from './socket/topics.ts';
import { TradeSocket } from './socket/trade.ts';
import { venueError } from './errors.ts';
import type { Category } from './wire/enums.ts';
import { parse } from './wire/schema.ts';

export type BybitOptions = Readonly<{
  transport: Transport;
  environment: Environment;
  /** Left out: public data only. */
  credentials?: Credentials;
  /** Clients that share an address (and clients of one account) should share a limiter and a dial budget. */
  limiter?: Limiter;
  dials?: DialBudget;
  /** Name of the account in a shared limiter; default: the API key. Keys of one account share its budgets. */
  account?: string;
  observe?: Observe;
  /** How long a signed request stays good, ms. Not widened to hide a bad clock: that one is synchronised. */
  recvWindowMs?: number;
  timeoutMs?: number;
  retry?: Partial<RetryPolicy>;
  /** `off`: no budget of our own; refusals are still obeyed. */
  budgets?: 'documented' | 'off';
  /** Rest after a ban of the address (HTTP 403), ms. */
  banMs?: number;
  ipLimit?: number;
  linkTiming?: Partial<LinkTiming>;
  topicTiming?: Partial<TopicTiming>;
  /** Broker id. */
  referer?: string;
}>;

const RECV_WINDOW_MS = 5_000;
const TIMEOUT_MS = 10_000;
const RETRY: RetryPolicy = { attempts: 4, deadlineMs: 20_000, firstMs: 200, capMs: 2_000 };
const BAN_MS = 600_000;
const IP_LIMIT = 600;

/** A Bybit V5 client: its parts share one limiter, one clock and one transport. */
export class Bybit {
  readonly market: MarketApi;
  readonly orders: OrderApi;
  readonly executions: ExecutionApi;
  readonly account: AccountApi;
  readonly positions: PositionApi;
  readonly user: UserApi;
  readonly serverClock: ServerClock;
  readonly limiter: Limiter;
  readonly dials: DialBudget;
  readonly #options: BybitOptions;
  readonly #caller: RestCaller;
  readonly #open = new Set<{ close(): Promise<void> }>();

  constructor(options: BybitOptions) {
    this.#options = options;
    this.limiter = options.limiter ?? limiterOf(options);
    this.dials = options.dials ?? new DialBudget();
    const observe = options.observe ?? unobserved;
    const baseUrl = endpointsOf(options.environment).rest;
    this.serverClock = new ServerClock(options.transport.clock, timeProbe(options, baseUrl, this.limiter), observe);
    this.#caller = new RestCaller({
      transport: options.transport,
      baseUrl,
      credentials: options.credentials ?? null,
      account: accountOf(options),
      limiter: this.limiter,
      serverClock: this.serverClock,
      observe,
      recvWindowMs: options.recvWindowMs ?? RECV_WINDOW_MS,
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      retry: { ...RETRY, ...options.retry },
      headers: refererOf(options),
    });
    this.market = new MarketApi(this.#caller);
    this.orders = new OrderApi(this.#caller);
    this.executions = new ExecutionApi(this.#caller);
    this.account = new AccountApi(this.#caller);
    this.positions = new PositionApi(this.#caller);
    this.user = new UserApi(this.#caller);
  }

  /** Public market data of one category. */
  publicStream(category: Category): PublicStream {
    const url = endpointsOf(this.#options.environment).publicStream;
    return this.#keep((closed) => new PublicStream({ ...this.#socketConfig(), category, url, closed }));
  }

  /** The account's events; connects at once. */
  privateStream(handlers: PrivateHandlers): PrivateStream {
    const { credentials, environment } = this.#options;
    if (credentials === undefined) throw new RangeError('the private stream needs credentials');
    const url = endpointsOf(environment).privateStream;
    const config = { ...this.#socketConfig(), url, credentials, serverClock: this.serverClock };
    return this.#keep((closed) => new PrivateStream({ ...config, closed }, handlers));
  }

  /** Order entry over a socket; connects at once. */
  tradeSocket(): TradeSocket {
    const { credentials, environment } = this.#options;
    const url = endpointsOf(environment).tradeStream;
    if (credentials === undefined) throw new RangeError('the trade socket needs credentials');
    if (url === null) throw new RangeError('this environment has no trade socket');
    const { account, recvWindowMs, timeoutMs } = this.#caller.config;
    const { limiter, serverClock } = this;
    const own = { url, credentials, account, limiter, serverClock, recvWindowMs, answerMs: timeoutMs };
    const config = { ...this.#socketConfig(), ...own, header: refererOf(this.#options) };
    return this.#keep((closed) => new TradeSocket({ ...config, closed }));
  }

  /** A fresh id for an order. */
  newOrderLinkId(prefix?: string): string {
    return newOrderLinkId(this.#options.transport.rng, prefix);
  }

  /** Closes all sockets and gives back what waits for its turn. A limiter that was handed in goes on. */
  async close(): Promise<void> {
    if (this.#options.limiter === undefined) this.limiter.close();
    await Promise.all([...this.#open].map((socket) => socket.close()));
    this.#open.clear();
  }

  /** Remembers a stream until it is closed, by its owner or with the client. */
  #keep<S extends { close(): Promise<void> }>(make: (closed: () => void) => S): S {
    const stream: S = make(() => this.#open.delete(stream));
    this.#open.add(stream);
    return stream;
  }

  #socketConfig() {
    const { transport, observe = unobserved, linkTiming, topicTiming } = this.#options;
    return {
      transport,
      observe,
      dials: this.dials,
      timing: { ...DEFAULT_TIMING, ...linkTiming },
      topicTiming: { ...DEFAULT_TOPIC_TIMING, ...topicTiming },
    };
  }
}

const accountOf = (options: BybitOptions): string => options.account ?? options.credentials?.apiKey ?? '';

const refererOf = (options: BybitOptions): Readonly<Record<string, string>> =>
  options.referer === undefined ? {} : { Referer: options.referer };

const limiterOf = (options: BybitOptions): Limiter =>
  new Limiter({
    clock: options.transport.clock,
    budgets: options.budgets ?? 'documented',
    ipLimit: options.ipLimit ?? IP_LIMIT,
    banMs: options.banMs ?? BAN_MS,
  });

/** Reads the venue's clock once. Goes in the first lane: signatures, and with them cancels, depend on it. */
function timeProbe(options: BybitOptions, baseUrl: string, limiter: Limiter): TimeProbe {
  const { transport, timeoutMs = TIMEOUT_MS } = options;
  return async () => {
    const expiresAt = transport.clock.monotonic() + timeoutMs;
    const permit = await limiter.acquire({ lane: 'cancel', bucket: null, overHttp: true, expiresAt });
    if (!permit.ok) return permit;
    const answered = await exchange(transport, {
      method: 'GET',
      url: `${baseUrl}${TIME.path}`,
      headers: {},
      timeoutMs,
    });
    if (!answered.ok) return answered;
    const { retCode, retMsg, result } = answered.value.envelope;
    if (retCode !== 0) return err(venueError(retCode, retMsg));
    const time = parse(TIME.result, result);
    return time.ok ? ok(millisOfTime(time.value.value)) : err({ type: 'unreadable', message: time.error });
  };
}
