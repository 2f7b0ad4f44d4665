/**
 * `@okd/bybit`: a client of Bybit's V5 API. `openBybit` connects over the real network; `new Bybit` takes any
 * transport. REST, sockets, books and limits are exported too, to be used one by one.
 */
import type { BybitOptions } from './client.ts';
import { Bybit } from './client.ts';
import type { NodeTransport, NodeTransportOptions } from './node.ts';
import type { Credentials } from './sign.ts';

export type { BookChange, BookFault, BookLevel, BookOptions } from './book.ts';
export { LocalBook } from './book.ts';
export type { BybitOptions } from './client.ts';
export { Bybit } from './client.ts';
export type { Decimal } from './decimal.ts';
export type { Endpoints, Environment, EnvironmentName } from './environment.ts';
export { endpointsOf } from './environment.ts';
export type { ErrorClass } from './error-codes.ts';
export { barsAccount, classOf } from './error-codes.ts';
export type { BybitError, HeldReason } from './errors.ts';
export { describeError } from './errors.ts';
export type { ClientEvent, Observe } from './events.ts';
export type { Lane, LimiterOptions } from './limiter.ts';
export { Limiter } from './limiter.ts';
export type { NodeTransport, NodeTransportOptions } from './node.ts';
export { newOrderLinkId } from './order-link-id.ts';
export type { OrderAck, RefusalCause, SettingOutcome, UnknownCause, WriteOutcome } from './outcome.ts';
export type {
  Clock,
  HttpClient,
  HttpMethod,
  HttpRequest,
  HttpResponse,
  Rng,
  Socket,
  SocketDialer,
  SocketHandlers,
  Timer,
  Transport,
  TransportFailure,
} from './ports.ts';
export { TransportError } from './ports.ts';
export type { AccountApi, FeeRateParams, WalletParams } from './rest/account.ts';
export type { ExecutionApi, ExecutionQuery, ExecutionsSince } from './rest/execution.ts';
export type {
  InstrumentOf,
  InstrumentsParams,
  MarketApi,
  OrderbookParams,
  RecentTradesParams,
  TickerOf,
  TickersParams,
} from './rest/market.ts';
export type { OrderApi } from './rest/order.ts';
export type {
  AmendOrder,
  CancelAll,
  CancelOrder,
  CreateOrder,
  OpenOrdersQuery,
  OrderHistoryQuery,
  OrderQuery,
  OrderRef,
} from './rest/order-params.ts';
export { linkIdProblem } from './rest/order-params.ts';
export type { Listing, Page } from './rest/paging.ts';
export type { PositionApi, PositionsParams, SetLeverage } from './rest/position.ts';
export type { UserApi } from './rest/user.ts';
export type { ReadOptions, RetryPolicy, WriteOptions } from './rest.ts';
export type { Err, Ok, Result } from './result.ts';
export { ServerClock } from './server-clock.ts';
export type { Credentials, Signer } from './sign.ts';
export type { BookListener } from './socket/book-feed.ts';
export { DialBudget } from './socket/dial-budget.ts';
export type { LinkHealth, LinkTiming } from './socket/link.ts';
export type { LinkState } from './socket/link-state.ts';
export type { TickerListener, TradesListener } from './socket/market-feeds.ts';
export type { PrivateHandlers, PrivateStream, PushMeta } from './socket/private.ts';
export type { BookSubscription, PublicStream, Subscription } from './socket/public.ts';
export type { TopicState, TopicTiming } from './socket/topics.ts';
export type { TradeSocket } from './socket/trade.ts';
export type {
  AccountInfo,
  ApiKeyDetails,
  CoinBalance,
  FeeRate,
  Position,
  PositionPush,
  Wallet,
} from './wire/account.ts';
export type { Category, OrderSide, OrderType, TimeInForce } from './wire/enums.ts';
export { CATEGORIES, QTY_CHANGING_EXEC_TYPES } from './wire/enums.ts';
export type {
  FuturesInstrument,
  FuturesTicker,
  OptionInstrument,
  OptionTicker,
  RestOrderbook,
  RestPublicTrade,
  SpotInstrument,
  SpotTicker,
  WireLevel,
} from './wire/market.ts';
export type { CancelAllAck, Execution, ExecutionPush, Order, OrderPush } from './wire/order.ts';
export type { Rows, UnreadableRow, Unrecognised } from './wire/schema.ts';
export { isRecognised } from './wire/schema.ts';
export type { StreamTicker, StreamTrade } from './wire/stream.ts';

export type Key =
  /** A key that Bybit generated. */
  | Readonly<{ apiKey: string; apiSecret: string }>
  /** A key pair of one's own: the private key in PEM. */
  | Readonly<{ apiKey: string; rsaPrivateKey: string }>;

export type OpenOptions = Omit<BybitOptions, 'transport' | 'credentials'> &
  Readonly<{ key?: Key; http?: Partial<NodeTransportOptions> }>;

/** A client over the real network, with the venue's clock read. `close` ends its sockets and connections. */
export async function openBybit(options: OpenOptions): Promise<Bybit> {
  const node = await loadNode();
  const { key, http, ...rest } = options;
  const transport = node.nodeTransport(http);
  const credentials = key === undefined ? {} : { credentials: credentialsOf(key, node) };
  const bybit = new OwnTransportBybit({ ...rest, ...credentials, transport }, transport);
  // A clock that cannot be read now is read when a signature is refused for it.
  await bybit.serverClock.sync();
  return bybit;
}

/** The real transport and signers, loaded only where they are wanted: simulators and browsers bring their own. */
export const loadNode = () => import('./node.ts');

function credentialsOf(key: Key, node: Awaited<ReturnType<typeof loadNode>>): Credentials {
  const signer = 'apiSecret' in key ? node.hmacSigner(key.apiSecret) : node.rsaSigner(key.rsaPrivateKey);
  return { apiKey: key.apiKey, signer };
}

class OwnTransportBybit extends Bybit {
  readonly #transport: NodeTransport;

  constructor(options: BybitOptions, transport: NodeTransport) {
    super(options);
    this.#transport = transport;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#transport.close();
  }
}
