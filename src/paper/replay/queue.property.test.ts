import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { bookLine, historyOf, type TradeRow, tradeTable } from '../testing/histories.ts';
import {
  ALICE,
  BOB,
  CAROL,
  everything,
  type Harness,
  limit,
  openHarness,
  placed,
  told,
  XRP,
} from '../testing/harness.ts';

/** What the file says next: a quantity of one bid, or somebody who sells. Prices are thousandths, times hundreds. */
type Told = Readonly<{ type: 'level' | 'sale'; price: number; qty: number }>;

const BIDS = [1949, 1950] as const;
const level = fc.record({ type: fc.constant('level' as const), price: fc.integer({ min: BIDS[0], max: BIDS[1] }), qty: fc.integer({ min: 0, max: 30 }) }); // biome-ignore format: a row
const sale = fc.record({ type: fc.constant('sale' as const), price: fc.integer({ min: BIDS[0] - 1, max: BIDS[1] }), qty: fc.integer({ min: 1, max: 12 }) }); // biome-ignore format: a row
const market = fc.array(fc.oneof(level, sale), { maxLength: 40 });
const priceOf = (thousandths: number): string => `${thousandths / 1000}`;
const NEXT_MS = 10;

/** A book of one bid a price and one far ask, and what happens to it every hundredth of a second. */
function filesOf(happened: readonly Told[], opening: number) {
  const prices = Array.from({ length: BIDS[1] - BIDS[0] + 1 }, (_, index) => BIDS[1] - index);
  const book = [bookLine('snapshot', 1, 0, prices.map((price) => [priceOf(price), `${opening}`]), [['1.999', '1']])]; // biome-ignore format: a row
  const trades: TradeRow[] = [];
  happened.forEach(({ type, price, qty }, index) => {
    const at = (index + 1) * NEXT_MS;
    if (type === 'sale') trades.push([at, 'Sell', `${qty}`, priceOf(price)]);
    else book.push(bookLine('delta', book.length + 1, at, [[priceOf(price), `${qty}`]], []));
  });
  trades.push([(happened.length + 2) * NEXT_MS, 'Buy', '1', '1.999']);
  return [historyOf(book), historyOf(tradeTable(trades), { name: 'trades' })];
}

/** The queue of one order at one price as its rules say, with nothing of an order book around it. */
class PlainQueue {
  filled = 0;
  #behind = 0;
  /** Taken by trades since the last line of the book. */
  #traded: number;
  #ahead: number;
  readonly #qty: number;
  readonly #price: number;

  constructor(price: number, qty: number, ahead: number, traded: number) {
    this.#traded = traded;
    this.#price = price;
    this.#qty = qty;
    this.#ahead = ahead;
  }

