import { money, ONE } from '../domain/decimal.ts';
import {
  type Category,
  INTERNAL_VENUE,
  type Lots,
  type Money,
  type Side,
  type Ticks,
  type UnixMs,
  type VenueId,
} from '../domain/ids.ts';
import { type Instrument, instrument, listing, toLots, toTicks } from '../domain/instrument.ts';
import { unwrap } from '../domain/result.ts';
import type { BookView } from '../ports/market.ts';
import { encodePlan } from './encode.ts';
import type { RoutePreview } from './plan.ts';
import type { RouteRequest, VenueQuote } from './request.ts';

/** Small worlds for the tests of this folder: two venues, books written as decimals. */
export const OKD = INTERNAL_VENUE;
export const BYBIT = 'bybit' as VenueId;
export const NOW = 1_700_000_000_000 as UnixMs;

export type Terms = Readonly<{ tick: string; step: string; minQty?: string; maxQty?: string; minNotional?: string }>;

export function testInstrument(terms: Readonly<Record<string, Terms>>, category: Category = 'spot'): Instrument {
  const listings = Object.entries(terms).map(([venue, { tick, step, minQty, maxQty, minNotional }]) =>
    unwrap(
      listing({
        venue: venue as VenueId,
        tick: money(tick),
        step: money(step),
        minQty: money(minQty ?? step),
        maxLimitQty: money(maxQty ?? '1000000'),
        maxMarketQty: money(maxQty ?? '1000000'),
        minPrice: money(tick),
        maxPrice: money('1000000'),
        minNotional: money(minNotional ?? '0'),
        maxLeverage: null,
      }),
    ),
  );
  const [base, quote] = ['BTC', 'USDT'] as [Instrument['base'], Instrument['quote']];
  return unwrap(
    instrument({ category, symbol: 'BTCUSDT', base, quote, settle: category === 'inverse' ? base : quote, listings }),
  );
}

export type Rows = readonly (readonly [price: string, qty: string])[];

/** A book of one venue; rows best first. */
export function testBook(
  on: Instrument,
  venue: VenueId,
  sides: Readonly<{ bids?: Rows; asks?: Rows }>,
  valid = true,
): BookView {
  const at = on.listings.get(venue);
  if (at === undefined) throw new Error(`${venue} does not list it`);
  const levels = (rows: Rows) =>
    rows.map(([price, qty]) => ({ price: unwrap(toTicks(at, money(price))), qty: unwrap(toLots(at, money(qty))) }));
  const bids = levels(sides.bids ?? []);
  const asks = levels(sides.asks ?? []);
  return { venue, instrument: on.id, bids, asks, valid, seq: 7, at: NOW, receivedAt: NOW };
}

export type QuoteTerms = Partial<Omit<VenueQuote, 'takerRate' | 'makerRate' | 'routingRate'>> &
  Readonly<{ taker?: string; maker?: string; routing?: string }>;

export function testQuote(venue: VenueId, book: BookView | null, terms: QuoteTerms = {}): VenueQuote {
  const { taker, maker, routing, ...rest } = terms;
  return {
    venue,
    book,
    takerRate: money(taker ?? '0'),
    makerRate: money(maker ?? '0'),
    routingRate: money(routing ?? '0'),
    funds: { type: 'unbounded' },
    canRest: true,
    excluded: null,
    ...rest,
  };
}

/** A market order for `qty` unless told otherwise. */
export function testRequest(
  on: Instrument,
  side: Side,
  qty: string,
  quotes: readonly VenueQuote[],
  rest: Partial<RouteRequest> & Readonly<{ limit?: string; worst?: string }> = {},
): RouteRequest {
  const { limit, worst, ...fields } = rest;
  const price = (text: string): Ticks => unwrap(toTicks(on.grid, money(text)));
  return {
    instrument: on,
    side,
    wanted: { type: 'quantity', qty: unwrap(toLots(on.grid, money(qty))) as Lots },
    limitPrice: limit === undefined ? null : price(limit),
    worstPrice:
      worst !== undefined ? price(worst) : limit !== undefined ? null : ((side === 'buy' ? 2 ** 40 : 1) as Ticks),
    timeInForce: limit === undefined ? 'ioc' : 'gtc',
    strategy: 'smart',
    allowedVenues: null,
    caps: [],
    prefer: null,
    mid: null,
    at: NOW,
    quotes,
    ...fields,
  };
}

/** Funds of a spot buyer; `fee` where the venue takes it from what is paid. */
export const buyerFunds = (available: string, fee = '0') =>
  ({ type: 'value', available: money(available), rate: (ONE + money(fee)) as Money, scale: 8 }) as const;
export const sellerFunds = (available: string) => ({ type: 'quantity', available: money(available) }) as const;

/** The pair that most tests trade: ticks of 0.01, steps of 0.1, 0.1 % on both venues, 0.05 % more for routing away. */
export const PAIR = testInstrument({
  okd_internal: { tick: '0.01', step: '0.1' },
  bybit: { tick: '0.01', step: '0.1' },
});
const FEES = { taker: '0.001', maker: '0.001' } as const;
export const okd = (asks: Rows, terms: QuoteTerms = {}, bids: Rows = []): VenueQuote =>
  testQuote(OKD, testBook(PAIR, OKD, { asks, bids }), { ...FEES, ...terms });
export const bybit = (asks: Rows, terms: QuoteTerms = {}, bids: Rows = []): VenueQuote =>
  testQuote(BYBIT, testBook(PAIR, BYBIT, { asks, bids }), { ...FEES, routing: '0.0005', ...terms });

/** `venue quantity@price tif` per child. */
export const children = (plan: RoutePreview): string[] =>
  encodePlan(plan).children.map(
    ({ venue, quantity, price, time_in_force }) => `${venue} ${quantity}@${price} ${time_in_force}`,
  );
export const reasons = (plan: RoutePreview) => plan.venues.map(({ reason }) => reason);
