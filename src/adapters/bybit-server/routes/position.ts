import type { AssetId } from '../../../domain/ids.ts';
import { err, invariant, ok } from '../../../domain/result.ts';
import { sameLimit } from '../limits.ts';
import { category, optional, pageSize, positive, text } from '../params/fields.ts';
import { page } from '../params/paging.ts';
import { missingParam, wireRefusal } from '../refusals.ts';
import { accountRoute, type Route } from '../route.ts';
import { positionRow } from '../wire/position.ts';
import { instrumentOf, maybeInstrument } from './find.ts';

const list = accountRoute(
  {
    method: 'GET',
    path: '/v5/position/list',
    permission: 'positions',
    limit: sameLimit('position.list', 50),
    params: {
      category: category('linear', 'inverse', 'option'),
      symbol: optional(text),
      baseCoin: optional(text),
      settleCoin: optional(text),
      limit: pageSize(200, 20),
      cursor: optional(text),
    },
  },
  (params, { exchange, uid }) => {
    const { symbol, settleCoin } = params;
    if (params.category === 'linear' && symbol === null && settleCoin === null)
      return err(missingParam('symbol or settleCoin'));
    const one = maybeInstrument(exchange, params.category, symbol);
    if (!one.ok) return one;
    const found = exchange.positions(uid, {
      category: params.category,
      instrument: one.value?.id ?? null,
      settle: symbol === null ? (settleCoin as AssetId | null) : null,
      base: symbol === null ? (params.baseCoin as AssetId | null) : null,
    });
    const shown = one.value === null ? found.filter((position) => position.size !== 0n) : found;
    const cut = page(shown, params.limit, params.cursor, (position) => ({
      at: 0,
      id: position.instrument.split(':')[1] ?? '',
    }));
    if (!cut.ok) return cut;
    const rows = cut.value.rows.map((position) => {
      const instrument = exchange.instrument(position.instrument);
      invariant(instrument !== null, `${position.instrument} has a position and is not listed`);
      return positionRow(position, instrument);
    });
    return ok({ list: rows, nextPageCursor: cut.value.nextPageCursor, category: params.category });
  },
);

const setLeverage = accountRoute(
  {
    method: 'POST',
    path: '/v5/position/set-leverage',
    permission: 'positions',
    limit: sameLimit('position.set-leverage', 10),
    params: { category: category('linear', 'inverse'), symbol: text, buyLeverage: positive, sellLeverage: positive },
  },
  async (params, { exchange, uid }) => {
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const set = await exchange.setLeverage(uid, instrument.value.id, {
      buy: params.buyLeverage,
      sell: params.sellLeverage,
    });
    return set.ok ? ok({}) : err(wireRefusal(set.error, params.category));
  },
);

export const POSITION_ROUTES: readonly Route[] = [list, setLeverage];
