import { formatDecimal, parseDecimal, scaleOf } from '../../../domain/decimal.ts';
import type { AssetId, Money } from '../../../domain/ids.ts';
import { err, ok } from '../../../domain/result.ts';
import type { MarginMode, PositionIdx } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { category, type Field, oneOf, optional, saying, text, whole } from '../params/fields.ts';
import { invalidParam, missingParam, refused, wireRefusal, type WireRefusal } from '../refusals.ts';
import { accountRoute, type Route } from '../route.ts';
import { marginRow } from '../wire/position.ts';
import { instrumentOf } from './find.ts';

const MODES: Readonly<Record<string, MarginMode | null>> = {
  REGULAR_MARGIN: 'cross',
  ISOLATED_MARGIN: 'isolated',
  PORTFOLIO_MARGIN: null,
};

const refusedMode = (reasonCode: string, reasonMsg: string): WireRefusal => ({
  ...refused(3400045, 'Set margin mode failed'),
  result: { reasons: [{ reasonCode, reasonMsg }] },
});

const setMarginMode = accountRoute(
  {
    method: 'POST',
    path: '/v5/account/set-margin-mode',
    permission: 'open',
    limit: sameLimit('account.set-margin-mode', 5),
    params: { setMarginMode: oneOf(['ISOLATED_MARGIN', 'REGULAR_MARGIN', 'PORTFOLIO_MARGIN']) },
  },
  async ({ setMarginMode: word }, { exchange, uid }) => {
    const mode = MODES[word] ?? null;
    if (mode === null) return err(refusedMode('3400000', 'Portfolio margin is not simulated by this exchange'));
    const done = await exchange.money.setMarginMode(uid, mode);
    if (done.ok) return ok({ reasons: [] });
    const { code, detail } = done.error;
    return err(code === 'MARGIN_MODE_REFUSED' ? refusedMode('3400045', detail) : wireRefusal(done.error, 'linear'));
  },
);

/** An exact decimal of either sign, at most four digits after the point. */
const margin: Field<Money> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '') return err(missingParam(name));
  const value = typeof raw === 'string' ? parseDecimal(raw) : null;
  return value?.ok === true && scaleOf(value.value) <= 4 ? ok(value.value) : err(invalidParam(name));
};

const positionIdx = optional(saying(whole(0, 2), 'position idx not match position mode')) as Field<PositionIdx | null>;

const addMargin = accountRoute(
  {
    method: 'POST',
    path: '/v5/position/add-margin',
    permission: 'positions',
    limit: sameLimit('position.add-margin', 10),
    params: { category: category('linear', 'inverse'), symbol: text, margin, positionIdx },
  },
  async (params, { exchange, uid }) => {
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const { id } = instrument.value;
    const done = await exchange.money.addMargin(uid, {
      instrument: id,
      idx: params.positionIdx ?? 0,
      amount: params.margin,
    });
    if (!done.ok) return err(wireRefusal(done.error, params.category));
    return ok({ category: params.category, ...marginRow(done.value, instrument.value) });
  },
);

const setAutoAddMargin = accountRoute(
  {
    method: 'POST',
    path: '/v5/position/set-auto-add-margin',
    permission: 'positions',
    limit: sameLimit('position.set-auto-add-margin', 10),
    params: { category: category('linear'), symbol: text, autoAddMargin: whole(0, 1), positionIdx },
  },
  async (params, { exchange, uid }) => {
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const on = params.autoAddMargin === 1;
    const done = await exchange.money.setAutoAddMargin(uid, instrument.value.id, params.positionIdx, on);
    return done.ok ? ok({}) : err(wireRefusal(done.error, params.category));
  },
);

const MOST_COINS = 20;
const coinNames: Field<readonly string[]> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '') return err(missingParam(name));
  const names = typeof raw === 'string' ? raw.split(',').map((coin) => coin.trim()) : [];
  return names.length > 0 && names.length <= MOST_COINS ? ok(names) : err(invalidParam(name));
};

/** What can leave the trading account; of several coins, the first is shown for itself. */
const withdrawal = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/withdrawal',
    permission: 'open',
    limit: sameLimit('account.withdrawal', 50),
    params: { coinName: coinNames },
  },
  ({ coinName }, { exchange, uid }) => {
    const amounts = coinName.map((coin) => [coin, formatDecimal(exchange.transferable(uid, coin as AssetId))] as const);
    return ok({ availableWithdrawal: amounts[0]?.[1] ?? '0', availableWithdrawalMap: Object.fromEntries(amounts) });
  },
);

export const MARGIN_ROUTES: readonly Route[] = [setMarginMode, addMargin, setAutoAddMargin, withdrawal];
