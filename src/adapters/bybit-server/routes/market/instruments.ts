import type { InstrumentId } from '../../../../domain/ids.ts';
import { ok } from '../../../../domain/result.ts';
import { type Exchange, type ExchangeInstrument, isFuture } from '../../../../ports/exchange.ts';
import { CATEGORIES, category, oneOf, optional, pageSize, text } from '../../params/fields.ts';
import { page } from '../../params/paging.ts';
import { publicRoute } from '../../route.ts';
import { instrumentRow } from '../../wire/instrument.ts';
import { maybeInstrument } from '../find.ts';

const STATUSES = ['PreLaunch', 'Trading', 'Delivering', 'Closed'] as const;
/** Options without a coin: those on BTC. */
const USUAL_OPTIONS = 'BTC';

type Asked = Readonly<{
  category: ExchangeInstrument['category'];
  baseCoin: string | null;
  symbol: string | null;
}>;

/** Everything that a coin is asked for among futures: USDT, USDC and inverse contracts together. */
function listedFor(exchange: Exchange, asked: Asked): readonly ExchangeInstrument[] {
  const { category: kind, baseCoin, symbol } = asked;
  if (baseCoin === null || kind === 'spot' || kind === 'option') {
    const base = baseCoin ?? (kind === 'option' && symbol === null ? USUAL_OPTIONS : null);
    return exchange.instruments(kind).filter((one) => base === null || kind === 'spot' || one.base === base);
  }
  const futures = [...exchange.instruments('linear'), ...exchange.instruments('inverse')].filter(isFuture);
  return futures.filter((one) => one.base === baseCoin);
}

/** Without a status only what trades, of options also what is being delivered. */
const isWanted = (instrument: ExchangeInstrument, status: (typeof STATUSES)[number] | null): boolean => {
  if (status !== null) return instrument.status === status.toLowerCase();
  return instrument.status === 'trading' || (instrument.category === 'option' && instrument.status === 'delivering');
};

/** The place of each instrument among those of its category, from one: its `symbolId`. */
function numbersOf(exchange: Exchange, chosen: readonly ExchangeInstrument[]): ReadonlyMap<InstrumentId, number> {
  const categories = [...new Set(chosen.map((one) => one.category))];
  return new Map(
    categories.flatMap((one) => exchange.instruments(one).map(({ id }, index) => [id, index + 1] as const)),
  );
}

export const instrumentsInfo = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/instruments-info',
    params: {
      category: category(...CATEGORIES),
      symbol: optional(text),
      symbolType: optional(text),
      status: optional(oneOf(STATUSES)),
      baseCoin: optional(text),
      limit: pageSize(1000, 500),
      cursor: optional(text),
    },
  },
  (params, { exchange }) => {
    const one = maybeInstrument(exchange, params.category, params.symbol);
    if (!one.ok) return one;
    // Nothing here is of a special type: whoever asks for one gets nothing.
    const chosen = listedFor(exchange, params).filter(
      (instrument) =>
        (one.value === null || instrument.id === one.value.id) &&
        params.symbolType === null &&
        isWanted(instrument, params.status),
    );
    const numbers = numbersOf(exchange, chosen);
    const row = (instrument: ExchangeInstrument) => instrumentRow(instrument, numbers.get(instrument.id) ?? 0);
    // Spot comes in one piece and says nothing of a next page.
    if (params.category === 'spot') return ok({ category: params.category, list: chosen.map(row) });
    // Listings are in a fixed order: one time for all, the symbol is the place.
    const cut = page(chosen, params.limit, params.cursor, (instrument) => ({ at: 0, id: instrument.symbol }));
    if (!cut.ok) return cut;
    return ok({ category: params.category, list: cut.value.rows.map(row), nextPageCursor: cut.value.nextPageCursor });
  },
);
