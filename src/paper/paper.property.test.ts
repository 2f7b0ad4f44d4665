import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { money, ONE } from '../domain/decimal.ts';
import { type AssetId, type InstrumentId, instrumentId, type Money } from '../domain/ids.ts';
import { NO_AMENDMENT, PLAIN_ORDER, type PlaceOrder, type TradingStop } from '../ports/exchange.ts';
import { isHedged } from './desk/position-mode.ts';
import type { PaperExchange } from './paper.ts';
import {
  ALICE,
  BOB,
  BTC,
  byId,
  CAROL,
  everything,
  type Harness,
  limit,
  openHarness,
  PERP,
  bothSides,
} from './testing/harness.ts';
import { checkTruth } from './testing/truths.ts';
import { MemoryJournal } from './testing/memory-journal.ts';

const UIDS = [ALICE, BOB, CAROL] as const;
const CROSS = instrumentId('spot', 'BNBETH');
const SPOT_ONLY: readonly InstrumentId[] = [BTC, CROSS];
const INVERSE = instrumentId('inverse', 'BTCUSD');
const FUTURES = [PERP, INVERSE, instrumentId('linear', 'BTCPERP'), instrumentId('inverse', 'BTCUSDH25')];
const OPTIONS = ['BTC-27DEC24-60000-C-USDT', 'BTC-27DEC24-58000-P-USDT'].map((name) => instrumentId('option', name));
const ALL: readonly InstrumentId[] = [...SPOT_ONLY, ...FUTURES, ...OPTIONS];
/** What the agents need to know the prices of all these. */
const LISTED = [...ALL, 'spot:BNBUSDT', 'spot:ETHUSDT', 'spot:USDCUSDT'];

/** Little enough that orders are refused for want of money every now and then. */
const accounts = UIDS.map((uid) => ({
  uid,
  apiKey: `key${uid}`,
  apiSecret: 's',
  balances: { USDT: '20000', USDC: '10000', BTC: '0.3', BNB: '20', ETH: '4' },
}));
const fees = { spot: { maker: '-0.0002', taker: '0.001' } };

const fraction = fc.integer({ min: 0, max: 1000 });
/** In hundredths of a percent of the index. */
const away = fc.integer({ min: -30, max: 30 });
const near = fc.integer({ min: 1, max: 40 });
const command = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('place' as const), order: orderShape() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('amend' as const), pick: fraction, up: fraction, more: fraction }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick: fraction }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel_all' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('combo' as const),
      buy: fc.boolean(),
      market: fc.boolean(),
      size: fc.integer({ min: 1, max: 60 }),
      away: fc.integer({ min: -40, max: 40 }),
      timeInForce: fc.constantFrom(
        'gtc' as const,
        'gtc' as const,
        'ioc' as const,
        'fok' as const,
        'post_only' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('change_combo' as const),
      pick: fraction,
      cancel: fc.boolean(),
      size: fc.integer({ min: 1, max: 60 }),
      away: fc.option(fc.integer({ min: -40, max: 40 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('leverage' as const),
      times: fc.integer({ min: 1, max: 100 }),
      of: fraction,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('stop' as const),
      partial: fc.boolean(),
      short: fc.boolean(),
      takeProfit: fc.option(away, { freq: 2 }),
      stopLoss: fc.option(away, { freq: 2 }),
      trailing: fc.option(fc.integer({ min: 1, max: 30 }), { freq: 2 }),
      size: fraction,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hedge' as const), hedged: fc.boolean(), coin: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('price' as const), instrument: fraction, away }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fill' as const), pick: fraction, part: fraction }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('time' as const), ms: fc.integer({ min: 0, max: 2000 }) }) },
);
type Step = typeof command extends fc.Arbitrary<infer T> ? { uid: number; command: T } : never;

