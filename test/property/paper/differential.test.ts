import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { formatDecimal, money } from '../../../src/domain/decimal.ts';
import type { InstrumentId, Money } from '../../../src/domain/ids.ts';
import { splitInstrumentId } from '../../../src/domain/ids.ts';
import type { PaperExchange } from '../../../src/paper/paper.ts';
import {
  ALICE,
  BOB,
  BTC,
  byId,
  CAROL,
  everything,
  limit,
  openHarness,
  PERP,
  bothSides,
} from '../../../src/paper/testing/harness.ts';
import { PlainExchange, type PlainMarket } from '../../support/plain-exchange.ts';

/** Ends of tiers and rates of BTCUSDT, as configured. */
const TIERS = [['2000000', '0.005'], ['10000000', '0.0056'], ['20000000', '0.0062'], [null, '0.01']] as const; // biome-ignore format: a table
/** Rates with digits enough for every fee to be rounded. */
const SPOT_FEES = { maker: '-0.00020033', taker: '0.00100077' };
const LINEAR_FEES = { maker: '0.00020077', taker: '0.00055123' };
/** A market, the price that it trades around, the least step between prices here, and the lot. */
type Traded = PlainMarket & Readonly<{ around: number; step: number; lot: string }>;
const BITCOIN = { base: 'BTC', around: 60_000, step: 17.3 } as const;
const MARKETS: Readonly<Record<string, Traded>> = {
  [BTC]: { ...BITCOIN, valuation: 'spot', quote: 'USDT', tiers: [], ...SPOT_FEES, lot: '0.001' },
  [PERP]: {
    ...BITCOIN,
    valuation: 'linear',
    quote: 'USDT',
    tiers: TIERS,
    ...LINEAR_FEES,
    lot: '0.001',
  },
};
const IDS = Object.keys(MARKETS) as InstrumentId[];
const CONTRACTS = IDS.filter((id) => MARKETS[id]!.valuation !== 'spot');
const CATEGORIES = [...new Set(IDS.map((id) => splitInstrumentId(id).category))];
const COINS = ['USDT', 'BTC'] as const;
const UIDS = [ALICE, BOB, CAROL] as const;
const BALANCES = { USDT: '3000000', BTC: '40' };
const config = {
  accounts: UIDS.map((uid) => ({ uid, apiKey: `key${uid}`, apiSecret: 's', balances: BALANCES })),
  fees: { spot: SPOT_FEES, linear: LINEAR_FEES },
};

const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('place' as const), who: fc.nat(2), market: fc.nat(IDS.length - 1), buy: fc.boolean(), ioc: fc.boolean(),
      lots: fc.integer({ min: 1, max: 9000 }), away: fc.integer({ min: -10, max: 10 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leverage' as const), who: fc.nat(2), contract: fc.nat(CONTRACTS.length - 1), times: fc.integer({ min: 3, max: 50 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('funding' as const), rate: fc.integer({ min: -300_000, max: 300_000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('index' as const), market: fc.nat(IDS.length - 1), away: fc.integer({ min: -12, max: 12 }) }) },
); // biome-ignore format: a table
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const priceAt = (id: InstrumentId, away: number): string =>
  new Decimal(MARKETS[id]!.step).times(away).plus(MARKETS[id]!.around).toFixed();

/** One exchange and the same on paper. */
class Pair {
  readonly exchange: PaperExchange;
  readonly plain = new PlainExchange(MARKETS);
  readonly orders: { uid: string; market: InstrumentId; orderId: string }[] = [];

  constructor(exchange: PaperExchange) {
    this.exchange = exchange;
    for (const uid of UIDS)
      for (const [coin, amount] of Object.entries(BALANCES)) this.plain.deposit(uid, coin, amount);
  }

  async run(one: Step): Promise<void> {
    const { exchange, plain } = this;
    if (one.do === 'place') return this.#place(one);
    if (one.do === 'funding') return this.#fund(new Decimal(one.rate).div(100_000_000).toFixed());
    if (one.do === 'index') {
      const id = IDS[one.market]!;
      await exchange.control.setReference(id, money(priceAt(id, one.away)));
    } else if (one.do === 'leverage') {
      const [uid, id] = [UIDS[one.who]!, CONTRACTS[one.contract]!];
      const set = await exchange.setLeverage(uid, id, bothSides(`${one.times}`));
      if (set.ok) plain.setLeverage(uid, id, `${one.times}`);
    } else {
      const order = this.orders[one.pick % Math.max(1, this.orders.length)];
      if (order === undefined) return;
      await exchange.cancel(order.uid, byId(order.market, order.orderId));
      plain.cancel(order.market, order.orderId);
    }
  }

  /** Funding of the perpetual at a rate of eight digits. */
  async #fund(rate: string): Promise<void> {
    const mark = formatDecimal(this.exchange.ticker(PERP).mark);
    await this.exchange.control.money.funding?.(PERP, money(rate));
    for (const uid of UIDS) this.plain.funding(uid, PERP, mark, rate);
  }

  /** What the exchange refuses for want of money, or a price beyond its band, does not happen on paper either. */
  async #place({ who, market, buy, ioc, lots, away }: Extract<Step, { do: 'place' }>): Promise<void> {
    const [uid, id, side] = [UIDS[who]!, IDS[market]!, buy ? ('buy' as const) : ('sell' as const)];
    const qty = new Decimal(lots).times(MARKETS[id]!.lot).toFixed();
    const price = priceAt(id, away);
    const placed = await this.exchange.place(uid, limit(id, side, qty, price, { timeInForce: ioc ? 'ioc' : 'gtc' }));
    if (!placed.ok) return;
    const { orderId } = placed.value;
    const told = this.exchange.orderHistory(uid, { ...everything(splitInstrumentId(id).category), orderId })[0];
    const bound = formatDecimal(told!.boundPrice); // a futures price beyond the band is moved to its edge
    this.plain.place({ uid, orderId, market: id, side, qty, price: bound, ioc });
    this.orders.push({ uid, market: id, orderId });
  }
}

