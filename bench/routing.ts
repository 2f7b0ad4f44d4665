import { readFileSync } from 'node:fs';
import { money } from '../src/domain/decimal.ts';
import {
  INTERNAL_VENUE,
  type Lots,
  type Money,
  type Side,
  type Ticks,
  type UnixMs,
  type VenueId,
} from '../src/domain/ids.ts';
import { instrument, listing } from '../src/domain/instrument.ts';
import { unwrap } from '../src/domain/result.ts';
import type { Level } from '../src/ports/market.ts';
import { below, type Rng, seededRng } from '../src/ports/rng.ts';
import type { RouteRequest, VenueQuote } from '../src/routing/request.ts';
import { previewRoute } from '../src/routing/route.ts';
import type { Bench, Report } from './lib/figure.ts';

/**
 * How long one routing decision takes on two books of 200 levels with the level sizes of a real book. Every decision
 * is timed by itself and answers in full: split, each venue alone, alternatives, savings, levels.
 */
const LEVELS = 200;
const WARM_UP = 3_000;
const SAMPLES = 20_000;
const AT = 1_733_011_200_000 as UnixMs;
const OTHER = 'other' as VenueId;

const sizes = (JSON.parse(readFileSync(new URL('flows/xrpusdt.json', import.meta.url), 'utf8')) as { sizes: number[] })
  .sizes;

const terms = (venue: VenueId, step: string) =>
  unwrap(
    listing({
      venue,
      tick: money('0.0001'),
      step: money(step),
      minQty: money('1'),
      maxLimitQty: money('10000000'),
      maxMarketQty: money('10000000'),
      minPrice: money('0.0001'),
      maxPrice: money('100'),
      minNotional: money('5'),
      maxLeverage: null,
    }),
  );
const XRP = ['XRP', 'USDT', 'USDT'] as [never, never, never];
const listed = unwrap(
  instrument({
    category: 'spot',
    symbol: 'XRPUSDT',
    base: XRP[0],
    quote: XRP[1],
    settle: XRP[2],
    listings: [terms(INTERNAL_VENUE, '0.01'), terms(OTHER, '0.1')],
  }),
);

/** `touch` in ticks; levels one or two ticks apart, sizes drawn from the real book. */
function levels(rng: Rng, touch: number, direction: 1 | -1, perUnit: number): Level[] {
  let price = touch;
  return Array.from({ length: LEVELS }, () => {
    const qty = Math.max(1, Math.round((sizes[below(rng, sizes.length)] as number) * perUnit)) as Lots;
    const level = { price: price as Ticks, qty };
    price += direction * (1 + below(rng, 2));
    return level;
  });
}

function quote(rng: Rng, venue: VenueId, touch: number, routing: string, side: Side): VenueQuote {
  const perUnit = Number(money('1') / (listed.listings.get(venue)?.step as Money)) / 100;
  const fee = money('0.001');
  const funds = { type: 'value', available: money('50000000'), rate: money('1.001'), scale: 8 } as const;
  const bids = levels(rng, touch - 1, -1, perUnit);
  const asks = levels(rng, touch, 1, perUnit);
  return {
    venue,
    book: { venue, instrument: listed.id, bids, asks, valid: true, seq: 1, at: AT, receivedAt: AT },
    takerRate: fee,
    makerRate: fee,
    routingRate: money(routing),
    funds: side === 'buy' ? funds : { type: 'quantity', available: money('50000000') },
    canRest: true,
    excluded: null,
  };
}

function request(side: Side, qty: number): RouteRequest {
  const rng = seededRng(1);
  const quotes = [quote(rng, INTERNAL_VENUE, 19_500, '0', side), quote(rng, OTHER, 19_500, '0.0002', side)];
  return {
    instrument: listed,
    side,
    wanted: { type: 'quantity', qty: (qty * 100) as Lots },
    limitPrice: null,
    worstPrice: (side === 'buy' ? 19_695 : 19_305) as Ticks,
    timeInForce: 'ioc',
    strategy: 'smart',
    allowedVenues: null,
    caps: [{ venue: OTHER, fraction: money('0.8'), ordered: (BigInt(qty) * money('1')) as Money, used: money('0') }],
    prefer: { venue: INTERNAL_VENUE, bps: money('1') },
    mid: money('1.94995'),
    at: AT,
    quotes,
  };
}

const CASES: Readonly<Record<string, RouteRequest>> = {
  small: request('buy', 100),
  typical: request('buy', 5_000),
  sell: request('sell', 5_000),
  limit: { ...request('buy', 20_000), limitPrice: 19_505 as Ticks, worstPrice: null, timeInForce: 'gtc' },
  sweep: request('buy', 1_000_000),
  budget: { ...request('buy', 1), wanted: { type: 'budget', amount: money('10000') }, caps: [] },
};

/** Percentiles of one case in microseconds, and how many levels it took on how many venues. */
function measure(report: Report, name: string, asked: RouteRequest): void {
  const took = new Float64Array(SAMPLES);
  for (let i = 0; i < WARM_UP; i++) previewRoute(asked);
  for (let i = 0; i < SAMPLES; i++) {
    const begun = performance.now();
    previewRoute(asked);
    took[i] = (performance.now() - begun) * 1_000;
  }
  took.sort();
  const plan = previewRoute(asked);
  const note = `${plan.levels.length + plan.levelsOmitted} levels, ${plan.children.length} venues`;
  for (const [metric, share] of [
    ['p50_us', 0.5],
    ['p99_us', 0.99],
  ] as const) {
    const value = took[Math.floor(share * SAMPLES)] as number;
    report({ metric, case: name, value, unit: 'us', better: 'lower', note });
  }
}

export const run: Bench = async (report) => {
  for (const [name, asked] of Object.entries(CASES)) measure(report, name, asked);
};