function orderShape() {
  return fc.record({
    instrument: fraction,
    buy: fc.boolean(),
    market: fc.boolean(),
    inQuote: fc.boolean(),
    size: fraction,
    away: fc.integer({ min: -30, max: 30 }),
    timeInForce: fc.constantFrom('gtc' as const, 'gtc' as const, 'ioc' as const, 'fok' as const, 'post_only' as const),
    selfTrade: fc.constantFrom(
      'none' as const,
      'cancel_maker' as const,
      'cancel_taker' as const,
      'cancel_both' as const,
    ),
    reduceOnly: fc.boolean(),
    short: fc.boolean(),
    waits: fc.option(
      fc.record({ away, by: fc.constantFrom('last' as const, 'mark' as const, 'index' as const), holds: fc.boolean() }),
      { freq: 3 },
    ),
    exits: fc.option(fc.record({ partial: fc.boolean(), takeProfit: fc.option(near), stopLoss: fc.option(near) }), {
      freq: 3,
    }),
  });
}

type Shape = Extract<Step['command'], { do: 'place' }>['order'];

function toOrder(exchange: PaperExchange, uid: string, shape: Shape, instruments: readonly InstrumentId[]): PlaceOrder {
  const id = instruments[shape.instrument % instruments.length] as InstrumentId;
  const instrument = exchange.instrument(id);
  assert.ok(instrument !== null);
  const { listing, category } = instrument;
  const { index, mark } = exchange.ticker(id);
  const around = category === 'option' ? mark : index;
  const at = (from: Money, hundredths: number): Money =>
    (((from * BigInt(10_000 + hundredths)) / 10_000n / listing.tick) * listing.tick) as Money;
  const price = at(around, shape.away);
  const hedged = category === 'linear' && isHedged(exchange.settings(uid), instrument);
  const up = shape.buy ? 1 : -1;
  const exit = (hundredths: number | null) =>
    hundredths === null ? null : { price: at(price, hundredths), by: 'last' as const, limitPrice: null };
  const { waits, exits } = shape;
  const brings = exits !== null && !(category === 'spot' && shape.market) && !shape.reduceOnly;
  const largest = id === CROSS ? money('12') : category === 'inverse' ? money('20000') : money('0.4');
  const qty = ((largest * BigInt(shape.size + 1)) / 1000n / listing.step) * listing.step;
  const inQuote = shape.market && shape.inQuote && category === 'spot';
  const amount = ((qty * index) / ONE / instrument.quoteStep) * instrument.quoteStep;
  return {
    ...PLAIN_ORDER,
    instrument: id,
    clientOrderId: null,
    side: shape.buy ? 'buy' : 'sell',
    type: shape.market ? 'market' : 'limit',
    qty: (inQuote ? amount : qty) as Money,
    qtyIn: inQuote ? 'quote' : 'base',
    price: shape.market ? null : price,
    positionIdx: hedged ? (shape.short ? 2 : 1) : 0,
    trigger:
      waits === null
        ? null
        : { price: at(index, waits.away), by: category === 'spot' ? 'last' : waits.by, direction: null },
    filter: category === 'spot' && waits !== null ? (waits.holds ? 'tpsl' : 'stop') : 'order',
    exits: !brings
      ? null
      : {
          mode: exits.partial ? 'partial' : 'full',
          takeProfit: exit(exits.takeProfit === null ? null : up * exits.takeProfit),
          stopLoss: exit(exits.stopLoss === null ? null : -up * exits.stopLoss),
        },
    timeInForce: shape.timeInForce,
    reduceOnly: shape.reduceOnly && shape.size % 3 === 0 && category !== 'spot',
    slippage: null,
    selfTrade: shape.selfTrade,
  };
}

type StopShape = Extract<Step['command'], { do: 'stop' }>;

