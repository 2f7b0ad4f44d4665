import type { Category } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type { EndpointLimit } from '../limits.ts';
import { CATEGORIES, category, type Params, readParams, type Schema, type Source } from '../params/fields.ts';
import { orderRefusal } from '../order-words.ts';
import { AMEND_ORDER, CANCEL_ORDER, CREATE_ORDER } from '../params/order.ts';
import { isObject } from '../params/source.ts';
import { invalidParam, missingParam, REFUSED, refused, type WireRefusal } from '../refusals.ts';
import { type AccountContext, accountRoute, Extended, type Route } from '../route.ts';
import { amendOne, cancelOne, createOne } from './order-entry.ts';

/** Most items of one batch (V5 docs, "Batch Place Order"). */
const MOST: Readonly<Record<Category, number>> = { spot: 10, linear: 20, inverse: 20, option: 20 };

const BATCH = {
  category: category(...CATEGORIES),
  request: (raw: unknown, name: string): Result<readonly unknown[], WireRefusal> => {
    if (raw === undefined || raw === null) return err(missingParam(name));
    return Array.isArray(raw) && raw.length > 0 ? ok(raw) : err(invalidParam(name));
  },
} as const;

/** Options pay once for a batch, everything else for each item. */
const cost = ({ category: word, request }: Source): number =>
  word !== 'option' && Array.isArray(request) ? Math.max(1, Math.min(request.length, MOST.linear)) : 1;

type Ids = Readonly<{ orderId: string; orderLinkId: string }>;

/** What a kind of batch does with each of its items, whose fields are those of the single request. */
type Kind<S extends Schema> = Readonly<{
  path: string;
  limit: EndpointLimit;
  item: S;
  run: (params: Params<S>, context: AccountContext) => Promise<Result<Ids, WireRefusal>>;
  /** What a row has besides its ids. */
  more: (done: boolean, context: AccountContext) => object;
}>;

function batchRoute<S extends Schema>(kind: Kind<S>): Route {
  const { path, limit } = kind;
  return accountRoute(
    { method: 'POST', path, permission: 'orders', limit, cost, params: BATCH },
    async (params, context) => {
      const most = MOST[params.category];
      if (params.request.length > most) {
        return err(refused(10001, `The number of orders in a batch exceeds the limit: ${most}`));
      }
      // Each begins in its order before the first is waited for: they share one write of the journal.
      const items = await Promise.all(
        params.request.map((item, index) => oneOf(kind, params.category, item, index, context)),
      );
      const infos = items.map(({ answer }) =>
        answer.ok ? { code: 0, msg: 'OK' } : { code: answer.error.retCode, msg: answer.error.retMsg },
      );
      return ok(new Extended({ list: items.map(({ row }) => row) }, { list: infos }));
    },
  );
}

async function oneOf<S extends Schema>(
  kind: Kind<S>,
  category: Category,
  item: unknown,
  index: number,
  context: AccountContext,
): Promise<Readonly<{ answer: Result<Ids, WireRefusal>; row: object }>> {
  const source: Source = isObject(item) ? { ...item, category } : {};
  const carried = await carriedOut(
    kind,
    source,
    isObject(item),
    category === 'option' || index < context.granted,
    context,
  );
  const answer = carried.ok ? carried : err(orderRefusal(carried.error, source));
  const echoed = (name: string): string => (typeof source[name] === 'string' ? (source[name] as string) : '');
  const ids = answer.ok ? answer.value : { orderId: '', orderLinkId: echoed('orderLinkId') };
  return { answer, row: { category, symbol: echoed('symbol'), ...ids, ...kind.more(answer.ok, context) } };
}

async function carriedOut<S extends Schema>(
  kind: Kind<S>,
  source: Source,
  readable: boolean,
  affordable: boolean,
  context: AccountContext,
): Promise<Result<Ids, WireRefusal>> {
  if (!readable) return err(REFUSED.parameter);
  if (!affordable) return err(REFUSED.rateLimit);
  const params = readParams(kind.item, source);
  return params.ok ? kind.run(params.value, context) : params;
}

export const createBatch = batchRoute({
  path: '/v5/order/create-batch',
  limit: { name: 'order.create-batch', futures: 10, option: 10, spot: 20 },
  item: CREATE_ORDER,
  run: createOne,
  more: (done, { exchange }) => ({ createAt: done ? String(exchange.now()) : '' }),
});

export const amendBatch = batchRoute({
  path: '/v5/order/amend-batch',
  limit: { name: 'order.amend-batch', futures: 10, option: 10, spot: 20 },
  item: AMEND_ORDER,
  run: amendOne,
  more: () => ({}),
});

export const cancelBatch = batchRoute({
  path: '/v5/order/cancel-batch',
  limit: { name: 'order.cancel-batch', futures: 10, option: 10, spot: 20 },
  item: CANCEL_ORDER,
  run: cancelOne,
  more: () => ({}),
});
