import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, money, toFloat } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { seededRng } from '../../ports/rng.ts';
import { DEFAULT_INSTRUMENTS } from '../config/catalogue.ts';
import { keyOf } from '../config/instruments.ts';
import { listInstrument, type PaperInstrument } from '../config/listings.ts';
import { datedTerms } from '../config/series.ts';
import type { InstrumentTerms } from '../config/terms.ts';
import { References } from './references.ts';
import { Streams } from './streams.ts';

const HOUR = 3_600_000;

function instrument(key: string): PaperInstrument {
  const terms = DEFAULT_INSTRUMENTS.find((one) => keyOf(one) === key) ?? datedTerms(key);
  return unwrap(listInstrument(terms as InstrumentTerms));
}

function references(keys: readonly string[], resumed: Readonly<Record<string, string>> = {}): References {
  const one = new References({
    streams: new Streams(seededRng(3)),
    instruments: keys.map(instrument),
    resumeAt: ({ id }) => (resumed[id] === undefined ? null : money(resumed[id])),
  });
  one.skipTo(0);
  return one;
}

const index = (of: References, key: string): Money => {
  const price = of.index(instrument(key));
  assert.ok(price !== null, key);
  return price;
};

test('crosses are quotients of their coins, whatever the coins have done', () => {
  const keys = ['spot:BNBUSDT', 'spot:ETHUSDT', 'spot:BTCUSDT', 'spot:USDCUSDT'];
  const of = references([...keys, 'spot:BNBETH', 'spot:ETHBTC', 'spot:BTCUSDC']);
  of.advance(7 * HOUR);
  const [bnb, eth, btc, usdc] = keys.map((key) => toFloat(index(of, key))) as [number, number, number, number];
  assert.notEqual(bnb, 600);
  for (const [key, wanted] of [['spot:BNBETH', bnb / eth], ['spot:ETHBTC', eth / btc], ['spot:BTCUSDC', btc / usdc]] as const) {
    assert.ok(Math.abs(toFloat(index(of, key)) / wanted - 1) < 1e-12, key);
  } // biome-ignore format: a row
});

test('a coin walks the same whatever else is listed', () => {
  const alone = references(['spot:ETHUSDT']);
  const among = references(['spot:BTCUSDT', 'spot:SOLUSDT', 'spot:ETHUSDT', 'linear:ETHUSDT', 'spot:ETHBTC']);
  for (let at = 0; at <= HOUR; at += 777) among.advance(at);
  for (const one of [alone, among]) one.advance(HOUR);
  assert.equal(index(alone, 'spot:ETHUSDT'), index(among, 'spot:ETHUSDT'));
});

test('a price that is set is the index of that symbol, also where it is a cross', () => {
  const of = references(['spot:BNBUSDT', 'spot:ETHUSDT', 'spot:BNBETH']);
  assert.ok(of.set(instrument('spot:BNBETH'), money('0.25')));
  assert.equal(formatDecimal(index(of, 'spot:BNBETH')), '0.25');
  assert.equal(
    formatDecimal(index(of, 'spot:BNBUSDT')),
    '750',
    'the coin of the pair has moved, not what it is quoted in',
  );
  assert.equal(formatDecimal(index(of, 'spot:ETHUSDT')), '3000');
  assert.equal(of.set(instrument('spot:SOLUSDT'), money('1')), false, 'nobody quotes SOL');
});

test('a pair without its coin against USDT is priced by its reference; one whose quote coin is unknown is not', () => {
  const of = references(['spot:ETHUSDT', 'spot:BNBETH']);
  assert.equal(formatDecimal(index(of, 'spot:BNBETH')), '0.2');
  assert.equal(references(['spot:BNBETH']).index(instrument('spot:BNBETH')), null);
});

test('USDC is worth a tether while nobody trades it', () => {
  assert.equal(formatDecimal(index(references(['spot:BTCUSDC']), 'spot:BTCUSDC')), '60000');
});

test('coins go on where they were, and return to where the table has them', () => {
  const of = references(['spot:BTCUSDT'], { 'spot:BTCUSDT': '48000' });
  assert.equal(formatDecimal(index(of, 'spot:BTCUSDT')), '48000');
  of.advance(6 * 24 * HOUR);
  assert.ok(Math.abs(toFloat(index(of, 'spot:BTCUSDT')) / 60_000 - 1) < 0.15);
});

test('the basis of a coin comes and goes, and stays where a mark may follow it', () => {
  const of = references(['spot:BTCUSDT', 'linear:BTCUSDT']);
  const seen: number[] = [];
  for (let at = 0; at < 12 * HOUR; at += 60_000) {
    of.advance(at);
    seen.push(of.basis('BTC' as AssetId));
  }
  assert.ok(Math.max(...seen) > 0.00005 && Math.min(...seen) < -0.00005);
  assert.ok(seen.every((one) => Math.abs(one) <= 0.0003));
  assert.equal(of.basis('ETH' as AssetId), 0);
});