function toStop(exchange: PaperExchange, uid: string, shape: StopShape): TradingStop {
  const { index } = exchange.ticker(PERP);
  const { listing } = exchange.instrument(PERP) as NonNullable<ReturnType<PaperExchange['instrument']>>;
  const of = (hundredths: number): Money =>
    (((index * BigInt(hundredths)) / 10_000n / listing.tick) * listing.tick) as Money;
  const exit = (hundredths: number | null) =>
    hundredths === null ? null : { price: of(10_000 + hundredths), by: 'last' as const, limitPrice: null };
  const hedged = Object.values(exchange.settings(uid).hedged).some(Boolean);
  return {
    instrument: PERP,
    positionIdx: hedged ? (shape.short ? 2 : 1) : 0,
    mode: shape.partial ? 'partial' : 'full',
    takeProfit: exit(shape.takeProfit),
    stopLoss: exit(shape.stopLoss),
    trailing: shape.trailing === null ? null : of(shape.trailing),
    activePrice: null,
    size: (BigInt(shape.size % 5) * listing.step) as Money,
  };
}

const COMBO = 'BTCUSDT_BTC/USDT';
const tenths = (of: number): Money => (BigInt(of) * money('0.1')) as Money;
const thousandths = (of: number): Money => (BigInt(of) * money('0.001')) as Money;

type ComboStep = Extract<Step['command'], { do: 'combo' | 'change_combo' }>;

/** Combos are placed, changed and canceled, near zero, where they meet; far out legs leave their bands at times. */
async function runCombo({ spread }: PaperExchange, uid: string, one: ComboStep): Promise<void> {
  if (one.do === 'combo') {
    const { buy, market, size, away, timeInForce } = one;
    await spread.place(uid, {
      symbol: COMBO,
      clientOrderId: null,
      side: buy ? 'buy' : 'sell',
      type: market && size % 3 === 0 ? 'market' : 'limit',
      qty: thousandths(size),
      price: tenths(size % 10 === 0 ? away * 500 : away),
      timeInForce,
    });
    return;
  }
  const open = spread.orders(uid, { symbol: null, base: null, orderId: null, clientOrderId: null });
  const order = open[one.pick % Math.max(1, open.length)];
  if (order === undefined) return;
  const ref = { symbol: null, orderId: order.orderId, clientOrderId: null };
  if (one.cancel) await spread.cancel(uid, ref);
  else await spread.amend(uid, ref, { qty: thousandths(one.size), price: one.away === null ? null : tenths(one.away) });
}

async function run({ exchange, clock }: Harness, step: Step, instruments: readonly InstrumentId[]): Promise<void> {
  const uid = UIDS[step.uid % UIDS.length] as string;
  const { command: one } = step;
  const picked = (at: number) => {
    const open = (['spot', 'linear', 'inverse', 'option'] as const).flatMap((category) =>
      exchange.orders(uid, { ...everything(category), recentlyClosed: false }),
    );
    return open[at % Math.max(1, open.length)];
  };
  if (one.do === 'place') await exchange.place(uid, toOrder(exchange, uid, one.order, instruments));
  else if (one.do === 'leverage') {
    const id = FUTURES[one.of % FUTURES.length] as InstrumentId;
    await exchange.setLeverage(uid, id, bothSides(`${one.times}`));
  } else if (one.do === 'combo' || one.do === 'change_combo') {
    if (instruments.includes(PERP)) await runCombo(exchange, uid, one);
  } else if (one.do === 'stop') await exchange.setTradingStop(uid, toStop(exchange, uid, one));
  else if (one.do === 'hedge') await exchange.setHedged(uid, one.coin ? ('USDT' as AssetId) : PERP, one.hedged);
  else if (one.do === 'price') {
    const id = instruments[one.instrument % instruments.length] as InstrumentId;
    const index = exchange.ticker(id).index;
    await exchange.control.setReference(id, ((index * BigInt(10_000 + one.away)) / 10_000n) as Money);
  } else if (one.do === 'time') await clock.step?.(one.ms);
  else if (one.do === 'cancel_all') await exchange.cancelAll(uid, everything('spot'));
  else {
    const order = picked(one.pick);
    if (order === undefined) return;
    const { listing } = exchange.instrument(order.instrument) as NonNullable<ReturnType<PaperExchange['instrument']>>;
    const ref = byId(order.instrument, order.orderId);
    const part = (of: Money, thousandths: number) =>
      (((of * BigInt(thousandths)) / 1000n / listing.step) * listing.step) as Money;
    if (one.do === 'cancel') await exchange.cancel(uid, ref);
    else if (one.do === 'fill')
      await exchange.control.fill({ uid, orderId: order.orderId, qty: part(order.leavesQty, one.part) });
    else {
      const price = (order.boundPrice + BigInt(one.up - 500) * listing.tick) as Money;
      await exchange.amend(uid, ref, { ...NO_AMENDMENT, price, qty: part(order.qty, 2 * one.more) });
    }
  }
}

