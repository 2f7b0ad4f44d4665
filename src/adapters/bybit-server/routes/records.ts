import { formatDecimal } from '../../../domain/decimal.ts';
import type { InstrumentId, UnixMs } from '../../../domain/ids.ts';
import { err, invariant, ok, type Result } from '../../../domain/result.ts';
import type { ClosedPnlRecord, Exchange, ExchangeInstrument } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { CATEGORIES, category, type Field, instant, oneOf, optional, pageSize, text } from '../params/fields.ts';
import { historyWindow, page, weekWindow } from '../params/paging.ts';
import { refused, type WireRefusal } from '../refusals.ts';
import { accountRoute, type Route } from '../route.ts';
import { borrowRow, closedPnlRow, deliveryRow, LEDGER_TYPES, ledgerRow, settlementRow } from '../wire/records.ts';
import { maybeInstrument } from './find.ts';

const DAY_MS = 24 * 3_600_000;
const TIMES = { startTime: instant, endTime: instant, cursor: optional(text) } as const;

function listed(exchange: Exchange, id: InstrumentId): ExchangeInstrument {
  const instrument = exchange.instrument(id);
  invariant(instrument !== null, `${id} has records and is not listed`);
  return instrument;
}

type Timed = Readonly<{ at: UnixMs }>;

/** Rows of one millisecond are told apart by their number in it, counted from the oldest: a later one changes none. */
function pageOf<T extends Timed>(rows: readonly T[], limit: number, cursor: string | null) {
  const places = new Map<T, { at: number; id: string }>();
  const counts = new Map<number, number>();
  for (const row of [...rows].reverse()) {
    const number = counts.get(row.at) ?? 0;
    counts.set(row.at, number + 1);
    places.set(row, { at: row.at, id: `${row.at}.${number}` });
  }
  return page(rows, limit, cursor, (row) => places.get(row) ?? { at: row.at, id: '' });
}

const transactionLog = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/transaction-log',
    permission: 'open',
    limit: sameLimit('account.transaction-log', 25),
    params: {
      accountType: optional(oneOf(['UNIFIED'])),
      category: optional(category(...CATEGORIES)),
      currency: optional(text),
      baseCoin: optional(text),
      type: optional(text),
      ...TIMES,
      limit: pageSize(50, 20),
    },
  },
  (params, { exchange, uid, now }) => {
    const window = historyWindow(params.startTime, params.endTime, now, { usualMs: DAY_MS, mostDays: 7 });
    if (!window.ok) return window;
    const rows = exchange
      .records(uid, 'ledger', window.value)
      .map((record) => ({ at: record.at, record, instrument: instrumentOfRecord(exchange, record.instrument) }))
      .filter(
        ({ record, instrument }) =>
          (params.category === null || instrument?.category === params.category) &&
          (params.currency === null || record.asset === params.currency) &&
          (params.baseCoin === null || instrument?.base === params.baseCoin) &&
          (params.type === null || LEDGER_TYPES[record.type] === params.type),
      );
    const cut = pageOf(rows, params.limit, params.cursor);
    if (!cut.ok) return cut;
    const list = cut.value.rows.map(({ record, instrument }) => ledgerRow(record, instrument));
    return ok({ nextPageCursor: cut.value.nextPageCursor, list });
  },
);

const instrumentOfRecord = (exchange: Exchange, id: InstrumentId | null): ExchangeInstrument | null =>
  id === null ? null : exchange.instrument(id);

const closedPnl = accountRoute(
  {
    method: 'GET',
    path: '/v5/position/closed-pnl',
    permission: 'positions',
    limit: sameLimit('position.closed-pnl', 50),
    params: { category: category('linear', 'inverse'), symbol: optional(text), ...TIMES, limit: pageSize(100, 50) },
  },
  (params, { exchange, uid, now }) => {
    const one = maybeInstrument(exchange, params.category, params.symbol);
    if (!one.ok) return one;
    const window = weekWindow(params.startTime, params.endTime, now);
    if (!window.ok) return window;
    const byOrder = new Map<string, [ClosedPnlRecord, ...ClosedPnlRecord[]]>();
    for (const record of exchange.records(uid, 'closed_pnl', window.value)) {
      if (!record.instrument.startsWith(`${params.category}:`)) continue;
      if (one.value !== null && record.instrument !== one.value.id) continue;
      const known = byOrder.get(record.orderId);
      if (known === undefined) byOrder.set(record.orderId, [record]);
      else known.push(record);
    }
    const rows = [...byOrder.values()].map((records) => ({ at: records[0].at, records }));
    const cut = pageOf(rows, params.limit, params.cursor);
    if (!cut.ok) return cut;
    const list = cut.value.rows.map(({ records }) => closedPnlRow(records, listed(exchange, records[0].instrument)));
    return ok({ nextPageCursor: cut.value.nextPageCursor, category: params.category, list });
  },
);

