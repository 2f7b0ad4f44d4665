import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryJournal } from '../../../test/support/memory-journal.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { openInlineRecords } from '../../adapters/sqlite/records/inline.ts';
import type { Page } from '../../contract/answers.ts';
import type { OrderRequest } from '../../contract/order-body.ts';
import type { Order, OrderListFilter } from '../../contract/orders.ts';
import type { Caller } from '../../contract/service.ts';
import { formatDecimal, money, ZERO } from '../../domain/decimal.ts';
import type { AccountId, AssetId, InstrumentId, OrderId, UserId, VenueId } from '../../domain/ids.ts';
import { err, ok, unwrap } from '../../domain/result.ts';
import { silentLog } from '../../ports/log.ts';
import type { VenueAccess } from '../../ports/venue-access.ts';
import { DEFAULT_FEES } from './fees.ts';
import { Gateway } from './gateway.ts';
import { gatewayService } from './service.ts';

const OTHER = 'bybit' as VenueId;
const BTCUSDT = 'spot:BTCUSDT' as InstrumentId;
const [TAKER, MAKER] = ['taker', 'maker'].map(
  (account): Caller => ({ user: 'u1' as UserId, account: account as AccountId, role: 'admin' }),
) as [Caller, Caller];

/** Tells its instruments and nothing else: nobody is connected there. */
const access: VenueAccess = {
  id: OTHER,
  feed: { venue: OTHER, watch: () => {}, book: () => null, lastTrade: () => null, mark: () => null, onEvent: () => {} },
  instruments: () =>
    Promise.resolve(
      ok([
        {
          category: 'spot',
          symbol: 'BTCUSDT',
          base: 'BTC' as AssetId,
          quote: 'USDT' as AssetId,
          settle: 'USDT' as AssetId,
          trading: true,
          terms: {
            venue: OTHER, tick: money('0.01'), step: money('0.001'), minQty: money('0.001'), maxLimitQty: money('1000'),
            maxMarketQty: money('1000'), minPrice: money('0.01'), maxPrice: money('100000'), minNotional: money('5'),
            maxLeverage: null,
          }, // biome-ignore format: short members together
        },
      ]),
    ),
  check: () => Promise.resolve(err({ code: 'UNREACHABLE', venueCode: '', hint: '' })),
  open: () => assert.fail('no account has a connection'),
  close: () => Promise.resolve(),
};

const body = (side: 'buy' | 'sell', given: Partial<OrderRequest>): OrderRequest => ({
  instrument: BTCUSDT,
  category: 'spot',
  symbol: 'BTCUSDT',
  side,
  type: given.price === undefined ? 'market' : 'limit',
  quantity: money('0.1'),
  quoteQuantity: null,
  price: null,
  timeInForce: given.price === undefined ? 'ioc' : 'gtc',
  reduceOnly: false,
  maxSlippage: null,
  routing: { strategy: 'internal_only', venues: null, maxBybitPercentage: null, preferInternal: null },
  clientOrderId: null,
  ...given,
});

const ALL: OrderListFilter = {
  instrument: null, category: null, from: null, to: null, limit: 100, cursor: null, status: null, clientOrderId: null,
  includeBybit: false,
}; // biome-ignore format: short members together
const EXECUTIONS = { ...ALL, orderId: null };

/** A gateway over a journal in memory with two funded accounts, and a book that the maker keeps at 99 and 100. */
async function opened(journal = new MemoryJournal()) {
  const clock = new ManualClock();
  const gateway = new Gateway({
    journal,
    records: openInlineRecords(journal),
    clock,
    log: silentLog,
    instance: 'test',
    access,
    box: { seal: () => '', open: () => null },
    fees: DEFAULT_FEES,
    internalSymbols: ['BTCUSDT'],
    onCrash: (error) => {
      throw error;
    },
  });
  await gateway.start();
  const service = gatewayService(gateway, 'paper', 'test');
  for (const { account } of [TAKER, MAKER]) {
    await gateway.openAccount(account, account, false);
    for (const asset of ['BTC', 'USDT'] as AssetId[]) {
      const booking = { asset, amount: money('10000'), reference: 'opening', note: null };
      unwrap(await service.admin.deposit('u1' as UserId, account, booking, null));
    }
  }
  const { orders } = service;
  const submit = async (caller: Caller, order: OrderRequest) => unwrap(await orders.submit(caller, order, null));
  await submit(MAKER, body('buy', { price: money('99'), quantity: money('50'), timeInForce: 'post_only' }));
  await submit(MAKER, body('sell', { price: money('100'), quantity: money('50'), timeInForce: 'post_only' }));
  return { gateway, service, orders, submit, clock };
}

