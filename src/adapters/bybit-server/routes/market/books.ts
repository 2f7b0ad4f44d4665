import { ok } from '../../../../domain/result.ts';
import { CATEGORIES, category, optional, pageSize, text } from '../../params/fields.ts';
import { publicRoute } from '../../route.ts';
import { bookResult, rpiBookResult } from '../../wire/book.ts';
import { instrumentOf } from '../find.ts';
import { linearUnlessGiven } from './fields.ts';

/** A call without a limit gets the top of the book on spot and options, 25 levels on futures. */
const BOOK_DEPTHS = {
  spot: pageSize(1000, 1),
  linear: pageSize(1000, 25),
  inverse: pageSize(1000, 25),
  option: pageSize(25, 1),
} as const;

export const orderbook = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/orderbook',
    params: { category: category(...CATEGORIES), symbol: text, limit: optional(text) },
  },
  (params, { exchange, now, readBook }) => {
    const depth = BOOK_DEPTHS[params.category](params.limit, 'limit');
    if (!depth.ok) return depth;
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const { rows, stamp } = readBook(instrument.value, 'usual');
    const cut = { bids: rows.bids.slice(0, depth.value), asks: rows.asks.slice(0, depth.value) };
    return ok(bookResult(instrument.value, cut, stamp, now));
  },
);

/** Everything that rests: what a follower of `orderbook.full`, which has no snapshot, begins with. */
export const fullOrderbook = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/full_orderbook',
    params: { category: category('spot', 'linear', 'inverse'), symbol: text },
  },
  (params, { exchange, now, readBook }) => {
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const { rows, stamp } = readBook(instrument.value, 'full');
    return ok(bookResult(instrument.value, rows, stamp, now));
  },
);

/** Nobody here places RPI orders: their quantity is zero. The limit is required by the page and absent in its sample. */
export const rpiOrderbook = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/rpi_orderbook',
    params: {
      category: linearUnlessGiven(category('spot', 'linear', 'inverse')),
      symbol: text,
      limit: pageSize(50, 50),
    },
  },
  (params, { exchange, now, readBook }) => {
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const { rows, stamp } = readBook(instrument.value, 'rpi');
    const cut = { bids: rows.bids.slice(0, params.limit), asks: rows.asks.slice(0, params.limit) };
    return ok(rpiBookResult(instrument.value, cut, stamp, now));
  },
);
