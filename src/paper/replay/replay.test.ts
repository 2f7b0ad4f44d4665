import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money } from '../../domain/decimal.ts';
import {
  ALICE,
  BOB,
  byId,
  everything,
  type Harness,
  limit,
  market,
  openHarness,
  placed,
  told,
  XRP,
} from '../testing/harness.ts';
import type { ReplaySource } from './histories.ts';

type Rows = readonly (readonly [string, string])[];
const line = (type: string, u: number, ts: number, b: Rows, a: Rows): string =>
  JSON.stringify({ topic: 'orderbook.500.XRPUSDT', type, ts, data: { s: 'XRPUSDT', b, a, u, seq: u }, cts: ts });

const LINES = [
  line('snapshot', 1, 1000, [['1.95', '100'], ['1.94', '200']], [['1.96', '50'], ['1.97', '80']]),
  line('delta', 2, 1100, [['1.95', '120']], [['1.96', '40']]),
  line('delta', 3, 1250, [['1.96', '30']], [['1.96', '0']]),
  line('delta', 4, 1300, [['1.96', '0'], ['1.95', '0']], [['1.945', '60']]),
]; // biome-ignore format: a table

const source = (more: Partial<ReplaySource> = {}): ReplaySource => ({
  name: 'xrp.data',
  category: 'spot',
  atEnd: 'hold',
  pace: 'file',
  lines: () => LINES,
  ...more,
});

/** `1.95×100 1.94×200 | 1.96×50` */
async function shown(harness: Harness): Promise<string> {
  await harness.flush();
  const { bids, asks } = harness.exchange.book(XRP, 50);
  const { listing } = harness.exchange.instrument(XRP) as NonNullable<ReturnType<Harness['exchange']['instrument']>>;
  const level = ({ price, qty }: { price: number; qty: number }) =>
    `${formatDecimal((BigInt(price) * listing.tick) as never)}×${formatDecimal((BigInt(qty) * listing.step) as never)}`;
  return `${bids.map(level).join(' ')} | ${asks.map(level).join(' ')}`;
}

async function replaying(more: Partial<ReplaySource> = {}, config = {}): Promise<Harness> {
  const harness = await openHarness({ replays: [source(more)], config });
  await harness.exchange.start();
  return harness;
}

const wait = async (harness: Harness, ms: number): Promise<void> => {
  await harness.clock.step?.(ms);
};

test("a history plays at the file's own pace, and its end is held", async () => {
  const harness = await replaying();
  assert.equal(await shown(harness), '1.95×100 1.94×200 | 1.96×50 1.97×80');
  await wait(harness, 99);
  assert.equal(await shown(harness), '1.95×100 1.94×200 | 1.96×50 1.97×80');
  await wait(harness, 1);
  assert.equal(await shown(harness), '1.95×120 1.94×200 | 1.96×40 1.97×80');
  await wait(harness, 150);
  assert.equal(await shown(harness), '1.96×30 1.95×120 1.94×200 | 1.97×80');
  await wait(harness, 60_000);
  assert.equal(await shown(harness), '1.94×200 | 1.945×60 1.97×80');
  assert.deepEqual(harness.exchange.control.replays()[0]?.status, { state: 'ended', line: 4, rounds: 1, error: null });
  assert.deepEqual(
    harness.publics.filter((event) => event.type === 'trades'),
    [],
    'a recorded book does not trade with itself',
  );
});

test('a history can begin again, or end its market', async () => {
  const looping = await replaying({ atEnd: 'loop' });
  await wait(looping, 400);
  assert.equal(await shown(looping), '1.95×100 1.94×200 | 1.96×50 1.97×80');
  await wait(looping, 100);
  assert.equal(await shown(looping), '1.95×120 1.94×200 | 1.96×40 1.97×80');
  assert.equal(looping.exchange.control.replays()[0]?.status.rounds, 1);

  const stopping = await replaying({ atEnd: 'stop' });
  const orderId = await placed(stopping.exchange, ALICE, limit(XRP, 'buy', '10', '1.9'));
  await wait(stopping, 400);
  assert.equal(await shown(stopping), '1.9×10 | ');
  const refused = await stopping.exchange.place(ALICE, limit(XRP, 'buy', '10', '1.9'));
  assert.equal(refused.ok ? '' : refused.error.code, 'INSTRUMENT_NOT_TRADING');
  assert.equal(stopping.exchange.instrument(XRP)?.status, 'closed');
  assert.ok((await stopping.exchange.cancel(ALICE, byId(XRP, orderId))).ok, 'what rests can still be taken back');
});

test("a client's taking stays in the book until the file speaks of the level again", async () => {
  const harness = await replaying();
  const { exchange } = harness;
  const orderId = await placed(exchange, ALICE, market(XRP, 'buy', '60'));
  const order = told(exchange, ALICE, orderId);
  assert.equal(
    formatDecimal(order.cumNotional),
    formatDecimal((money('98') + money('19.7')) as never),
    '50 at 1.96, 10 at 1.97',
  );
  assert.equal(await shown(harness), '1.95×100 1.94×200 | 1.97×70');
  await wait(harness, 100);
  assert.equal(await shown(harness), '1.95×120 1.94×200 | 1.96×40 1.97×70', 'the file spoke of 1.96 only');
  assert.deepEqual(exchange.leaks(), []);
});

