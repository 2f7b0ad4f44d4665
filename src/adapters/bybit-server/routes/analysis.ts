import { formatDecimal, ZERO } from '../../../domain/decimal.ts';
import type { Money, Side } from '../../../domain/ids.ts';
import { instrumentId } from '../../../domain/ids.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Exchange, ExchangeExecution, ExchangeInstrument } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { formatsOf, shownQuotient } from '../numbers.ts';
import { category, instant, optional, pageSize, text } from '../params/fields.ts';
import { page, weekWindow } from '../params/paging.ts';
import { invalidSymbol } from '../refusals.ts';
import { accountRoute, type Route } from '../route.ts';
import { instrumentRow } from '../wire/instrument.ts';
import { maybeInstrument } from './find.ts';

/** What an account may trade, and how: the same for everybody here. */
const instruments = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/instruments-info',
    permission: 'open',
    limit: sameLimit('account.instruments-info', 10),
    params: {
      category: category('spot', 'linear', 'inverse'),
      symbol: optional(text),
      limit: pageSize(200, 200),
      cursor: optional(text),
    },
  },
  (params, { exchange }) => {
    const one = maybeInstrument(exchange, params.category, params.symbol);
    if (!one.ok) return one;
    const all = exchange.instruments(params.category);
    const chosen = one.value === null ? all.filter(({ status }) => status === 'trading') : [one.value];
    const row = (instrument: ExchangeInstrument) => ({
      ...instrumentRow(instrument, all.findIndex(({ id }) => id === instrument.id) + 1),
      ...(params.category === 'spot' ? {} : { displayName: '' }),
      // Nobody is an approved maker of retail price improvement.
      isPublicRpi: false,
      myRpiPermission: false,
    });
    if (params.category === 'spot') return ok({ category: params.category, list: chosen.map(row) });
    const cut = page(chosen, params.limit, params.cursor, ({ symbol }) => ({ at: 0, id: symbol }));
    if (!cut.ok) return cut;
    return ok({ category: params.category, list: cut.value.rows.map(row), nextPageCursor: cut.value.nextPageCursor });
  },
);

const sum = (rows: readonly ExchangeExecution[], of: (row: ExchangeExecution) => Money): Money =>
  rows.reduce((total, row) => total + of(row), 0n) as Money;

/** Every order once, with its whole quantity. */
const orderQty = (rows: readonly ExchangeExecution[]): Money =>
  [...new Map(rows.map((row) => [row.orderId, row.orderQty])).values()].reduce((a, b) => a + b, 0n) as Money;

/** Spot where the symbol is there, else the perpetual of the name. */
const analysed = (exchange: Exchange, symbol: string): ExchangeInstrument | null =>
  exchange.instrument(instrumentId('spot', symbol)) ??
  exchange.instrument(instrumentId('linear', symbol)) ??
  exchange.instrument(instrumentId('inverse', symbol));

const tradeInfo = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/trade-info-for-analysis',
    permission: 'open',
    limit: sameLimit('account.trade-info-for-analysis', 50),
    retMsg: 'Success',
    params: { symbol: text, startTime: instant, endTime: instant },
  },
  (params, { exchange, uid, now }) => {
    const instrument = analysed(exchange, params.symbol);
    if (instrument === null) return err(invalidSymbol);
    const window = weekWindow(params.startTime, params.endTime, now);
    if (!window.ok) return window;
    const filter = { category: instrument.category, base: null, settle: null, orderId: null, clientOrderId: null };
    const rows = exchange
      .executions(uid, { ...filter, instrument: instrument.id, ...window.value })
      .filter(({ kind }) => kind === 'trade');
    return ok(tradeSums(instrument, rows));
  },
);

function tradeSums(instrument: ExchangeInstrument, rows: readonly ExchangeExecution[]) {
  const { priceScale } = formatsOf(instrument);
  const side = (word: Side) => {
    const of = rows.filter((row) => row.side === word);
    const [qty, value, fee] = [sum(of, (row) => row.qty), sum(of, (row) => row.notional), sum(of, (row) => row.fee)];
    const [over, under] = instrument.category === 'inverse' ? [qty, value] : [value, qty];
    return { qty, value, fee, ordered: orderQty(of), average: shownQuotient(over, under, priceScale) };
  };
  const [bought, sold] = [side('buy'), side('sell')];
  return {
    symbolRnl: formatDecimal(sum(rows, (row) => row.realisedPnl)),
    netExecQty: formatDecimal((bought.qty - sold.qty) as Money),
    sumExecValue: formatDecimal((bought.value + sold.value) as Money),
    sumExecQty: formatDecimal((bought.qty + sold.qty) as Money),
    avgBuyExecPrice: bought.qty === ZERO ? '0' : bought.average,
    sumBuyExecValue: formatDecimal(bought.value),
    sumBuyExecQty: formatDecimal(bought.qty),
    sumBuyExecFee: formatDecimal(bought.fee),
    sumBuyOrderQty: formatDecimal(bought.ordered),
    avgSellExecPrice: sold.qty === ZERO ? '0' : sold.average,
    sumSellExecValue: formatDecimal(sold.value),
    sumSellExecQty: formatDecimal(sold.qty),
    sumSellExecFee: formatDecimal(sold.fee),
    sumSellOrderQty: formatDecimal(sold.ordered),
    maxMarginVersion: 0,
    baseCoin: instrument.base,
    settleCoin: instrument.settle,
  };
}

export const ANALYSIS_ROUTES: readonly Route[] = [instruments, tradeInfo];
