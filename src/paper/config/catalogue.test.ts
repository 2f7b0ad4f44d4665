import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money, scaleOf } from '../../domain/decimal.ts';
import type { UnixMs } from '../../domain/ids.ts';
import { priceOf, qtyOf } from '../../domain/instrument.ts';
import { unwrap } from '../../domain/result.ts';
import { daily, expiryCode, monthly, parseExpiry, parseQuarter, quarterCode, quarterly, weekly } from './expiries.ts';
import { readPaperConfig } from './config.ts';
import { keyOf } from './instruments.ts';
import { listInstrument } from './listings.ts';
import { DEFAULT_SERIES, datedTerms, dueListings } from './series.ts';
import { DEFAULT_INSTRUMENTS } from './catalogue.ts';
import type { InstrumentTerms } from './terms.ts';

const at = (text: string): UnixMs => Date.parse(text) as UnixMs;
const NOW = at('2026-11-20T19:30:00Z');
const PRICES: Readonly<Record<string, string>> = { BTC: '60000', ETH: '3000', SOL: '150', XRP: '2' };

/** Everything that an exchange lists that is opened at a time. */
const catalogueAt = (now: UnixMs): readonly InstrumentTerms[] => [
  ...DEFAULT_INSTRUMENTS,
  ...DEFAULT_SERIES.flatMap((series) => dueListings(now, series, [], money(PRICES[series.base] ?? '0'))),
];

test('every day of a year the catalogue lists exact grids, unique names and at least 60 strikes over three expiries', () => {
  for (let day = 0; day < 366; day += 1) {
    const now = (NOW + day * 86_400_000) as UnixMs;
    const all = catalogueAt(now);
    assert.equal(new Set(all.map(keyOf)).size, all.length, new Date(now).toISOString());
    const strikes = new Set<string>();
    for (const terms of all) {
      const { option, delivery } = terms.contract ?? { option: null, delivery: null };
      if (delivery !== null) assert.ok(delivery.at > now, `${terms.symbol} is to be delivered`);
      if (option !== null) strikes.add(`${terms.base} ${delivery?.at} ${option.strike}`);
    }
    const expiries = new Set([...strikes].map((one) => one.split(' ')[1]));
    assert.ok(strikes.size >= 60 && expiries.size >= 3, `${strikes.size} strikes, ${expiries.size} expiries`);
  }
});

test('ticks and steps of every instrument multiply to exact values, at both ends of its ranges', () => {
  for (const terms of catalogueAt(NOW)) {
    const { listing, contract, postOnlyMaxQty } = unwrap(listInstrument(terms));
    assert.equal(
      priceOf(listing, listing.maxPrice),
      money(terms.maxPrice),
      `${terms.symbol}: its highest price is a tick`,
    );
    assert.equal(
      qtyOf(listing, listing.maxLimitQty),
      money(terms.maxLimitQty),
      `${terms.symbol}: its largest size is a step`,
    );
    assert.equal(qtyOf(listing, listing.minQty), money(terms.minQty));
    assert.ok(postOnlyMaxQty >= listing.maxLimitQty);
    assert.ok(scaleOf(listing.tickValue) <= 18);
    if (contract?.option) assert.equal(contract.option.strike % listing.tick, 0n);
  }
});

test('all coins are there in every form that exists', () => {
  const keys = catalogueAt(NOW).map(keyOf);
  for (const coin of ['BTC', 'ETH', 'SOL', 'XRP', 'BNB']) {
    for (const key of [`spot:${coin}USDT`, `spot:${coin}USDC`, `linear:${coin}USDT`, `linear:${coin}PERP`]) {
      assert.ok(keys.includes(key), key);
    }
  }
  const dated = ['linear:BTCUSDT-25DEC26', 'linear:BTC-25DEC26', 'linear:ETHUSDT-26MAR27', 'inverse:BTCUSDZ26'];
  const options = [
    'option:BTC-21NOV26-60000-C-USDT',
    'option:ETH-27NOV26-3000-P-USDT',
    'option:SOL-25DEC26-150-C-USDT',
  ];
  for (const key of ['spot:BNBETH', 'inverse:BTCUSD', 'inverse:ETHUSDH27', ...dated, ...options]) {
    assert.ok(keys.includes(key), `${key} is listed`);
  }
});

test('how a contract is valued and what it settles in follow from its category', () => {
  const of = (key: string) => {
    const terms = DEFAULT_INSTRUMENTS.find((one) => keyOf(one) === key) ?? datedTerms(key);
    const { contract, base, quote, settle, listing } = unwrap(listInstrument(terms as InstrumentTerms));
    return [
      contract?.kind,
      contract?.valuation,
      base,
      quote,
      settle,
      contract?.delivery?.at ?? null,
      listing.maxLeverage,
    ];
  };
  const december = at('2026-12-25T08:00:00Z');
  assert.deepEqual(of('linear:BTCUSDT'), ['perpetual', 'linear', 'BTC', 'USDT', 'USDT', null, money('100')]);
  assert.deepEqual(of('linear:ETHPERP'), ['perpetual', 'linear', 'ETH', 'USDC', 'USDC', null, money('100')]);
  assert.deepEqual(of('inverse:BTCUSD'), ['perpetual', 'inverse', 'BTC', 'USD', 'BTC', null, money('100')]);
  assert.deepEqual(of('inverse:ETHUSDZ26'), ['future', 'inverse', 'ETH', 'USD', 'ETH', december, money('100')]);
  assert.deepEqual(of('linear:BTC-25DEC26'), ['future', 'linear', 'BTC', 'USDC', 'USDC', december, money('100')]);
  assert.deepEqual(of('option:BTC-25DEC26-60000-P-USDT'), ['option', 'premium', 'BTC', 'USDT', 'USDT', december, null]);
});

