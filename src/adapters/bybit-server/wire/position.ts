import { absolute, formatDecimal, roundTo, ZERO } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import type { ExchangeInstrument, ExchangePosition } from '../../../ports/exchange.ts';
import { formatsOf } from '../numbers.ts';

function common(position: ExchangePosition, instrument: ExchangeInstrument) {
  const { price, qty } = formatsOf(instrument);
  const flat = position.size === ZERO;
  return {
    positionIdx: position.positionIdx,
    riskId: position.riskId,
    riskLimitValue: position.riskLimitValue === null ? '' : formatDecimal(position.riskLimitValue),
    symbol: instrument.symbol,
    side: flat ? '' : position.size > 0n ? 'Buy' : 'Sell',
    size: qty(absolute(position.size)),
    positionValue: formatDecimal(position.notional),
    tradeMode: 0,
    positionStatus: 'Normal',
    autoAddMargin: position.autoAddMargin ? 1 : 0,
    adlRankIndicator: flat ? 0 : 1,
    leverage: instrument.category === 'option' ? '' : formatDecimal(position.leverage),
    breakEvenPrice: position.breakEvenPrice === null ? '0' : shownPrice(position.breakEvenPrice),
    positionBalance: formatDecimal(position.balance),
    markPrice: price(position.markPrice),
    bustPrice: position.bankruptcyPrice === null ? '' : price(position.bankruptcyPrice),
    positionMM: formatDecimal(position.maintenanceMargin),
    positionMMByMp: formatDecimal(position.maintenanceMargin),
    positionIM: formatDecimal(position.initialMargin),
    positionIMByMp: formatDecimal(position.initialMargin),
    tpslMode: 'Full',
    takeProfit: price(position.takeProfit ?? ZERO),
    stopLoss: price(position.stopLoss ?? ZERO),
    trailingStop: price(position.trailingStop ?? ZERO),
    unrealisedPnl: formatDecimal(position.unrealisedPnl),
    curRealisedPnl: formatDecimal(position.currentRealisedPnl),
    cumRealisedPnl: formatDecimal(position.totalRealisedPnl),
    seq: position.seq,
    isReduceOnly: false,
    leverageSysUpdatedTime: '',
    ...greeksRow(position),
    createdTime: position.createdAt === null ? '0' : String(position.createdAt),
    updatedTime: position.updatedAt === null ? '0' : String(position.updatedAt),
  };
}

/** Options have them, futures have not. */
const greeksRow = ({ greeks }: ExchangePosition) =>
  greeks === null
    ? {}
    : {
        delta: formatDecimal(greeks.delta),
        gamma: formatDecimal(greeks.gamma),
        vega: formatDecimal(greeks.vega),
        theta: formatDecimal(greeks.theta),
      };

/** Row of GET /v5/position/list ("Get Position Info"), with the spelling of its example. */
export const positionRow = (position: ExchangePosition, instrument: ExchangeInstrument) => ({
  ...common(position, instrument),
  avgPrice: shownPrice(position.entryPrice),
  liqPrice: position.liquidationPrice === null ? '' : formatsOf(instrument).price(position.liquidationPrice),
  mmrSysUpdateTime: '',
  sessionAvgPrice: position.sessionEntryPrice === null ? '' : shownPrice(position.sessionEntryPrice),
});

/** Row of the private topic `position`: no liquidation price is `"0"` here when flat. */
export const positionPush = (position: ExchangePosition, instrument: ExchangeInstrument) => ({
  category: instrument.category,
  ...common(position, instrument),
  entryPrice: shownPrice(position.entryPrice),
  liqPrice:
    position.liquidationPrice === null
      ? position.size === ZERO
        ? '0'
        : ''
      : formatsOf(instrument).price(position.liquidationPrice),
  mmrSysUpdatedTime: '',
  sessionAvgPrice: position.sessionEntryPrice === null ? '0' : shownPrice(position.sessionEntryPrice),
});

/** An average of prices: to eight digits. */
const shownPrice = (price: Money): string => formatDecimal(roundTo(price, 8, 'half_even'));

/** Answer of POST /v5/position/add-margin: part of a row, with its average price. */
export function marginRow(position: ExchangePosition, instrument: ExchangeInstrument) {
  const row = positionRow(position, instrument);
  const { positionIdx, riskId, riskLimitValue, symbol, size, positionValue, avgPrice, liqPrice, bustPrice } = row;
  const { markPrice, leverage, autoAddMargin, positionStatus, positionIM, positionMM, unrealisedPnl } = row;
  const { cumRealisedPnl, stopLoss, takeProfit, trailingStop, createdTime, updatedTime } = row;
  return {
    ...{ symbol, positionIdx, riskId, riskLimitValue, size, positionValue, avgPrice, liqPrice, bustPrice, markPrice },
    ...{ leverage, autoAddMargin, positionStatus, positionIM, positionMM, unrealisedPnl, cumRealisedPnl },
    ...{ stopLoss, takeProfit, trailingStop, createdTime, updatedTime },
  };
}
