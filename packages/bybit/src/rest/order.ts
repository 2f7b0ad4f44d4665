import type { BybitError } from '../errors.ts';
import { venueError } from '../errors.ts';
import type { OrderAck, WriteOutcome } from '../outcome.ts';
import { judgeAck, judgeCode, judgeFailure } from '../outcome.ts';
import type { ReadOptions, RestCaller, WriteJudge, WriteOptions } from '../rest.ts';
import type { Result } from '../result.ts';
import { listOf } from '../wire/market.ts';
import type { CancelAllAck, Order } from '../wire/order.ts';
import { cancelAllAck, order, orderIds } from '../wire/order.ts';
import type { Infer } from '../wire/schema.ts';
import { privateRead, write } from './endpoint.ts';
import type {
  AmendOrder,
  CancelAll,
  CancelOrder,
  CreateOrder,
  OpenOrdersQuery,
  OrderHistoryQuery,
  OrderQuery,
} from './order-params.ts';
import { linkIdProblem } from './order-params.ts';
import type { Listing, Page } from './paging.ts';
import { readPage, readUntilStable } from './paging.ts';

export const CREATE = write('/v5/order/create', 'submit', { futures: 10, option: 10, spot: 20 }, orderIds);
export const AMEND = write('/v5/order/amend', 'submit', { futures: 10, option: 10, spot: 10 }, orderIds);
export const CANCEL = write('/v5/order/cancel', 'cancel', { futures: 10, option: 10, spot: 20 }, orderIds);
const CANCEL_ALL = write('/v5/order/cancel-all', 'cancel', { futures: 10, option: 1, spot: 20 }, cancelAllAck);
const REALTIME = privateRead('/v5/order/realtime', 50, listOf(order));
const HISTORY = privateRead('/v5/order/history', 50, listOf(order));

type Ids = Infer<typeof orderIds>;

/** How the answer to one order command is judged, over REST and over the trade socket alike. */
export const orderJudge = (
  command: 'create' | 'amend' | 'cancel',
  asked: Readonly<{ orderId?: string | undefined; orderLinkId?: string | undefined }>,
): WriteJudge<Ids, OrderAck> => ({
  command,
  code: (code, error) => judgeCode(command, code, error),
  ack: (ids) => judgeAck(ids, asked),
});

/** What is wrong with a create before it is sent; null if nothing that can be seen from here. */
export const createProblem = (params: CreateOrder): BybitError | null => {
  const problem = linkIdProblem(params.orderLinkId);
  return problem === null ? null : { type: 'invalid', message: problem };
};

const CANCEL_ALL_JUDGE: WriteJudge<CancelAllAck, CancelAllAck> = {
  command: 'cancel_all',
  code: (code, error) => judgeCode('cancel_all', code, error),
  ack: (value) =>
    value.success === '0'
      ? { type: 'unknown', cause: 'code', error: venueError(0, 'cancel-all reports success 0') }
      : { type: 'acknowledged', value },
};

/** Commands on orders and queries about them. Commands are sent once and have three outcomes. */
export class OrderApi {
  readonly #caller: RestCaller;

  constructor(caller: RestCaller) {
    this.#caller = caller;
  }

  async create(params: CreateOrder, options?: WriteOptions): Promise<WriteOutcome<OrderAck>> {
    const problem = createProblem(params);
    if (problem !== null) return judgeFailure(problem);
    return this.#caller.write(CREATE, params, orderJudge('create', params), options);
  }

  amend(params: AmendOrder, options?: WriteOptions): Promise<WriteOutcome<OrderAck>> {
    return this.#caller.write(AMEND, params, orderJudge('amend', params), options);
  }

  cancel(params: CancelOrder, options?: WriteOptions): Promise<WriteOutcome<OrderAck>> {
    return this.#caller.write(CANCEL, params, orderJudge('cancel', params), options);
  }

  /** Futures cancel at most 500 at a time, chosen at random: repeat until the open orders are none. */
  cancelAll(params: CancelAll, options?: WriteOptions): Promise<WriteOutcome<CancelAllAck>> {
    return this.#caller.write(CANCEL_ALL, params, CANCEL_ALL_JUDGE, options);
  }

  /** Open orders, or (`openOnly: 1`) lately closed ones: one page. */
  realtime(params: OpenOrdersQuery, options?: ReadOptions): Promise<Result<Page<Order>, BybitError>> {
    return readPage(this.#caller, REALTIME, params, options);
  }

  /**
   * All open orders that match, over all pages, each once. Orders that close while the pages are read make others
   * skip a page edge, so several pages are read until they hold still. An order closed meanwhile may still be in it.
   */
  allOpen(
    params: Omit<OrderQuery, 'cursor' | 'limit'>,
    options?: ReadOptions,
  ): Promise<Result<Listing<Order>, BybitError>> {
    const startedAt = this.#caller.config.serverClock.now();
    const read = { lane: 'reconcile', ...options } as const;
    return readUntilStable<Order>(
      {
        page: (cursor) =>
          this.realtime({ ...params, openOnly: 0, limit: 50, ...(cursor === undefined ? {} : { cursor }) }, read),
        key: (row) => row.orderId,
      },
      (row) => row.createdTime < startedAt - 1_000,
    );
  }

  /** Closed orders, newest first: one page of at most 7 days. */
  history(params: OrderHistoryQuery, options?: ReadOptions): Promise<Result<Page<Order>, BybitError>> {
    return readPage(this.#caller, HISTORY, params, options);
  }
}