type Opened = Awaited<ReturnType<typeof opened>>;

/** As the account's state does it by itself after thousands of orders and some minutes. */
function forget({ gateway }: Opened, order: Order): void {
  const { state } = gateway.desk(TAKER.account) ?? assert.fail('the account is open');
  for (const { id } of order.children) state.children.delete(id as never);
  assert.ok(state.parents.delete(order.id as OrderId));
}

/** Without what is told in other words: the events of an order. */
const withoutEvents = <T extends object>(order: T): Omit<T, 'events'> => ({ ...order, events: undefined });

test('an order that the account has forgotten is listed and found by id as it was before', async () => {
  const world = await opened();
  const { orders, submit } = world;
  const { value: first } = await submit(TAKER, body('buy', { clientOrderId: 'first' }));
  await submit(TAKER, body('sell', { clientOrderId: 'second', quantity: money('0.2') }));
  const before = unwrap(await orders.get(TAKER, first.id as OrderId));
  const list = unwrap(await orders.list(TAKER, ALL));
  const executions = unwrap(await orders.executions(TAKER, EXECUTIONS));
  assert.equal(before.status, 'filled');
  assert.equal(list.items.length, 2);
  forget(world, first);
  const after = unwrap(await orders.get(TAKER, first.id as OrderId));
  assert.deepEqual(withoutEvents(after), withoutEvents(before));
  assert.equal(after.events[0]?.type, 'accepted');
  assert.equal(after.events.at(-1)?.type, 'filled');
  assert.deepEqual(unwrap(await orders.list(TAKER, ALL)), list);
  assert.deepEqual(unwrap(await orders.executions(TAKER, EXECUTIONS)), executions);
  const byClientId = unwrap(await orders.list(TAKER, { ...ALL, clientOrderId: 'first' }));
  assert.deepEqual(byClientId.items, [list.items[1]]);
});

test('a repeated client id, or key, of a forgotten order answers that order; another body is refused', async () => {
  const world = await opened();
  const { orders, submit } = world;
  const key = { key: 'k1', fingerprint: 'f1' };
  const wish = body('buy', { clientOrderId: 'once' });
  const { value: placed } = unwrap(await orders.submit(TAKER, wish, key));
  const { value: shown } = await submit(TAKER, wish);
  forget(world, placed);
  assert.deepEqual(await submit(TAKER, wish), { value: shown, repeated: true });
  assert.deepEqual(unwrap(await orders.submit(TAKER, wish, key)), { value: shown, repeated: true });
  const other = await orders.submit(TAKER, { ...wish, quantity: money('0.3') }, null);
  assert.ok(!other.ok && other.error.code === 'DUPLICATE_CLIENT_ORDER_ID');
});

test('a forgotten order cannot be canceled any more; an order that never was is not found', async () => {
  const world = await opened();
  const { orders, submit } = world;
  const { value: order } = await submit(TAKER, body('buy', {}));
  forget(world, order);
  const canceled = await orders.cancel(TAKER, order.id as OrderId);
  assert.ok(!canceled.ok && canceled.error.code === 'ORDER_ALREADY_FINAL');
  assert.deepEqual(canceled.error.details, { status: 'filled' });
  for (const answer of [await orders.get(TAKER, 'o9-9' as OrderId), await orders.cancel(TAKER, 'o9-9' as OrderId)]) {
    assert.ok(!answer.ok && answer.error.code === 'ORDER_NOT_FOUND');
  }
  const foreign = await orders.get(MAKER, order.id as OrderId);
  assert.ok(!foreign.ok && foreign.error.code === 'ORDER_NOT_FOUND');
});

test('pages go on where they ended, whatever is placed or forgotten meanwhile', async () => {
  const world = await opened();
  const { orders, submit, clock } = world;
  const placed: Order[] = [];
  for (let n = 0; n < 7; n += 1) {
    placed.push((await submit(TAKER, body(n % 2 === 0 ? 'buy' : 'sell', {}))).value);
    if (n % 3 === 0) await clock.advance(1); // some share their millisecond
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Order> = unwrap(await orders.list(TAKER, { ...ALL, limit: 3, cursor }));
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    await submit(TAKER, body('buy', {}));
    const next = placed.at(-seen.length);
    if (next !== undefined) forget(world, next);
  } while (cursor !== null);
  assert.deepEqual(seen, placed.map(({ id }) => id).reverse());
});