/** Half of the steps, a restart, the other half, and another restart. */
async function survives(steps: readonly Step[], agents: boolean, instruments: readonly InstrumentId[]): Promise<void> {
  let journal = new MemoryJournal();
  const config = { accounts, agents, fees, instruments: LISTED };
  let harness = await openHarness({ config, journal });
  const half = Math.floor(steps.length / 2);
  for (const part of [steps.slice(0, half), steps.slice(half)]) {
    await harness.exchange.start();
    for (const step of part) {
      await run(harness, step, instruments);
      await harness.flush();
      checkTruth(harness, instruments);
    }
    const truth = harness.exchange.groundTruth();
    harness.exchange.stop();
    journal = journal.reopen();
    harness = await openHarness({ config, journal, clock: harness.clock });
    assert.deepEqual(harness.exchange.groundTruth(), truth, 'the journal gives the same exchange');
    await harness.flush();
    checkTruth(harness, instruments);
  }
}

const steps = fc.array(fc.record({ uid: fc.nat(2), command }), { minLength: 20, maxLength: 60 }) as fc.Arbitrary<
  Step[]
>;
const runs = { numRuns: 12, endOnFailure: true };

test('whatever three clients do among themselves, money and contracts are conserved and the journal tells it all (property)', async () => {
  await fc.assert(
    fc.asyncProperty(steps, (all) => survives(all, false, ALL)),
    runs,
  );
});

/** Orders in one contract, near each other, so that positions are opened, flipped and closed all the time. */
const crowded = fc.array(
  fc.record({ uid: fc.nat(2), buy: fc.boolean(), lots: fc.integer({ min: 1, max: 9 }), tick: fc.nat(4) }),
  { minLength: 30, maxLength: 60 },
);

test('so it is in each kind of contract, whatever it is valued and settled in (property)', async () => {
  for (const id of [...FUTURES, ...OPTIONS]) {
    await fc.assert(
      fc.asyncProperty(crowded, async (orders) => {
        const { exchange } = await openHarness({ config: { accounts, fees, instruments: LISTED } });
        const { listing, category } = exchange.instrument(id) as NonNullable<ReturnType<PaperExchange['instrument']>>;
        const base = ((exchange.ticker(id).mark as bigint) / listing.tick - 2n) * listing.tick;
        const unit = category === 'inverse' ? money('37') : listing.step;
        for (const { uid, buy, lots, tick } of orders) {
          const price = (base + BigInt(tick) * listing.tick) as Money;
          const order = limit(id, buy ? 'buy' : 'sell', '1', '1', { price, qty: (BigInt(lots) * unit) as Money });
          await exchange.place(UIDS[uid] as string, order);
          assert.deepEqual(exchange.leaks(), []);
        }
        const traded = exchange.groundTruth().accounts.flatMap(({ executions }) => executions);
        assert.ok(traded.length > 0);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  }
});

test('so it is with agents in the market (property)', async () => {
  await fc.assert(
    fc.asyncProperty(steps, (all) => survives(all, true, ALL)),
    runs,
  );
});

test('on spot alone no client ever spends what it has not (property)', async () => {
  await fc.assert(
    fc.asyncProperty(steps, (all) => survives(all, true, SPOT_ONLY)),
    runs,
  );
});
