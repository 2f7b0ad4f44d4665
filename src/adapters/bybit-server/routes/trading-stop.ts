import type { AssetId } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type { ExitSetting, PositionIdx, TradingStop } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { EXIT_TYPES, EXITS, exitTerms, given, priceOrNone } from '../params/exits.ts';
import { category, oneOf, optional, type Params, positive, saying, text, whole } from '../params/fields.ts';
import { invalidParam, missingParam, refused, type WireRefusal, wireRefusal } from '../refusals.ts';
import { accountRoute, type Route } from '../route.ts';
import { instrumentOf } from './find.ts';

const TRADING_STOP = {
  category: category('linear', 'inverse', 'option'),
  symbol: text,
  ...EXITS,
  ...EXIT_TYPES,
  tpslMode: oneOf(['Full', 'Partial']),
  positionIdx: saying(whole(0, 2), 'position idx not match position mode'),
  trailingStop: priceOrNone,
  activePrice: priceOrNone,
  tpSize: optional(positive),
  slSize: optional(positive),
} as const;
type StopParams = Params<typeof TRADING_STOP>;

const tradingStop = accountRoute(
  {
    method: 'POST',
    path: '/v5/position/trading-stop',
    permission: 'positions',
    limit: sameLimit('position.trading-stop', 10),
    params: TRADING_STOP,
  },
  async (params, { exchange, uid }) => {
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const stop = stopOf(params);
    if (!stop.ok) return stop;
    const done = await exchange.setTradingStop(uid, { ...stop.value, instrument: instrument.value.id });
    return done.ok ? ok({}) : err(wireRefusal(done.error, params.category));
  },
);

function stopOf(params: StopParams): Result<Omit<TradingStop, 'instrument'>, WireRefusal> {
  const { tpslMode, tpSize, slSize, trailingStop } = params;
  if (params.category === 'option' && tpslMode !== 'Full') return err(invalidParam('tpslMode'));
  if (tpslMode === 'Full' && params.tpOrderType === 'Limit') return err(invalidParam('tpOrderType'));
  if (tpslMode === 'Full' && params.slOrderType === 'Limit') return err(invalidParam('slOrderType'));
  if (tpSize !== null && slSize !== null && tpSize !== slSize) {
    return err(refused(10001, 'tpSize and slSize must be equal'));
  }
  const takeProfit = settingOf(params, 'tp');
  if (!takeProfit.ok) return takeProfit;
  const stopLoss = settingOf(params, 'sl');
  if (!stopLoss.ok) return stopLoss;
  if (takeProfit.value === null && stopLoss.value === null && trailingStop === null) {
    return err(refused(34040, 'not modified'));
  }
  return ok({
    positionIdx: params.positionIdx as PositionIdx,
    mode: tpslMode === 'Full' ? 'full' : 'partial',
    takeProfit: takeProfit.value,
    stopLoss: stopLoss.value,
    trailing: trailingStop,
    activePrice: given(params.activePrice),
    size: tpSize ?? slSize,
  });
}

function settingOf(params: StopParams, which: 'tp' | 'sl'): Result<ExitSetting, WireRefusal> {
  const price = which === 'tp' ? params.takeProfit : params.stopLoss;
  return price === 'none' ? ok('none') : exitTerms(params, which);
}

const switchMode = accountRoute(
  {
    method: 'POST',
    path: '/v5/position/switch-mode',
    permission: 'positions',
    limit: sameLimit('position.switch-mode', 10),
    params: {
      category: category('linear', 'inverse'),
      symbol: optional(text),
      coin: optional(text),
      mode: whole(0, 3),
    },
  },
  async (params, { exchange, uid }) => {
    const { symbol, coin, mode } = params;
    if (mode !== 0 && mode !== 3) return err(invalidParam('mode'));
    if (symbol === null) {
      if (coin === null) return err(missingParam('symbol or coin'));
      const done = await exchange.setHedged(uid, coin as AssetId, mode === 3);
      return done.ok ? ok({}) : err(wireRefusal(done.error, params.category));
    }
    const instrument = instrumentOf(exchange, params.category, symbol);
    if (!instrument.ok) return instrument;
    const done = await exchange.setHedged(uid, instrument.value.id, mode === 3);
    return done.ok ? ok({}) : err(wireRefusal(done.error, params.category));
  },
);

export const POSITION_SETTING_ROUTES: readonly Route[] = [tradingStop, switchMode];