test('a resting client order fills when the recorded book crosses it, at its own price', async () => {
  const harness = await replaying();
  const { exchange } = harness;
  const buy = await placed(exchange, ALICE, limit(XRP, 'buy', '25', '1.955'));
  const sell = await placed(exchange, BOB, limit(XRP, 'sell', '10', '1.958'));
  await wait(harness, 250);
  assert.equal(told(exchange, BOB, sell).status, 'filled', 'the bid of line 3 came at 1.96');
  assert.equal(formatDecimal(told(exchange, BOB, sell).cumNotional), '19.58');
  await wait(harness, 50);
  assert.equal(told(exchange, ALICE, buy).status, 'filled', 'the ask of line 4 came at 1.945');
  assert.equal(exchange.executions(ALICE, everything('spot'))[0]?.liquidity, 'maker');
  assert.equal(await shown(harness), '1.94×200 | 1.945×35 1.97×80');
  assert.deepEqual(exchange.leaks(), []);
});

test('a level that grows does so behind the orders that wait there', async () => {
  const harness = await replaying();
  const { exchange } = harness;
  const orderId = await placed(exchange, ALICE, limit(XRP, 'buy', '10', '1.95'));
  await wait(harness, 100);
  await placed(exchange, BOB, market(XRP, 'sell', '105'));
  assert.equal(formatDecimal(told(exchange, ALICE, orderId).cumQty), '5', '100 were ahead, 20 came later');
});

test('tick and step are those of the file, unless the instrument is configured', async () => {
  const own = await replaying();
  const { listing } = own.exchange.instrument(XRP) as NonNullable<ReturnType<Harness['exchange']['instrument']>>;
  assert.deepEqual([formatDecimal(listing.tick), formatDecimal(listing.step)], ['0.001', '1']);
  const config = { instruments: [{ category: 'spot', symbol: 'XRPUSDT' }] };
  const configured = await replaying({}, config);
  assert.equal(formatDecimal(configured.exchange.instrument(XRP)?.listing.tick as never), '0.0001');
  const coarse = { instruments: [{ category: 'spot', symbol: 'XRPUSDT', tick: '0.01' }] };
  const off = await replaying({}, coarse);
  await wait(off, 1000);
  const { state, error } = off.exchange.control.replays()[0]?.status ?? {};
  assert.deepEqual([state, error?.code, error?.line], ['failed', 'REPLAY_OFF_GRID', 4]);
});

test('a history of a pair that nobody listed lists it', async () => {
  const lines = () => LINES.map((text) => text.replaceAll('XRPUSDT', 'DOGEUSDT'));
  const { exchange } = await openHarness({ replays: [source({ lines })] });
  const instrument = exchange.instrument('spot:DOGEUSDT' as never);
  assert.deepEqual([instrument?.base, instrument?.quote], ['DOGE', 'USDT']);
  const odd = () => LINES.map((text) => text.replaceAll('XRPUSDT', 'DOGEGBP'));
  await assert.rejects(openHarness({ replays: [source({ lines: odd })] }), { code: 'CONFIG_INVALID' });
});

test('a broken history is refused at the start with its line, or stops where it breaks', async () => {
  const cut = () => [...LINES.slice(0, 2), (LINES[2] as string).slice(0, 40)];
  await assert.rejects(openHarness({ replays: [source({ lines: cut })] }), (error: Error & { code: string }) => {
    assert.equal(error.code, 'REPLAY_CUT');
    assert.match(error.message, /^xrp\.data: line 3: /);
    return true;
  });
  await assert.rejects(openHarness({ replays: [source(), source()] }), { code: 'REPLAY_TWICE' });
});

test('a test plays a history line by line', async () => {
  const harness = await replaying({ pace: 'manual' });
  assert.equal(await shown(harness), ' | ');
  const first = await harness.exchange.control.advanceReplay(XRP, 2);
  assert.equal(first.ok && first.value.line, 2);
  assert.equal(await shown(harness), '1.95×120 1.94×200 | 1.96×40 1.97×80');
  const last = await harness.exchange.control.advanceReplay(XRP, 99);
  assert.deepEqual(last.ok && [last.value.state, last.value.line], ['ended', 4]);
});

test('agents are silent where a history plays', async () => {
  const harness = await replaying({}, { agents: true });
  assert.equal(await shown(harness), '1.95×100 1.94×200 | 1.96×50 1.97×80');
  assert.ok(harness.exchange.book('spot:BTCUSDT' as never, 5).bids.length === 5);
});

test('after a reset the history begins again', async () => {
  const harness = await replaying();
  await wait(harness, 260);
  await harness.exchange.control.reset();
  assert.equal(await shown(harness), '1.95×100 1.94×200 | 1.96×50 1.97×80');
  await wait(harness, 100);
  assert.equal(await shown(harness), '1.95×120 1.94×200 | 1.96×40 1.97×80');
});
