import { formatDecimal } from '../../../domain/decimal.ts';
import type { ExchangeInstrument, PublicTrade } from '../../../ports/exchange.ts';
import { formatsOf } from '../numbers.ts';
import { sideWord } from '../words.ts';

/** Row of GET /v5/market/recent-trade (V5 docs, "Get Recent Public Trades"). */
export const recentTradeRow = (trade: PublicTrade, instrument: ExchangeInstrument) => ({
  execId: trade.tradeId,
  symbol: instrument.symbol,
  price: formatsOf(instrument).price(trade.price),
  size: formatDecimal(trade.qty),
  side: sideWord(trade.aggressor),
  time: String(trade.at),
  isBlockTrade: false,
  isRPITrade: false,
  seq: String(trade.seq),
});

/** Row of the public topic `publicTrade`; only derivatives say in which direction the price went. */
export function tradePush(trade: PublicTrade, instrument: ExchangeInstrument) {
  const { price, qty } = formatsOf(instrument);
  return {
    T: trade.at,
    s: instrument.symbol,
    S: sideWord(trade.aggressor),
    v: qty(trade.qty),
    p: price(trade.price),
    ...(instrument.category === 'spot' ? {} : { L: trade.tickDirection }),
    i: trade.tradeId,
    BT: false,
    RPI: false,
    seq: trade.seq,
  };
}
