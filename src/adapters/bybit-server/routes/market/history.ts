import { formatDecimal, formatFixed, ONE } from '../../../../domain/decimal.ts';
import type { AssetId, Money, UnixMs } from '../../../../domain/ids.ts';
import { splitInstrumentId } from '../../../../domain/ids.ts';
import { err, ok } from '../../../../domain/result.ts';
import type { Sample } from '../../../../ports/exchange.ts';
import { formatsOf } from '../../numbers.ts';
import { category, instant, oneOf, optional, pageSize, text, withDefault } from '../../params/fields.ts';
import { page } from '../../params/paging.ts';
import { invalidParam, missingParam } from '../../refusals.ts';
import { publicRoute } from '../../route.ts';
import { instrumentOf } from '../find.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STEPS = {
  '5min': 5 * MINUTE_MS,
  '15min': 15 * MINUTE_MS,
  '30min': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '4h': 4 * HOUR_MS,
  '1d': DAY_MS,
} as const;
const STEP_WORDS = ['5min', '15min', '30min', '1h', '4h', '1d'] as const;

export const fundingHistory = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/funding/history',
    params: {
      category: category('linear', 'inverse'),
      symbol: text,
      startTime: instant,
      endTime: instant,
      limit: pageSize(200, 200),
    },
  },
  (params, { exchange }) => {
    const { startTime: from, endTime: to, limit } = params;
    // "Passing only startTime returns an error" (V5 docs, "Get Funding Rate History").
    if (from !== null && to === null) return err(missingParam('endTime'));
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const list = exchange.market.fundings(instrument.value.id, { from, to, limit }).map((funding) => ({
      symbol: params.symbol,
      fundingRate: formatDecimal(funding.rate),
      fundingRateTimestamp: String(funding.at),
    }));
    return ok({ category: params.category, list });
  },
);

const sampled = {
  category: category('linear', 'inverse'),
  symbol: text,
  startTime: instant,
  endTime: instant,
  cursor: optional(text),
} as const;

/** One page of samples: the cursor is the place after which they go on. */
function samplePage(rows: readonly Sample[], limit: number, cursor: string | null): ReturnType<typeof page<Sample>> {
  return page(rows, limit, cursor, ({ at }) => ({ at, id: String(at) }));
}

/** As many as may ever be asked for, page after page. */
const ALL = 100_000;

export const openInterest = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/open-interest',
    params: { ...sampled, intervalTime: oneOf(STEP_WORDS), limit: pageSize(200, 50) },
  },
  (params, { exchange }) => {
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const { startTime: from, endTime: to } = params;
    const query = { stepMs: STEPS[params.intervalTime], from, to, limit: ALL };
    const cut = samplePage(exchange.market.openInterest(instrument.value.id, query), params.limit, params.cursor);
    if (!cut.ok) return cut;
    const { rows, nextPageCursor } = cut.value;
    const { qty } = formatsOf(instrument.value);
    // Both sides of each contract are counted, and `single` is the usual count.
    const list = rows.map(({ at, value }) => ({
      openInterest: formatFixed((value * 2n) as Money, OPEN_INTEREST_DIGITS, 'down'),
      singleOpenInterest: qty(value),
      timestamp: String(at),
    }));
    return ok({ symbol: params.symbol, category: params.category, list, nextPageCursor });
  },
);

const OPEN_INTEREST_DIGITS = 8;
const RATIO_DIGITS = 4;

export const accountRatio = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/account-ratio',
    params: { ...sampled, period: oneOf(STEP_WORDS), limit: pageSize(500, 50) },
  },
  (params, { exchange }) => {
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const { startTime: from, endTime: to } = params;
    const query = { stepMs: STEPS[params.period], from, to, limit: ALL };
    const cut = samplePage(exchange.market.longRatio(instrument.value.id, query), params.limit, params.cursor);
    if (!cut.ok) return cut;
    const shown = (ratio: bigint): string => formatFixed(ratio as Money, RATIO_DIGITS, 'half_even');
    const list = cut.value.rows.map(({ at, value }) => ({
      symbol: params.symbol,
      buyRatio: shown(value),
      sellRatio: shown(ONE - value),
      timestamp: String(at),
    }));
    return ok({ list, nextPageCursor: cut.value.nextPageCursor });
  },
);

