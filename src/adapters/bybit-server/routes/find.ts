import { instrumentId, type AssetId, type Category } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type { Exchange, ExchangeInstrument, OrderFilter, StopKind } from '../../../ports/exchange.ts';
import { invalidSymbol, type WireRefusal } from '../refusals.ts';

/** The instrument of a category and symbol, or the refusal of a symbol that is not listed. */
export function instrumentOf(
  exchange: Exchange,
  category: Category,
  symbol: string,
): Result<ExchangeInstrument, WireRefusal> {
  const instrument = exchange.instrument(instrumentId(category, symbol));
  return instrument === null ? err(invalidSymbol) : ok(instrument);
}

/** Null where no symbol is asked for. */
export function maybeInstrument(
  exchange: Exchange,
  category: Category,
  symbol: string | null,
): Result<ExchangeInstrument | null, WireRefusal> {
  return symbol === null ? ok(null) : instrumentOf(exchange, category, symbol);
}

type Asked = Readonly<{
  category: Category;
  symbol: string | null;
  baseCoin: string | null;
  settleCoin: string | null;
  orderId?: string | null;
  orderLinkId?: string | null;
}>;

/** Kinds of orders by the words of `orderFilter`; null where the word names none. */
const KINDS: Readonly<Record<string, readonly (StopKind | null)[]>> = {
  Order: [null],
  OpenOrder: [null],
  StopOrder: ['stop', 'take_profit', 'stop_loss', 'partial_take_profit', 'partial_stop_loss', 'trailing_stop'],
  tpslOrder: ['tpsl'],
  OcoOrder: ['oco'],
  BidirectionalTpslOrder: ['bidirectional_tpsl'],
};

export const kindsOf = (word: string | null): readonly (StopKind | null)[] | null =>
  word === null ? null : (KINDS[word] ?? []);

/**
 * What an order query filters by. One criterion counts, by Bybit's priority: orderId, orderLinkId, symbol, baseCoin,
 * settleCoin.
 */
export function orderFilter(exchange: Exchange, asked: Asked): Result<OrderFilter, WireRefusal> {
  const all = {
    category: asked.category,
    instrument: null,
    base: null,
    settle: null,
    orderId: null,
    clientOrderId: null,
  };
  if (typeof asked.orderId === 'string') return ok({ ...all, orderId: asked.orderId });
  if (typeof asked.orderLinkId === 'string') return ok({ ...all, clientOrderId: asked.orderLinkId });
  if (asked.symbol !== null) {
    const instrument = instrumentOf(exchange, asked.category, asked.symbol);
    return instrument.ok ? ok({ ...all, instrument: instrument.value.id }) : instrument;
  }
  if (asked.baseCoin !== null) return ok({ ...all, base: asked.baseCoin as AssetId });
  return ok({ ...all, settle: asked.settleCoin as AssetId | null });
}