test('a cursor of another list or account is refused with the field', async () => {
  const { orders, submit } = await opened();
  for (let n = 0; n < 3; n += 1) await submit(TAKER, body('buy', {}));
  const { nextCursor } = unwrap(await orders.list(TAKER, { ...ALL, limit: 1 }));
  assert.notEqual(nextCursor, null);
  const refused = [
    await orders.list(MAKER, { ...ALL, cursor: nextCursor }),
    await orders.executions(TAKER, { ...EXECUTIONS, cursor: nextCursor }),
    await orders.list(TAKER, { ...ALL, status: 'open', cursor: nextCursor }),
  ];
  for (const answer of refused) {
    assert.ok(!answer.ok && answer.error.code === 'VALIDATION_FAILED');
    assert.deepEqual(answer.error.details, { field: 'cursor' });
  }
});

test('open orders are listed from memory, closed ones not among them', async () => {
  const { orders, submit } = await opened();
  const { value: resting } = await submit(TAKER, body('buy', { price: money('90'), clientOrderId: 'rests' }));
  await submit(TAKER, body('buy', {}));
  for (const status of ['open', 'working'] as const) {
    const { items } = unwrap(await orders.list(TAKER, { ...ALL, status }));
    assert.deepEqual(items.map(({ id }) => id), [resting.id]); // biome-ignore format: one line
  }
  assert.equal(unwrap(await orders.list(TAKER, { ...ALL, clientOrderId: 'rests' })).items.length, 1);
  assert.equal(unwrap(await orders.list(TAKER, { ...ALL, clientOrderId: 'rests', status: 'final' })).items.length, 0);
});

test('each internal execution shows its fee; together they are the order’s', async () => {
  const { orders, submit } = await opened();
  await submit(MAKER, body('sell', { price: money('99.99'), quantity: money('0.057'), timeInForce: 'post_only' }));
  const { value: order } = await submit(TAKER, body('buy', { quantity: money('0.1') }));
  const { executions } = unwrap(await orders.get(TAKER, order.id as OrderId));
  assert.equal(executions.length, 2);
  const fees = executions.flatMap((one) => one.fees);
  for (const { asset, kind } of fees) assert.deepEqual([asset, kind], ['USDT', 'venue']);
  const sum = fees.reduce((total, { amount }) => total + amount, 0n);
  assert.deepEqual(order.fees, [{ asset: 'USDT', kind: 'venue', amount: sum }]);
  assert.ok(sum > ZERO);
});

test('an order shows the strategy that was sent, and the slippage that it was given or got by default', async () => {
  const { submit } = await opened();
  const { value: given } = await submit(TAKER, body('buy', { maxSlippage: money('0.6') }));
  const { value: byDefault } = await submit(TAKER, body('buy', {}));
  const { value: limit } = await submit(TAKER, body('buy', { price: money('90') }));
  assert.deepEqual(
    [given, byDefault, limit].map((order) => order.max_slippage && formatDecimal(order.max_slippage)),
    ['0.6', '1', null],
  );
  assert.equal(given.routing_decision?.strategy, 'internal_only');
  const free = { strategy: 'smart', venues: null, maxBybitPercentage: null, preferInternal: null } as const;
  const { value: smart } = await submit(TAKER, body('buy', { routing: free }));
  assert.equal(smart.routing_decision?.strategy, 'smart');
});

test('a refusal for want of funds or size says how much is missing', async () => {
  const { orders, service } = await opened();
  const poor = await orders.submit(TAKER, body('buy', { quantity: money('1000'), price: money('100') }), null);
  assert.ok(!poor.ok && poor.error.code === 'INSUFFICIENT_BALANCE');
  const { asset, required, available } = poor.error.details ?? {};
  assert.deepEqual([asset, required, available], ['USDT', money('100100'), money('10000')]);
  const tiny = await orders.submit(TAKER, body('buy', { quantity: money('0.001'), price: money('100') }), null);
  assert.ok(!tiny.ok && tiny.error.code === 'BELOW_MIN_NOTIONAL');
  assert.deepEqual([tiny.error.details?.['minimum'], tiny.error.details?.['asset']], [money('5'), 'USDT']);
  const booking = { asset: 'BTC' as AssetId, amount: money('20000'), reference: 'out', note: null };
  const withdrawal = await service.admin.withdraw('u1' as UserId, TAKER.account, booking, null);
  assert.ok(!withdrawal.ok);
  assert.deepEqual(withdrawal.error.details, { asset: 'BTC', required: money('20000'), available: money('10000') });
});
