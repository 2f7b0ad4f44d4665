import type { Page } from '../../contract/answers.ts';
import { type ApiError, refusal } from '../../contract/errors.ts';
import type {
  ExecutionListFilter,
  ExecutionReport,
  ListFilter,
  Order,
  OrderListFilter,
} from '../../contract/orders.ts';
import type { Answer } from '../../contract/service.ts';
import type { OrderId } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Mark, OrderHistory, PageQuery, RecordsAnswer, RecordsError } from '../../ports/records.ts';
import type { Desk } from './desk.ts';
import type { Gateway } from './gateway.ts';
import { orderView } from './order-view.ts';
import { foreignCursor } from './paging.ts';
import { recordedExecution, recordedOrder } from './record-view.ts';

/**
 * What an account did, also where its own state has forgotten it: read from the records, and never behind what the
 * client has been told, or marked as stale.
 */
export class PastOrders {
  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Newest first. What the account still knows is shown as it is now. */
  async list(desk: Desk, filter: OrderListFilter): Answer<Page<Order>> {
    const { instrument, category, status, clientOrderId } = filter;
    const wish = { instrument, category, status, clientOrderId, decisions: true };
    const found = await this.#read(desk, (mark) =>
      this.#gateway.world.records.orders({ ...pageQuery(desk, filter, mark), ...wish }),
    );
    if (!found.ok) return found;
    const items = found.value.items.map((record) => {
      const parent = desk.state.parents.get(record.id);
      return parent === undefined ? recordedOrder(record) : orderView(desk.state, parent);
    });
    return this.#gateway.durable(ok({ ...found.value, items }));
  }

  /** Newest first by the venue's time. */
  async executions(desk: Desk, filter: ExecutionListFilter): Answer<Page<ExecutionReport>> {
    const { instrument, category, orderId: order } = filter;
    const found = await this.#read(desk, (mark) =>
      this.#gateway.world.records.executions({ ...pageQuery(desk, filter, mark), instrument, category, order }),
    );
    return found.ok ? ok({ ...found.value, items: found.value.items.map(recordedExecution) }) : found;
  }

  /** One order that the account's state does not hold any more. */
  async find(desk: Desk, order: OrderId): Answer<OrderHistory> {
    const { records } = this.#gateway.world;
    const account = desk.account.id;
    const seq = desk.partition.lastSeq;
    const found = await this.#read(desk, (mark) => records.history({ account, order, mark }));
    if (!found.ok) return found;
    if (found.value !== null) return ok(found.value);
    const knowsAll = records.projectedSeq(desk.partition.id) >= seq;
    return err(refusal(knowsAll ? 'ORDER_NOT_FOUND' : 'RECORDS_UNAVAILABLE'));
  }

  /** Records hold what is durable alone, so what the client may have been told of has to be that first. */
  async #read<T>(desk: Desk, ask: (mark: Mark) => Promise<RecordsAnswer<T>>): Promise<Result<T, ApiError>> {
    const mark: Mark = { partition: desk.partition.id, seq: desk.partition.lastSeq };
    const durable = await this.#gateway.durable(ok(mark));
    if (!durable.ok) return durable;
    const answer = await ask(mark);
    return answer.ok ? answer : err(refusalOf(answer.error));
  }
}

const refusalOf = ({ code }: RecordsError): ApiError =>
  code === 'INVALID_CURSOR' ? foreignCursor() : refusal('RECORDS_UNAVAILABLE');

const pageQuery = (desk: Desk, { limit, cursor, from, to }: ListFilter, mark: Mark): PageQuery => ({
  account: desk.account.id,
  limit,
  cursor,
  from,
  to,
  mark,
});
