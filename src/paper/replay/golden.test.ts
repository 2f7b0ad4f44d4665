import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { unzipSync } from 'fflate';
import { divide, formatDecimal, money, ONE } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import type { ExchangeLevel } from '../../ports/exchange.ts';
import { below, seededRng } from '../../ports/rng.ts';
import { type TradeRow, tradeTable } from '../testing/histories.ts';
import { ALICE, market, openHarness, placed, told, XRP } from '../testing/harness.ts';

const FILE = new URL('../../../../shared/bybit/golden/history/xrpusdt-ob500.data.zip', import.meta.url);
const skip = existsSync(FILE) ? false : 'the recorded history is not beside the repository';
const linesOf = (): string[] => {
  const [member] = Object.values(unzipSync(readFileSync(FILE)));
  return new TextDecoder()
    .decode(member)
    .split('\n')
    .filter((text) => text !== '');
};

/** The book as the simplest program would keep it: quantities by price, as text. */
class NaiveBook {
  readonly bids = new Map<string, string>();
  readonly asks = new Map<string, string>();

  apply(text: string): void {
    const { type, data } = JSON.parse(text) as { type: string; data: { b: [string, string][]; a: [string, string][] } };
    if (type === 'snapshot') for (const side of [this.bids, this.asks]) side.clear();
    for (const [side, rows] of [
      [this.bids, data.b],
      [this.asks, data.a],
    ] as const) {
      for (const [price, qty] of rows) {
        if (Number(qty) === 0) side.delete(price);
        else side.set(price, qty);
      }
    }
  }

  sorted(side: 'bids' | 'asks'): [Money, Money][] {
    const sign = side === 'bids' ? -1 : 1;
    const rows = [...this[side]].map(([price, qty]): [Money, Money] => [money(price), money(qty)]);
    return rows.sort((a, b) => sign * Number(a[0] - b[0]));
  }
}

const source = (lines: () => Iterable<string>, pace: 'file' | 'manual') =>
  ({ name: 'xrp', category: 'spot', atEnd: 'hold', pace, lines }) as const;

test('after every line of a real history the book is what the file says, level for level', { skip }, async () => {
  const lines = linesOf();
  const { exchange, flush } = await openHarness({ replays: [source(() => lines, 'manual')] });
  await exchange.start();
  const { listing } = exchange.instrument(XRP) as NonNullable<ReturnType<typeof exchange.instrument>>;
  const naive = new NaiveBook();
  const read = (levels: readonly ExchangeLevel[]) =>
    levels.map(({ price, qty }) => [BigInt(price) * listing.tick, BigInt(qty) * listing.step]);
  for (const [index, text] of lines.entries()) {
    naive.apply(text);
    const played = await exchange.control.advanceReplay(XRP, index + 1);
    assert.equal(played.ok && played.value.line, index + 1);
    await flush();
    const { bids, asks } = exchange.book(XRP, 1000);
    assert.deepEqual(read(bids), naive.sorted('bids'), `bids after line ${index + 1}`);
    assert.deepEqual(read(asks), naive.sorted('asks'), `asks after line ${index + 1}`);
  }
  assert.equal(lines.length, 50);
});

test('trades beside a real history leave no trace in it: after every line the book is what the file says', {
  skip,
}, async () => {
  const lines = linesOf();
  const rng = seededRng(5);
  const naive = new NaiveBook();
  const rows = lines.flatMap((text): TradeRow[] => {
    naive.apply(text);
    const { cts } = JSON.parse(text) as { cts: number };
    return (['bids', 'asks'] as const).flatMap((side) => {
      const [price, qty] = naive.sorted(side)[below(rng, 3)] as [Money, Money];
      const part = (BigInt(1 + below(rng, 150)) * qty) / 100n / ONE;
      const traded = formatDecimal(((part + 1n) * ONE) as Money);
      return [[cts + 1, side === 'bids' ? 'Sell' : 'Buy', traded, formatDecimal(price)] as const];
    });
  });
  const trades = { ...source(() => tradeTable(rows), 'manual'), name: 'trades' };
  const { exchange, flush } = await openHarness({ replays: [source(() => lines, 'manual'), trades] });
  await exchange.start();
  const { listing } = exchange.instrument(XRP) as NonNullable<ReturnType<typeof exchange.instrument>>;
  const read = (levels: readonly ExchangeLevel[]) =>
    levels.map(({ price, qty }) => [BigInt(price) * listing.tick, BigInt(qty) * listing.step]);
  const again = new NaiveBook();
  for (const [index, text] of lines.entries()) {
    again.apply(text);
    await exchange.control.advanceReplay(XRP, index + 1);
    await flush();
    const { bids, asks } = exchange.book(XRP, 1000);
    assert.deepEqual([read(bids), read(asks)], [again.sorted('bids'), again.sorted('asks')], `after line ${index + 1}`);
  }
  assert.ok(exchange.recentTrades(XRP, 1000).length >= 96);
});

test("a market buy at the end of a real history pays the file's own average price", { skip }, async () => {
  const lines = linesOf();
  const { exchange, clock } = await openHarness({ replays: [source(() => lines, 'file')] });
  await exchange.start();
  await clock.step?.(5000);
  assert.equal(exchange.control.replays()[0]?.status.state, 'ended', '4.8 seconds of market');
  const naive = new NaiveBook();
  for (const text of lines) naive.apply(text);
  const wanted = money('100000');
  let left: bigint = wanted;
  let cost = 0n;
  for (const [price, qty] of naive.sorted('asks')) {
    const taken = left < qty ? left : qty;
    cost += (taken * price) / ONE;
    left -= taken;
  }
  assert.equal(left, 0n);
  const order = told(exchange, ALICE, await placed(exchange, ALICE, market(XRP, 'buy', '100000')));
  assert.equal(order.status, 'filled');
  assert.equal(order.cumNotional, cost);
  const average = divide(order.cumNotional * ONE, order.cumQty, 'half_even') as Money;
  assert.match(formatDecimal(average), /^1\.9\d+$/);
  assert.deepEqual(exchange.leaks(), []);
});