const PERIODS = ['7', '14', '21', '30', '60', '90', '180', '270'] as const;
const LONGEST_VOLATILITY_MS = 30 * DAY_MS;

export const historicalVolatility = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/historical-volatility',
    params: {
      category: category('option'),
      baseCoin: withDefault(text, 'BTC'),
      quoteCoin: withDefault(oneOf(['USD', 'USDT']), 'USD'),
      period: withDefault(oneOf(PERIODS), '7'),
      startTime: instant,
      endTime: instant,
    },
    retMsg: 'SUCCESS',
    beside: { category: 'option' },
  },
  (params, { exchange }) => {
    const { startTime: from, endTime: to } = params;
    if ((from === null) !== (to === null)) return err(missingParam(from === null ? 'startTime' : 'endTime'));
    if (from !== null && to !== null && (to < from || to - from > LONGEST_VOLATILITY_MS)) {
      return err(invalidParam('endTime'));
    }
    const period = Number(params.period);
    // Without a range it is the last hour's.
    const limit = from === null ? 1 : ALL;
    const samples = exchange.market.volatility(params.baseCoin as AssetId, period, { from, to, limit });
    return ok(samples.map(({ at, value }) => ({ period, value: formatDecimal(value), time: String(at) })));
  },
);

const DELIVERY_DIGITS = 8;
const deliveryPrice = (price: Money): string => formatFixed(price, DELIVERY_DIGITS, 'half_even');

export const deliveryPrices = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/delivery-price',
    params: {
      category: category('linear', 'inverse', 'option'),
      symbol: optional(text),
      baseCoin: optional(text),
      settleCoin: optional(text),
      limit: pageSize(200, 50),
      cursor: optional(text),
    },
    retMsg: 'success',
  },
  (params, { exchange }) => {
    const { category: kind, symbol } = params;
    const usual = kind === 'option' && symbol === null ? 'BTC' : null;
    const base = params.baseCoin ?? usual;
    const found = exchange.market
      .deliveries(kind)
      .filter(
        (one) =>
          (symbol === null || splitInstrumentId(one.instrument).symbol === symbol) &&
          (base === null || one.base === base) &&
          (params.settleCoin === null || one.settle === params.settleCoin),
      );
    const cut = page(found, params.limit, params.cursor, ({ at, instrument }) => ({ at, id: symbolOf(instrument) }));
    if (!cut.ok) return cut;
    const list = cut.value.rows.map(({ instrument, price, at }) => ({
      symbol: symbolOf(instrument),
      deliveryPrice: deliveryPrice(price),
      deliveryTime: String(at),
    }));
    return ok({ category: kind, nextPageCursor: cut.value.nextPageCursor, list });
  },
);

const symbolOf = (id: Parameters<typeof splitInstrumentId>[0]): string => splitInstrumentId(id).symbol;

const MOST_OPTION_DELIVERIES = 50;

/** One row for each time at which options of a coin were delivered. */
export const newDeliveryPrice = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/new-delivery-price',
    params: { category: category('option'), baseCoin: text, settleCoin: withDefault(text, 'USDT') },
    retMsg: '',
  },
  (params, { exchange }) => {
    const found = exchange.market
      .deliveries('option')
      .filter((one) => one.base === params.baseCoin && one.settle === params.settleCoin);
    const byTime = new Map<UnixMs, Money>(found.map(({ at, price }) => [at, price]));
    const list = [...byTime].slice(0, MOST_OPTION_DELIVERIES).map(([at, price]) => ({
      deliveryPrice: deliveryPrice(price),
      deliveryTime: String(at),
    }));
    return ok({ category: 'option', list });
  },
);
