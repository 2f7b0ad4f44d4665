import * as z from 'zod';
import type { InstrumentId } from '../domain/ids.ts';
import { count, isoTimeField, money, oneOf, words, yes } from './answers.ts';
import { integer, optional, strict, symbol, word } from './fields.ts';
import { CATEGORIES, VENUES } from './order-fields.ts';

/** Instruments, books and tickers, of one venue or consolidated over both. */
export const SOURCES = ['consolidated', ...VENUES] as const;
export type Source = (typeof SOURCES)[number];

const listing = z
  .object({
    venue: words('venue'),
    tick_size: money('smallest step of a price'),
    step_size: money('smallest step of a quantity'),
    min_quantity: money('smallest order'),
    max_limit_quantity: money('largest limit order'),
    max_market_quantity: money('largest market order'),
    min_price: money('lowest price'),
    max_price: money('highest price'),
    min_notional: money('smallest price × quantity'),
    max_leverage: money('highest leverage').nullable(),
  })
  .meta({ id: 'Listing' });
const instrument = z
  .object({
    symbol: words('instrument'),
    category: oneOf(CATEGORIES, 'category'),
    base: words('what is bought or sold'),
    quote: words('what it is priced in'),
    settle: words('what profit is paid in'),
    listings: z.array(listing),
  })
  .meta({ id: 'Instrument' });
export type InstrumentView = z.infer<typeof instrument>;
export const instrumentList = z.object({ instruments: z.array(instrument) });

const level = z
  .object({ price: money('price'), quantity: money('quantity'), venue: words('venue of the level') })
  .meta({ id: 'Level' });
const bookSource = z.object({
  venue: words('venue'),
  valid: yes('false while its feed is stale or repaired: its levels are left out'),
  seq: count("the venue's sequence of this state"),
  at: isoTimeField('when the venue made it'),
});
export const orderBook = z
  .object({
    symbol: words('instrument'),
    category: oneOf(CATEGORIES, 'category'),
    venue: oneOf(SOURCES, 'where the levels come from'),
    bids: z.array(level),
    asks: z.array(level),
    sources: z.array(bookSource),
    at: isoTimeField('when it was read'),
  })
  .meta({
    id: 'OrderBook',
    description: 'Best first; each level names its venue. A consolidated book may be crossed between venues.',
  });
export type OrderBook = z.infer<typeof orderBook>;

export const ticker = z
  .object({
    symbol: words('instrument'),
    category: oneOf(CATEGORIES, 'category'),
    venue: oneOf(SOURCES, 'where it comes from'),
    last: money('last trade').nullable(),
    bid: money('best bid').nullable(),
    bid_quantity: money('quantity there').nullable(),
    ask: money('best ask').nullable(),
    ask_quantity: money('quantity there').nullable(),
    mark: money('mark price').nullable(),
    index: money('index price').nullable(),
    at: isoTimeField('when it was read'),
  })
  .meta({ id: 'Ticker' });
export type Ticker = z.infer<typeof ticker>;
export const tickerList = z.object({ tickers: z.array(ticker) });

const where = {
  category: optional(word(CATEGORIES, 'spot by default')),
  venue: optional(word(SOURCES, 'consolidated by default')),
};
export const instrumentQuery = strict({
  symbol: optional(symbol()),
  category: optional(word(CATEGORIES, 'category')),
  venue: optional(word(SOURCES, 'listed there')),
});
export const bookQuery = strict({
  symbol: symbol(),
  ...where,
  depth: optional(integer(1, 500, 'levels a side; 25 by default')),
});
export const tickerQuery = strict({ symbol: optional(symbol()), ...where });

export type InstrumentFilter = Readonly<{
  symbol: string | null;
  category: (typeof CATEGORIES)[number] | null;
  venue: Source;
}>;
export type BookRequest = Readonly<{ instrument: InstrumentId; venue: Source; depth: number }>;
export type TickerRequest = Readonly<{
  instrument: InstrumentId | null;
  category: (typeof CATEGORIES)[number];
  venue: Source;
}>;
