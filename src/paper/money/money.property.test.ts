import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDecimal, money } from '../../domain/decimal.ts';
import { type InstrumentId, instrumentId, type Money } from '../../domain/ids.ts';
import type { PaperExchange } from '../paper.ts';
import { ALICE, BOB, bothSides, CAROL, limit, market, openHarness, withBalances } from '../testing/harness.ts';

const UIDS = [ALICE, BOB, CAROL] as const;
const LINEAR = instrumentId('linear', 'BTCUSDT');
const INVERSE = instrumentId('inverse', 'BTCUSD');
const OPTION = instrumentId('option', 'BTC-27DEC24-60000-C-USDT');
const TRADED: readonly InstrumentId[] = [LINEAR, INVERSE, OPTION];
const SPOT = instrumentId('spot', 'BTCUSDT');
const CONFIG = {
  ...withBalances({ USDT: '4000', BTC: '0.08' }),
  instruments: [...TRADED, SPOT],
  // Little: it is used up now and then, and winners are deleveraged.
  insurance: { USDT: '500', BTC: '0.01' },
};

const who = fc.integer({ min: 0, max: 2 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('trade' as const),
      buyer: who,
      seller: who,
      of: fc.integer({ min: 0, max: 2 }),
      size: fc.integer({ min: 1, max: 100 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('price' as const), thousandths: fc.integer({ min: -90, max: 90 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('leverage' as const), who, times: fc.integer({ min: 2, max: 100 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rest' as const), who, of: fc.integer({ min: 0, max: 1 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const sized = (of: number, size: number): string =>
  of === 1
    ? String(size * 40)
    : of === 2
      ? formatDecimal((money(`${size}`) / 100n) as Money)
      : formatDecimal((money(`${size}`) / 1000n) as Money);

async function run(exchange: PaperExchange, one: Step, prices: { btc: bigint }): Promise<void> {
  if (one.do === 'trade') {
    const id = TRADED[one.of] as InstrumentId;
    const { mark } = exchange.ticker(id);
    const tick = exchange.instrument(id)?.listing.tick ?? money('0.1');
    const price = formatDecimal((((mark + tick - 1n) / tick) * tick) as Money);
    const [buyer, seller] = [UIDS[one.buyer] as string, UIDS[one.seller] as string];
    const link = { clientOrderId: `o${(prices.btc += 1n)}` };
    const resting = await exchange.place(seller, limit(id, 'sell', sized(one.of, one.size), price, link));
    if (resting.ok && buyer !== seller) {
      await exchange.place(
        buyer,
        limit(id, 'buy', sized(one.of, one.size), price, {
          clientOrderId: `o${(prices.btc += 1n)}`,
          timeInForce: 'ioc',
        }),
      );
    }
  } else if (one.do === 'price') {
    const { index } = exchange.ticker(SPOT);
    const moved = (index * BigInt(1000 + one.thousandths)) / 1000n;
    const bounded = moved < money('20000') ? money('20000') : moved > money('200000') ? money('200000') : moved;
    for (const id of [SPOT, LINEAR, INVERSE]) await exchange.control.setReference(id, bounded as Money);
  } else if (one.do === 'leverage') {
    await exchange.setLeverage(UIDS[one.who] as string, LINEAR, bothSides(`${one.times}`));
  } else {
    await exchange.place(UIDS[one.who] as string, market(TRADED[one.of] as InstrumentId, 'buy', sized(one.of, 3)));
  }
}

/** Nothing was made or lost, and nobody holds a position whose mark is beyond where it is to be liquidated. */
function check(exchange: PaperExchange): void {
  assert.deepEqual(exchange.leaks(), []);
  for (const uid of UIDS) {
    for (const category of ['linear', 'inverse'] as const) {
      for (const one of exchange.positions(uid, { category, instrument: null, settle: null, base: null })) {
        const { size, markPrice, liquidationPrice } = one;
        if (liquidationPrice === null) continue;
        const sound = size > 0n ? markPrice > liquidationPrice : markPrice < liquidationPrice;
        assert.ok(
          sound,
          `${uid} ${one.instrument} ${formatDecimal(size)} at ${formatDecimal(markPrice)}, liquidation ${formatDecimal(liquidationPrice)}`,
        );
      }
    }
  }
}

for (const marginMode of ['cross', 'isolated'] as const) {
  test(`whatever is traded and wherever prices go, no account outlives its margin, and no coin is lost: ${marginMode} (property)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const { exchange } = await openHarness({ config: CONFIG });
        for (const uid of UIDS) await exchange.changeSettings(uid, { marginMode });
        for (const id of [SPOT, LINEAR, INVERSE]) await exchange.control.setReference(id, money('60000'));
        const prices = { btc: 0n };
        for (const one of steps) {
          await run(exchange, one, prices);
          check(exchange);
        }
        await exchange.close();
      }),
      { numRuns: 200 },
    );
  });
}
