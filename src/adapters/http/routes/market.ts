import {
  bookQuery,
  instrumentList,
  instrumentQuery,
  orderBook,
  tickerList,
  tickerQuery,
} from '../../../contract/market.ts';
import { instrumentId } from '../../../domain/ids.ts';
import { ANY_ROLE, accountRoute, type Route, reply, success } from '../route.ts';

const DEFAULT_DEPTH = 25;

const instruments = accountRoute({
  policy: ANY_ROLE,
  method: 'GET',
  path: '/api/market/instruments',
  operation: 'instruments',
  family: 'Market data',
  summary: 'Instruments with the listing of each venue: steps, sizes, limits.',
  statuses: [200],
  answer: instrumentList,
  errors: [],
  budget: 'read',
  example: { query: 'category=spot' },
  query: instrumentQuery,
  handle: async ({ query }, { deps }) =>
    success({ instruments: deps.service.market.instruments({ ...query, venue: query.venue ?? 'consolidated' }) }),
});

const book = accountRoute({
  policy: ANY_ROLE,
  method: 'GET',
  path: '/api/market/orderbook',
  operation: 'orderBook',
  family: 'Market data',
  summary: 'The order book, consolidated over the venues or of one; every level names its venue.',
  statuses: [200],
  answer: orderBook,
  errors: ['INSTRUMENT_NOT_FOUND', 'VENUE_UNAVAILABLE'],
  budget: 'read',
  example: { query: 'symbol=BTCUSDT&depth=10' },
  query: bookQuery,
  handle: async ({ query }, { deps }) =>
    reply(
      deps.service.market.orderBook({
        instrument: instrumentId(query.category ?? 'spot', query.symbol),
        venue: query.venue ?? 'consolidated',
        depth: query.depth ?? DEFAULT_DEPTH,
      }),
    ),
});

const tickers = accountRoute({
  policy: ANY_ROLE,
  method: 'GET',
  path: '/api/market/tickers',
  operation: 'tickers',
  family: 'Market data',
  summary: 'Last, best bid and ask, mark and index of one instrument or of a category.',
  statuses: [200],
  answer: tickerList,
  errors: ['INSTRUMENT_NOT_FOUND'],
  budget: 'read',
  example: { query: 'symbol=BTCUSDT' },
  query: tickerQuery,
  handle: async ({ query }, { deps }) => {
    const category = query.category ?? 'spot';
    const instrument = query.symbol === null ? null : instrumentId(category, query.symbol);
    const read = deps.service.market.tickers({ instrument, category, venue: query.venue ?? 'consolidated' });
    return reply(read, (list) => ({ tickers: list }));
  },
});

export const marketRoutes: readonly Route[] = [instruments, book, tickers];