test('a series lists a delivery once, and new strikes when the coin has left the old ones', () => {
  const series = DEFAULT_SERIES.find(({ key }) => key === 'option:BTC-*-USDT');
  assert.ok(series !== undefined);
  const first = dueListings(NOW, series, [], money('60000'));
  assert.equal(first.length, 3 * 11 * 2);
  const listed = first.map((terms) => unwrap(listInstrument(terms)));
  assert.deepEqual(dueListings(NOW, series, listed, money('61234')), []);
  const away = dueListings(NOW, series, listed, money('90000')).map(({ symbol }) => symbol);
  assert.ok(away.includes('BTC-21NOV26-90000-C-USDT') && !away.includes('BTC-21NOV26-60000-C-USDT'));
  assert.ok(away.includes('BTC-25DEC26-110000-C-USDT') || away.includes('BTC-25DEC26-115000-C-USDT'));
  const tomorrow = dueListings(at('2026-11-21T08:00:00Z'), series, listed, money('60000'));
  assert.deepEqual(new Set(tomorrow.map(({ symbol }) => symbol.split('-')[1])), new Set(['22NOV26']));
});

test('deliveries are at 08:00 UTC: every day, on Fridays, on last Fridays', () => {
  const next = (calendar: (now: UnixMs) => Generator<UnixMs>, now: string) =>
    new Date(calendar(at(now)).next().value).toISOString().slice(0, 16);
  assert.equal(next(daily, '2026-11-20T07:59:59Z'), '2026-11-20T08:00');
  assert.equal(next(daily, '2026-11-20T08:00:00Z'), '2026-11-21T08:00', 'what is delivered now is not to come');
  assert.equal(next(weekly, '2026-11-20T08:00:00Z'), '2026-11-27T08:00');
  assert.equal(next(monthly, '2026-11-27T08:00:00Z'), '2026-12-25T08:00');
  assert.equal(next(quarterly, '2026-12-25T08:00:00Z'), '2027-03-26T08:00');
  assert.equal(next(quarterly, '2027-12-31T08:00:00Z'), '2028-03-31T08:00');
});

test('codes of days and quarters are read as they are written, and nothing else is', () => {
  for (const code of ['25DEC26', '3JAN27', '29FEB28']) assert.equal(expiryCode(parseExpiry(code) as UnixMs), code);
  for (const code of ['03JAN27', '30FEB28', '25DEZ26', '25DEC2026', '']) assert.equal(parseExpiry(code), null, code);
  assert.equal(quarterCode(parseQuarter('H27') as UnixMs), 'H27');
  assert.equal(parseQuarter('Z26'), at('2026-12-25T08:00:00Z'));
  for (const code of ['F27', 'Z2026', 'Z']) assert.equal(parseQuarter(code), null, code);
});

test('a list names series by a star, one contract of a series by its symbol, and changes its terms', () => {
  const config = unwrap(
    readPaperConfig({
      instruments: [
        'option:BTC-*-USDT',
        'inverse:BTCUSD*',
        'linear:BTCUSDT-25DEC26',
        { category: 'option', symbol: 'ETH-25DEC26-3100-C-USDT', tick: '0.5', contract: { delivery: { at: 2e12 } } },
        {
          category: 'inverse',
          symbol: 'XRPUSD',
          contract: { tiers: [{ maintenanceRate: '0.01', maxLeverage: '20' }] },
        },
      ],
    }),
  );
  assert.deepEqual(
    config.series.map(({ key }) => key),
    ['option:BTC-*-USDT', 'inverse:BTCUSD*'],
  );
  const [future, option, inverse] = config.instruments;
  assert.equal(future?.contract?.delivery?.at, at('2026-12-25T08:00:00Z'));
  assert.deepEqual(
    [option?.tick, option?.contract?.option?.strike, option?.contract?.delivery?.at],
    ['0.5', '3100', 2e12],
  );
  assert.deepEqual(inverse?.contract?.tiers, [{ upTo: null, maintenanceRate: '0.01', maxLeverage: '20' }]);
  assert.equal(inverse?.contract?.funding?.intervalMin, 480, 'what is left out is as in the catalogue');
});

test('mistakes in a contract are reported with their places', () => {
  const own = {
    category: 'option',
    symbol: 'DOGE-X',
    contract: { kind: 'future', option: { type: 'straddle', strike: 3 } },
  };
  const read = readPaperConfig({
    instruments: [own, { category: 'spot', symbol: 'BTCUSDT', contract: {} }, 'option:BTC-31FEB27-60000-C-USDT'],
  });
  const errors = new Map(read.ok ? [] : read.error.map(({ path, message }) => [path, message]));
  assert.match(errors.get('instruments[0].contract.kind') ?? '', /must be one of "option"/);
  assert.match(errors.get('instruments[0].contract.option.type') ?? '', /"call", "put"/);
  assert.match(errors.get('instruments[0].contract.option.strike') ?? '', /decimal in quotes/);
  assert.match(errors.get('instruments[0].contract.delivery.at') ?? '', /is missing/);
  assert.match(errors.get('instruments[1].contract') ?? '', /for contracts only/);
  assert.match(errors.get('instruments[2]') ?? '', /not in the default table/);
  const falling = { ...DEFAULT_INSTRUMENTS[0], category: 'linear', contract: null } as InstrumentTerms;
  const tiers = [
    { upTo: '10', maintenanceRate: '0.02', maxLeverage: '10' },
    { upTo: null, maintenanceRate: '0.01', maxLeverage: '20' },
  ];
  const contract = { kind: 'perpetual', leverage: null, funding: null, delivery: null, option: null, tiers } as const;
  const listed = listInstrument({ ...falling, contract });
  assert.match(listed.ok ? '' : listed.error.message, /rates do not fall/);
});