/** `29DEC22`: the day in the names of what is delivered on it. */
const EXPIRY = /^\d{1,2}[A-Z]{3}\d{2}$/;
const expiryDay: Field<string | null> = (raw) => {
  if (raw === undefined || raw === null || raw === '') return ok(null);
  const isDay: Result<string, WireRefusal> =
    typeof raw === 'string' && EXPIRY.test(raw) ? ok(raw) : err(refused(181018, 'Invalid expDate.'));
  return isDay;
};

const deliveries = accountRoute(
  {
    method: 'GET',
    path: '/v5/asset/delivery-record',
    permission: 'open',
    limit: sameLimit('asset.delivery-record', 50),
    params: {
      category: category('linear', 'inverse', 'option'),
      symbol: optional(text),
      expDate: expiryDay,
      ...TIMES,
      limit: pageSize(50, 20),
    },
  },
  (params, { exchange, uid, now }) => {
    // Thirty days, and as many by default.
    const window = historyWindow(params.startTime, params.endTime, now, { usualMs: 30 * DAY_MS, mostDays: 30 });
    if (!window.ok) return window;
    const rows = exchange
      .records(uid, 'delivery', window.value)
      .map((record) => ({ at: record.at, record, instrument: listed(exchange, record.instrument) }))
      .filter(
        ({ instrument }) =>
          instrument.category === params.category &&
          (params.symbol === null || instrument.symbol === params.symbol) &&
          (params.expDate === null || instrument.symbol.split('-').includes(params.expDate)),
      );
    const cut = pageOf(rows, params.limit, params.cursor);
    if (!cut.ok) return cut;
    const list = cut.value.rows.map(({ record, instrument }) => deliveryRow(record, instrument));
    return ok({ nextPageCursor: cut.value.nextPageCursor, category: params.category, list });
  },
);

const settlements = accountRoute(
  {
    method: 'GET',
    path: '/v5/asset/settlement-record',
    permission: 'open',
    limit: sameLimit('asset.settlement-record', 50),
    params: { category: category('linear'), symbol: optional(text), ...TIMES, limit: pageSize(50, 20) },
  },
  (params, { exchange, uid, now }) => {
    const window = historyWindow(params.startTime, params.endTime, now, { usualMs: 30 * DAY_MS, mostDays: 30 });
    if (!window.ok) return window;
    const rows = exchange
      .records(uid, 'settlement', window.value)
      .map((record) => ({ at: record.at, record, instrument: listed(exchange, record.instrument) }))
      .filter(({ instrument }) => params.symbol === null || instrument.symbol === params.symbol);
    const cut = pageOf(rows, params.limit, params.cursor);
    if (!cut.ok) return cut;
    const list = cut.value.rows.map(({ record, instrument }) => settlementRow(record, instrument));
    return ok({ nextPageCursor: cut.value.nextPageCursor, category: params.category, list });
  },
);

const borrowHistory = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/borrow-history',
    permission: 'open',
    limit: sameLimit('account.borrow-history', 50),
    params: { currency: optional(text), ...TIMES, limit: pageSize(50, 20) },
  },
  (params, { exchange, uid, now }) => {
    const window = historyWindow(params.startTime, params.endTime, now, { usualMs: 30 * DAY_MS, mostDays: 30 });
    if (!window.ok) return window;
    const rows = exchange
      .records(uid, 'borrow', window.value)
      .filter((record) => params.currency === null || record.asset === params.currency);
    const cut = pageOf(rows, params.limit, params.cursor);
    if (!cut.ok) return cut;
    return ok({ nextPageCursor: cut.value.nextPageCursor, list: cut.value.rows.map(borrowRow) });
  },
);

const symbolInfo = accountRoute(
  {
    method: 'GET',
    path: '/v5/position/symbol-info',
    permission: 'positions',
    limit: sameLimit('position.symbol-info', 50),
    params: { category: category('linear', 'inverse'), symbol: optional(text) },
  },
  (params, { exchange, uid }) => {
    const one = maybeInstrument(exchange, params.category, params.symbol);
    if (!one.ok) return one;
    const filter = { category: params.category, instrument: one.value?.id ?? null, settle: null, base: null };
    const list = exchange.positions(uid, filter).map((position) => ({
      symbol: listed(exchange, position.instrument).symbol,
      leverage: formatDecimal(position.leverage),
      side: position.size > 0n ? 'Buy' : position.size < 0n ? 'Sell' : '',
      positionIdx: position.positionIdx,
    }));
    return ok({ category: params.category, list });
  },
);

export const RECORD_ROUTES: readonly Route[] = [
  transactionLog, closedPnl, deliveries, settlements, borrowHistory, symbolInfo,
]; // biome-ignore format: a list
