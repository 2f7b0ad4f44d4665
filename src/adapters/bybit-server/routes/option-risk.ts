import { formatDecimal } from '../../../domain/decimal.ts';
import type { Money, UnixMs } from '../../../domain/ids.ts';
import { invariant, ok } from '../../../domain/result.ts';
import { type ClosedOption, closedOptions } from '../closed-options.ts';
import { sameLimit } from '../limits.ts';
import { formatsOf, shownQuotient } from '../numbers.ts';
import { category, instant, optional, pageSize, text } from '../params/fields.ts';
import { historyWindow, page } from '../params/paging.ts';
import { accountRoute, type Route } from '../route.ts';
import { sideWord } from '../words.ts';
import { greeksOf, greeksRow, optionAssetRow, optionsByCoin } from '../wire/option-risk.ts';
import type { Exchange } from '../../../ports/exchange.ts';
import { maybeInstrument } from './find.ts';

const coinGreeks = accountRoute(
  {
    method: 'GET',
    path: '/v5/asset/coin-greeks',
    permission: 'open',
    limit: sameLimit('asset.coin-greeks', 50),
    params: { baseCoin: optional(text) },
  },
  (params, { exchange, uid }) => {
    const coins = [...optionsByCoin(exchange, uid)].filter(([coin]) => [null, coin].includes(params.baseCoin as never));
    return ok({ list: coins.map(([coin, held]) => greeksRow(coin, greeksOf(exchange, held))) });
  },
);

const optionAssets = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/option-asset-info',
    permission: 'open',
    limit: sameLimit('account.option-asset-info', 50),
    retMsg: 'Success',
    params: {},
  },
  (_params, { exchange, uid, now }) =>
    ok({
      result: [...optionsByCoin(exchange, uid)].map(([coin, held]) =>
        optionAssetRow(coin, held, greeksOf(exchange, held), now),
      ),
    }),
);

const DAY_MS = 24 * 3_600_000;
const THE_BEGINNING = 0 as UnixMs;

const closedPositions = accountRoute(
  {
    method: 'GET',
    path: '/v5/position/get-closed-positions',
    permission: 'positions',
    limit: sameLimit('position.get-closed-positions', 50),
    params: {
      category: category('option'),
      symbol: optional(text),
      startTime: instant,
      endTime: instant,
      limit: pageSize(100, 50),
      cursor: optional(text),
    },
  },
  (params, { exchange, uid, now }) => {
    const one = maybeInstrument(exchange, 'option', params.symbol);
    if (!one.ok) return one;
    const window = historyWindow(params.startTime, params.endTime, now, { usualMs: DAY_MS, mostDays: 7 });
    if (!window.ok) return window;
    const { from, to } = window.value;
    const filter = { category: 'option', base: null, settle: null, orderId: null, clientOrderId: null } as const;
    // When a position was opened is told by executions before the window.
    const all = exchange.executions(uid, { ...filter, instrument: one.value?.id ?? null, from: THE_BEGINNING, to });
    const rows = closedOptions(all).filter(({ at }) => at >= from);
    const cut = page(rows, params.limit, params.cursor, ({ at, instrument, openedAt }) => ({
      at,
      id: `${openedAt}.${instrument.slice('option:'.length)}`,
    }));
    if (!cut.ok) return cut;
    const list = cut.value.rows.map((closed) => closedRow(closed, exchange));
    return ok({ nextPageCursor: cut.value.nextPageCursor, category: 'option', list });
  },
);

function closedRow(closed: ClosedOption, exchange: Exchange) {
  const instrument = exchange.instrument(closed.instrument);
  invariant(instrument !== null, `${closed.instrument} has positions and is not listed`);
  const { priceScale } = formatsOf(instrument);
  const fees = closed.openFee + closed.closeFee + closed.deliveryFee;
  const gain = closed.closeValue - closed.openValue;
  return {
    symbol: instrument.symbol,
    side: sideWord(closed.side),
    qty: formatDecimal(closed.qty),
    avgEntryPrice: shownQuotient(closed.openValue, closed.qty, priceScale),
    avgExitPrice: shownQuotient(closed.closeValue, closed.qty, priceScale),
    totalOpenFee: formatDecimal(closed.openFee),
    totalCloseFee: formatDecimal(closed.closeFee),
    deliveryFee: formatDecimal(closed.deliveryFee),
    deliveryPrice: closed.deliveryPrice === null ? '' : formatDecimal(closed.deliveryPrice),
    totalPnl: formatDecimal(((closed.side === 'buy' ? gain : -gain) - fees) as Money),
    openTime: closed.openedAt,
    closeTime: closed.at,
  };
}

export const OPTION_RISK_ROUTES: readonly Route[] = [coinGreeks, optionAssets, closedPositions];
