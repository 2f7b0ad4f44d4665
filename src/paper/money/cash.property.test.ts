import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { type InstrumentId, instrumentId, type Money } from '../../domain/ids.ts';
import { steppedClock } from '../clocks.ts';
import type { PaperExchange } from '../paper.ts';
import {
  ALICE,
  BOB,
  BTC,
  bothSides,
  CAROL,
  coin,
  limit,
  market,
  openHarness,
  withBalances,
} from '../testing/harness.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';

const UIDS = [ALICE, BOB, CAROL] as const;
const HOUR_MS = 3_600_000;
/** Two days before a quarter ends. */
const BEFORE = (Date.UTC(2024, 11, 27, 8) - 48 * HOUR_MS) as Parameters<typeof steppedClock>[0];
const TRADED = [
  BTC,
  instrumentId('linear', 'BTCUSDT'),
  instrumentId('linear', 'BTCPERP'),
  instrumentId('inverse', 'BTCUSD'),
  instrumentId('linear', 'BTCUSDT-27DEC24'),
  instrumentId('inverse', 'BTCUSDZ24'),
  instrumentId('option', 'BTC-27DEC24-60000-C-USDT'),
] as const;
const config = {
  ...withBalances({ USDT: '50000', USDC: '50000', BTC: '1' }),
  instruments: ['linear:BTCUSDT', 'linear:BTCPERP', 'inverse:BTCUSD', BTC, ...TRADED.slice(4)],
  insurance: { USDT: '500', USDC: '500', BTC: '0.01' },
};

const who = fc.integer({ min: 0, max: 2 });
const of = fc.nat(TRADED.length - 1);
const asset = fc.constantFrom('USDT', 'USDC', 'BTC');
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('trade' as const), buyer: who, seller: who, of, size: fc.integer({ min: 1, max: 90 }), leverage: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('price' as const), thousandths: fc.integer({ min: -60, max: 60 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('borrow' as const), who, asset, parts: fc.integer({ min: 1, max: 99 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repay' as const), who, asset, convert: fc.boolean(), all: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cover' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mode' as const), who, isolated: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('margin' as const), who, of, amount: fc.integer({ min: -500, max: 500 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('funding' as const), rate: fc.integer({ min: -99_999, max: 99_999 }) }) },
); // biome-ignore format: a table
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Trade = Extract<Step, { do: 'trade' }>;

async function trade(exchange: PaperExchange, { buyer, seller, of: index, size, leverage }: Trade): Promise<void> {
  const id = TRADED[index] as InstrumentId;
  const listed = exchange.instrument(id);
  if (listed === null) return;
  const { tick, step: lot } = listed.listing;
  const price = formatDecimal(((exchange.ticker(id).mark / tick) * tick) as Money);
  const qty = formatDecimal((lot * BigInt(id === BTC ? size * 1000 : size)) as Money);
  await exchange.place(UIDS[seller] as string, limit(id, 'sell', qty, price, { leverage: id === BTC && leverage }));
  await exchange.place(UIDS[buyer] as string, market(id, 'buy', qty, { leverage: id === BTC && leverage }));
}

async function run(exchange: PaperExchange, one: Step, at: { price: bigint; step: (ms: number) => Promise<void> }) {
  const uid = 'who' in one ? (UIDS[one.who] as string) : ALICE;
  switch (one.do) {
    case 'trade':
      return trade(exchange, one);
    case 'price':
      at.price += (at.price * BigInt(one.thousandths)) / 1000n;
      return void (await exchange.control.setReference(BTC, at.price as Money));
    case 'time':
      return at.step(one.hours * HOUR_MS);
    case 'borrow': {
      const room = exchange.money.lending(uid).find((row) => row.asset === one.asset)?.available ?? 0n;
      const unit = money('0.00000001');
      const amount = ((room * BigInt(one.parts)) / 100n / unit) * unit;
      return void (await exchange.money.borrow(uid, coin(one.asset), amount as Money));
    }
    case 'repay':
      return void (await exchange.money.repay(uid, {
        asset: coin(one.asset),
        amount: one.all ? null : money('0.01234567'),
        convert: one.convert,
      }));
    case 'cover':
      return void (await exchange.money.coverDebts(uid, null));
    case 'mode':
      return void (await exchange.money.setMarginMode(uid, one.isolated ? 'isolated' : 'cross'));
    case 'margin':
      return void (await exchange.money.addMargin(uid, {
        instrument: TRADED[one.of] as InstrumentId,
        idx: 0,
        amount: money(String(one.amount)),
      }));
    case 'funding':
      return void (await exchange.control.money.funding?.(
        TRADED[1],
        ((money('1') * BigInt(one.rate)) / 100_000_000n) as Money,
      ));
  }
}

test('whatever falls due, is borrowed or repaid, every coin sums to what was deposited, also after a restart (property)', async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
      const journal = new MemoryJournal();
      const harness = await openHarness({ journal, clock: steppedClock(BEFORE), config });
      const { exchange, clock } = harness;
      await exchange.start();
      await exchange.control.setReference(BTC, money('60000'));
      for (const uid of UIDS) {
        await exchange.changeSettings(uid, { spotMargin: { on: true, leverage: money('5') } });
        await exchange.setLeverage(uid, TRADED[1], bothSides('25'));
      }
      const at = { price: money('60000') as bigint, step: async (ms: number) => void (await clock.step?.(ms)) };
      for (const one of [...steps, { do: 'time', hours: 49 } as const]) {
        await run(exchange, one, at);
        await harness.flush();
        assert.deepEqual(exchange.leaks(), [], JSON.stringify(one));
      }
      for (const uid of UIDS) {
        const all = { from: 0 as never, to: Number.MAX_SAFE_INTEGER as never };
        for (const { type, change, cashFlow, funding, fee } of exchange.records(uid, 'ledger', all)) {
          kinds.add(type);
          assert.equal(change, cashFlow + funding - fee);
        }
      }
      const truth = exchange.groundTruth();
      await exchange.close();
      const second = await openHarness({ journal: journal.reopen(), clock: steppedClock(clock.now()), config });
      assert.deepEqual(second.exchange.groundTruth(), truth);
      assert.deepEqual(second.exchange.leaks(), []);
      await second.exchange.close();
    }),
    { numRuns: 8 },
  );
  for (const kind of ['trade', 'funding', 'settlement', 'delivery', 'borrow', 'repay'])
    assert.ok(kinds.has(kind), kind);
});
