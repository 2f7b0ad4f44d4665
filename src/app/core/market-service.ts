import { refusal } from '../../contract/errors.ts';
import type { ApiError } from '../../contract/errors.ts';
import type {
  BookRequest,
  InstrumentFilter,
  InstrumentView,
  OrderBook,
  Ticker,
  TickerRequest,
} from '../../contract/market.ts';
import type { MarketService as Contract } from '../../contract/service.ts';
import { isoTime } from '../../contract/time.ts';
import { INTERNAL_VENUE, type Money, type VenueId } from '../../domain/ids.ts';
import { type Grid, type Instrument, type Listing, priceOf, qtyOf } from '../../domain/instrument.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { type ConsolidatedLevel, consolidate } from '../../market/consolidated.ts';
import { bookSources, feedOf } from './contexts.ts';
import type { Gateway } from './gateway.ts';

/** Market data of both venues, read from memory. */
export class MarketService implements Contract {
  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  instruments(filter: InstrumentFilter): readonly InstrumentView[] {
    return this.#gateway.instruments
      .all()
      .filter((one) => filter.symbol === null || one.symbol === filter.symbol)
      .filter((one) => filter.category === null || one.category === filter.category)
      .filter((one) => filter.venue === 'consolidated' || one.listings.has(filter.venue as VenueId))
      .map((one) => instrumentView(one));
  }

  orderBook(request: BookRequest): Result<OrderBook, ApiError> {
    const instrument = this.#gateway.instruments.get(request.instrument);
    if (instrument === null)
      return err(refusal('INSTRUMENT_NOT_FOUND', { details: { instrument: request.instrument } }));
    this.#gateway.world.access.feed.watch(instrument.id);
    const now = this.#gateway.clock.now();
    const sources = bookSources(this.#gateway, instrument, request.depth).filter(
      ({ venue }) => request.venue === 'consolidated' || venue === request.venue,
    );
    const book = consolidate(instrument, sources, { now, depth: request.depth, order: 'raw' });
    const level = (row: ConsolidatedLevel) => levelView(instrument.grid, row);
    return ok({
      symbol: instrument.symbol,
      category: instrument.category,
      venue: request.venue,
      bids: book.bids.map(level),
      asks: book.asks.map(level),
      sources: book.sources.map(({ venue, status, seq, at }) => ({
        venue,
        valid: status === 'live',
        seq: seq ?? 0,
        at: isoTime(at ?? now),
      })),
      at: isoTime(now),
    });
  }

  tickers(request: TickerRequest): Result<readonly Ticker[], ApiError> {
    const { instruments } = this.#gateway;
    if (request.instrument === null) {
      return ok(
        instruments
          .all()
          .filter(({ category }) => category === request.category)
          .map((one) => this.#ticker(one, request.venue)),
      );
    }
    const instrument = instruments.get(request.instrument);
    if (instrument === null)
      return err(refusal('INSTRUMENT_NOT_FOUND', { details: { instrument: request.instrument } }));
    this.#gateway.world.access.feed.watch(instrument.id);
    return ok([this.#ticker(instrument, request.venue)]);
  }

  #ticker(instrument: Instrument, source: Ticker['venue']): Ticker {
    const now = this.#gateway.clock.now();
    const sources = bookSources(this.#gateway, instrument, 1).filter(
      ({ venue }) => source === 'consolidated' || venue === source,
    );
    const book = consolidate(instrument, sources, { now, depth: 1, order: 'raw' });
    const trades = sources
      .map(({ venue }) => feedOf(this.#gateway, venue).lastTrade(instrument.id))
      .filter((trade) => trade !== null);
    const last = trades.sort((a, b) => b.at - a.at)[0];
    const mark = source === INTERNAL_VENUE ? null : this.#gateway.world.access.feed.mark(instrument.id);
    const [bid] = book.bids;
    const [ask] = book.asks;
    return {
      symbol: instrument.symbol,
      category: instrument.category,
      venue: source,
      last: last?.price ?? null,
      bid: book.bestBid,
      bid_quantity: bid === undefined ? null : qtyOf(instrument.grid, bid.qty),
      ask: book.bestAsk,
      ask_quantity: ask === undefined ? null : qtyOf(instrument.grid, ask.qty),
      mark: mark?.price ?? null,
      index: null,
      at: isoTime(now),
    };
  }
}

const levelView = (grid: Grid, row: ConsolidatedLevel) => ({
  price: priceOf(grid, row.price),
  quantity: qtyOf(grid, row.qty),
  venue: row.venue,
});

function instrumentView(one: Instrument): InstrumentView {
  const { symbol, category, base, quote, settle } = one;
  return { symbol, category, base, quote, settle, listings: [...one.listings.values()].map(listingView) };
}

const listingView = (one: Listing) => ({
  venue: one.venue,
  tick_size: one.tick,
  step_size: one.step,
  min_quantity: qtyOf(one, one.minQty),
  max_limit_quantity: qtyOf(one, one.maxLimitQty),
  max_market_quantity: qtyOf(one, one.maxMarketQty),
  min_price: priceOf(one, one.minPrice),
  max_price: priceOf(one, one.maxPrice),
  min_notional: one.minNotional as Money,
  max_leverage: one.maxLeverage,
});