const plainly = (amount: Money) => new Decimal(formatDecimal(amount));
const equal = (ours: Money, plain: Decimal, what: string) =>
  assert.equal(plainly(ours).toFixed(), plain.toFixed(), what);
/** Margin is rounded up at eight digits, some of it in parts. */
const margin = (ours: Money, plain: Decimal, what: string) => {
  const more = plainly(ours).minus(plain);
  assert.ok(more.abs().lte('0.0000002'), `${what}: ${formatDecimal(ours)}, on paper ${plain.toFixed()}`);
};

function compare({ exchange, plain }: Pair): void {
  const marks = Object.fromEntries(IDS.map((id) => [id, formatDecimal(exchange.ticker(id).mark)]));
  for (const uid of UIDS) {
    const ordered = { USDT: new Decimal(0), BTC: new Decimal(0) };
    for (const id of CONTRACTS) {
      comparePosition(exchange, plain, uid, id, marks[id]!);
      const { initial, loss } = plain.orders(uid, id, marks[id]!);
      const coin = MARKETS[id]!.valuation === 'inverse' ? 'BTC' : 'USDT';
      ordered[coin] = ordered[coin].plus(initial).plus(loss);
    }
    const coins = exchange.wallet(uid).coins;
    for (const name of COINS) {
      const coin = coins.find(({ asset }) => asset === name)!;
      equal(coin.wallet, plain.wallet(uid, name), `wallet in ${name}`);
      equal(coin.locked, plain.locked(uid, name), `locked ${name}`);
      equal(coin.equity, plain.equity(uid, name, marks), `equity in ${name}`);
      margin(coin.orderMargin, ordered[name], `order margin in ${name}`);
    }
  }
}

function comparePosition(
  exchange: PaperExchange,
  plain: PlainExchange,
  uid: string,
  id: InstrumentId,
  mark: string,
): void {
  const { category } = splitInstrumentId(id);
  const position = exchange.positions(uid, { category, instrument: id, settle: null, base: null })[0]!;
  const expected = plain.position(uid, id, mark);
  assert.equal(formatDecimal(position.size), new Decimal(expected.size).toFixed());
  equal(position.unrealisedPnl, expected.unrealised, `unrealised of ${id}`);
  equal(position.totalRealisedPnl, expected.realised, `realised of ${id}, fees included`);
  margin(position.initialMargin, expected.initial, `initial margin of ${id}`);
  margin(position.maintenanceMargin, expected.maintenance, `maintenance margin of ${id}`);
}

const trades = (exchange: PaperExchange, uid: string, category: (typeof CATEGORIES)[number]) =>
  exchange.executions(uid, everything(category)).filter(({ kind }) => kind === 'trade');

/** Every trade of every account, as the plain exchange writes them. */
function executions({ exchange, plain }: Pair): void {
  const ours = UIDS.flatMap((uid) =>
    CATEGORIES.flatMap((category) =>
      trades(exchange, uid, category).map((one) =>
        [uid, one.instrument, one.side, formatDecimal(one.qty), formatDecimal(one.price), one.liquidity, formatDecimal(one.fee), one.feeAsset].join(' '),
      ),
    ),
  ); // biome-ignore format: one row
  const theirs = plain.fills.map((one) =>
    [one.uid, one.market, one.side, one.qty, one.price, one.maker ? 'maker' : 'taker', new Decimal(one.fee).toFixed(), one.feeCoin].join(' '),
  ); // biome-ignore format: one row
  assert.deepEqual(ours.toSorted(), theirs.toSorted());
}

test('the same flow of orders through the exchange and on paper: fills, fees, profits and margin are equal (property)', async () => {
  let filled = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 120 }), async (steps) => {
      const { exchange, flush } = await openHarness({ config });
      const pair = new Pair(exchange);
      for (const one of steps) {
        await pair.run(one);
        await flush();
        compare(pair);
      }
      executions(pair);
      filled += pair.plain.fills.length;
      await exchange.close();
    }),
    { numRuns: 30 },
  );
  assert.ok(filled > 500, `${filled} executions are too few to say anything`);
});
