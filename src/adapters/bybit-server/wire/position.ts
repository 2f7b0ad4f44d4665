import { absolute, formatDecimal, maximum, money, multiply, ZERO } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import type { ExchangeInstrument, ExchangePosition } from '../../../ports/exchange.ts';
import { formatsOf, shownQuotient } from '../numbers.ts';

/** The platform's lowest assumed taker rate in a break-even price (V5 docs, "Get Position Info"). */
const LEAST_CLOSING_RATE = money('0.00055');
/** One risk tier for all: the exchange behind the port has no others. */
const RISK = { riskId: 1, riskLimitValue: '2000000' } as const;

function common(position: ExchangePosition, instrument: ExchangeInstrument, takerRate: Money) {
  const { price, qty } = formatsOf(instrument);
  const flat = position.size === ZERO;
  return {
    positionIdx: 0,
    ...RISK,
    symbol: instrument.symbol,
    side: flat ? '' : position.size > 0n ? 'Buy' : 'Sell',
    size: qty(absolute(position.size)),
    positionValue: formatDecimal(position.notional),
    tradeMode: 0,
    positionStatus: 'Normal',
    autoAddMargin: 0,
    adlRankIndicator: flat ? 0 : 1,
    leverage: formatDecimal(position.leverage),
    breakEvenPrice: breakEven(position, instrument, takerRate),
    positionBalance: formatDecimal(position.initialMargin),
    markPrice: price(position.markPrice),
    bustPrice: '',
    positionMM: formatDecimal(position.maintenanceMargin),
    positionMMByMp: formatDecimal(position.maintenanceMargin),
    positionIM: formatDecimal(position.initialMargin),
    positionIMByMp: formatDecimal(position.initialMargin),
    tpslMode: 'Full',
    takeProfit: price(ZERO),
    stopLoss: price(ZERO),
    trailingStop: price(ZERO),
    unrealisedPnl: formatDecimal(position.unrealisedPnl),
    curRealisedPnl: formatDecimal(position.currentRealisedPnl),
    cumRealisedPnl: formatDecimal(position.totalRealisedPnl),
    seq: position.seq,
    isReduceOnly: false,
    leverageSysUpdatedTime: '',
    createdTime: position.createdAt === null ? '0' : String(position.createdAt),
    updatedTime: position.updatedAt === null ? '0' : String(position.updatedAt),
  };
}

/** Row of GET /v5/position/list ("Get Position Info"), with the spelling of its example. */
export const positionRow = (position: ExchangePosition, instrument: ExchangeInstrument, takerRate: Money) => ({
  ...common(position, instrument, takerRate),
  avgPrice: formatDecimal(position.entryPrice),
  liqPrice: position.liquidationPrice === null ? '' : formatsOf(instrument).price(position.liquidationPrice),
  mmrSysUpdateTime: '',
  sessionAvgPrice: '',
});

/** Row of the private topic `position`: no liquidation price is `"0"` here when flat. */
export const positionPush = (position: ExchangePosition, instrument: ExchangeInstrument, takerRate: Money) => ({
  category: instrument.category,
  ...common(position, instrument, takerRate),
  entryPrice: formatDecimal(position.entryPrice),
  liqPrice:
    position.liquidationPrice === null
      ? position.size === ZERO
        ? '0'
        : ''
      : formatsOf(instrument).price(position.liquidationPrice),
  mmrSysUpdatedTime: '',
  sessionAvgPrice: '0',
});

/** (entry × qty − realised) ÷ (qty − |qty| × taker rate), quantities signed. */
function breakEven(position: ExchangePosition, instrument: ExchangeInstrument, takerRate: Money): string {
  if (position.size === ZERO) return '0';
  const cost = multiply(position.entryPrice, position.size, 'half_even') - position.currentRealisedPnl;
  const closing = multiply(absolute(position.size), maximum(takerRate, LEAST_CLOSING_RATE), 'half_even');
  const remaining = (position.size - closing) as Money;
  return shownQuotient(cost as Money, remaining, formatsOf(instrument).priceScale);
}