  sale(price: number, qty: number): void {
    const open = this.#qty - this.filled;
    if (price < this.#price) this.filled += Math.min(open, qty);
    if (price !== this.#price) return;
    const ahead = Math.min(this.#ahead, qty);
    const own = Math.min(open, qty - ahead);
    const behind = Math.min(this.#behind, qty - ahead - own);
    this.#ahead -= ahead;
    this.#behind -= behind;
    this.filled += own;
    this.#traded += ahead + behind;
  }

  /** A line of the book: null where it says nothing of this price. */
  line(qty: number | null): void {
    const total = this.#ahead + this.#behind;
    const target = qty ?? total + this.#traded;
    this.#traded = 0;
    if (target >= total) {
      this.#behind += target - total;
      return;
    }
    const left = Number((BigInt(this.#ahead) * BigInt(total - target)) / BigInt(total));
    this.#ahead = Math.min(this.#ahead - left, target);
    this.#behind = target - this.#ahead;
  }
}

const filledOf = ({ exchange }: Harness, uid: string, id: string) =>
  Number(formatDecimal(told(exchange, uid, id).cumQty));

test('an order is filled just when its queue says so: after what stood before it, never by cancels (property)', async () => {
  const order = fc.record({ price: fc.integer({ min: BIDS[0], max: BIDS[1] }), qty: fc.integer({ min: 5, max: 80 }), after: fc.nat(10) }); // biome-ignore format: a row
  await fc.assert(
    fc.asyncProperty(
      market,
      order,
      fc.integer({ min: 1, max: 30 }),
      async (happened, { price, qty, after }, opening) => {
        const harness = await openHarness({ replays: filesOf(happened, opening) });
        const { exchange, clock } = harness;
        await exchange.start();
        await clock.step?.(Math.min(after, happened.length) * NEXT_MS);
        const { listing } = exchange.instrument(XRP) as NonNullable<ReturnType<typeof exchange.instrument>>;
        const before = exchange
          .book(XRP, 50)
          .bids.find((one) => BigInt(one.price) * listing.tick === money(priceOf(price)));
        const ahead = before?.qty ?? 0;
        const said = happened.slice(0, after).findLast((one) => one.type === 'level' && one.price === price);
        const queue = new PlainQueue(price, qty, ahead, (said?.qty ?? opening) - ahead);
        const id = await placed(exchange, ALICE, limit(XRP, 'buy', `${qty}`, priceOf(price)));
        for (const one of happened.slice(after)) {
          if (one.type === 'sale') queue.sale(one.price, one.qty);
          else queue.line(one.price === price ? one.qty : null);
          await clock.step?.(NEXT_MS);
          assert.equal(filledOf(harness, ALICE, id), queue.filled, JSON.stringify(one));
        }
        assert.deepEqual(exchange.leaks(), []);
      },
    ),
    { numRuns: 200 },
  );
});

test('all orders together get what was traded at or beyond their prices at most, and the tape is the file (property)', async () => {
  const order = fc.record({
    uid: fc.constantFrom(ALICE, BOB, CAROL),
    price: fc.integer({ min: BIDS[0], max: BIDS[1] + 5 }),
    qty: fc.integer({ min: 5, max: 80 }),
    after: fc.nat(30),
  });
  const orders = fc.array(order, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(market, orders, fc.integer({ min: 1, max: 30 }), async (happened, wanted, opening) => {
      const harness = await openHarness({ replays: filesOf(happened, opening) });
      const { exchange, clock } = harness;
      await exchange.start();
      const working: { uid: string; id: string; price: number; traded: number }[] = [];
      const got = () => working.map(({ uid, id }) => filledOf(harness, uid, id));
      for (const [index, one] of happened.entries()) {
        for (const { uid, price, qty } of wanted.filter(({ after }) => after === index)) {
          const id = await placed(exchange, uid, limit(XRP, 'buy', `${qty}`, priceOf(price)));
          working.push({ uid, id, price, traded: 0 });
        }
        const before = got();
        await clock.step?.(NEXT_MS);
        const after = got();
        const gained = after.reduce((sum, qty, at) => sum + qty - (before[at] as number), 0);
        assert.ok(gained <= (one.type === 'sale' ? one.qty : 0), `${gained} of ${JSON.stringify(one)}`);
        for (const [at, order] of working.entries()) {
          if (one.type === 'sale' && one.price <= order.price) order.traded += one.qty;
          assert.ok((after[at] as number) <= order.traded, 'more than was traded at or through its price');
        }
        // Nobody at a worse price is filled while a better one, or an earlier order at the same, still waits.
        working.forEach((order, at) => {
          if (after[at] === before[at]) return;
          const passedOver = working.findIndex((other, index) => {
            const isBefore = other.price > order.price || (other.price === order.price && index < at);
            return isBefore && told(exchange, other.uid, other.id).status !== 'filled';
          });
          assert.equal(passedOver, -1, 'priority');
        });
      }
      await clock.step?.(3 * NEXT_MS);
      const sold = happened.flatMap((one) => (one.type === 'sale' ? [one.qty] : []));
      const volume = sold.reduce((sum, qty) => sum + qty, 1);
      assert.equal(Number(formatDecimal(exchange.ticker(XRP).volume24h)), volume);
      assert.deepEqual(exchange.leaks(), []);
    }),
    { numRuns: 50 },
  );
});

test('without a book an order has its own queue before it, and no quote that is made fills it (property)', async () => {
  const QUEUE = 15;
  const order = fc.record({
    uid: fc.constantFrom(ALICE, BOB),
    price: fc.integer({ min: BIDS[0], max: BIDS[1] + 3 }),
    qty: fc.integer({ min: 5, max: 40 }),
    after: fc.nat(25),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(sale, { maxLength: 30 }), fc.array(order, { maxLength: 6 }), async (sales, wanted) => {
      const rows: TradeRow[] = [[0, 'Buy', '1', '1.96']];
      sales.forEach(({ price, qty }, index) => {
        rows.push([(index + 1) * NEXT_MS, 'Sell', `${qty}`, priceOf(price)]);
      });
      const quotes = { spread: money('0.0005'), qty: money('30'), queue: money(`${QUEUE}`) };
      const config = { instruments: [{ category: 'spot', symbol: 'XRPUSDT', tick: '0.001', step: '1' }] };
      const harness = await openHarness({ replays: [historyOf(tradeTable(rows), { quotes })], config });
      const { exchange, clock } = harness;
      await exchange.start();
      const working: { uid: string; id: string; price: number; at: number; through: number }[] = [];
      for (const [index, { price, qty }] of sales.entries()) {
        for (const one of wanted.filter(({ after }) => after === index)) {
          const touch = exchange.book(XRP, 1).asks[0]?.price ?? 0;
          if (one.price >= touch) continue;
          const id = await placed(exchange, one.uid, limit(XRP, 'buy', `${one.qty}`, priceOf(one.price)));
          working.push({ uid: one.uid, id, price: one.price, at: 0, through: 0 });
        }
        const before = working.map(({ uid, id }) => filledOf(harness, uid, id));
        await clock.step?.(NEXT_MS);
        const gained = working.map(({ uid, id }, at) => filledOf(harness, uid, id) - (before[at] as number));
        assert.ok(gained.reduce((sum, one) => sum + one, 0) <= qty, 'no more than was traded');
        for (const one of working) {
          if (price === one.price) one.at += qty;
          if (price < one.price) one.through += qty;
          const most = one.through + Math.max(0, one.at - QUEUE);
          assert.ok(filledOf(harness, one.uid, one.id) <= most, 'not before its queue was used up');
        }
      }
      // An order alone at its price gets all that its queue lets through.
      const [alone] = working;
      if (working.length === 1 && alone !== undefined && alone.through === 0) {
        const open = told(exchange, alone.uid, alone.id);
        const most = Math.min(Number(formatDecimal(open.qty)), Math.max(0, alone.at - QUEUE));
        assert.equal(filledOf(harness, alone.uid, alone.id), most);
      }
      assert.deepEqual(exchange.leaks(), []);
    }),
    { numRuns: 100 },
  );
});

test('whatever the speed, the same happens in the same order (property)', async () => {
  const speed = fc.constantFrom<number | 'max'>(0.5, 1, 3.7, 1000, 'max');
  const orders = fc.array(fc.record({ price: fc.integer({ min: 1945, max: 1954 }), qty: fc.integer({ min: 5, max: 80 }) }), { maxLength: 5 }); // biome-ignore format: a row
  const played = async (
    happened: readonly Told[],
    wanted: readonly { price: number; qty: number }[],
    times: number | 'max',
  ) => {
    const config = { replay: { speed: times, files: [] } };
    const harness = await openHarness({ replays: filesOf(happened, 50), config });
    const { exchange, clock, publics } = harness;
    await exchange.start();
    for (const { price, qty } of wanted) await placed(exchange, ALICE, limit(XRP, 'buy', `${qty}`, priceOf(price)));
    await clock.step?.(10_000);
    assert.ok(exchange.control.replays().every(({ status }) => status.state === 'ended'));
    const trades = exchange.recentTrades(XRP, 1000).map(({ price, qty, aggressor }) => [price, qty, aggressor]);
    const fills = exchange
      .executions(ALICE, everything('spot'))
      .map(({ orderId, price, qty }) => [orderId, price, qty]);
    const books = publics.flatMap((event) => (event.type === 'book' ? [[event.bids, event.asks]] : []));
    return { trades, fills, books, wallet: exchange.wallet(ALICE).coins.map(({ asset, wallet }) => [asset, wallet]) };
  };
  await fc.assert(
    fc.asyncProperty(market, orders, speed, async (happened, wanted, times) => {
      assert.deepEqual(await played(happened, wanted, times), await played(happened, wanted, 1));
    }),
    { numRuns: 25 },
  );
});
