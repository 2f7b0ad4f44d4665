import { formatDecimal } from '../../../domain/decimal.ts';
import type { ExchangeInstrument, PublicTrade } from '../../../ports/exchange.ts';
import { formatsOf } from '../numbers.ts';
import { sideWord } from '../words.ts';

/** What only a trade of an option says. */
const optionFields = ({ option }: PublicTrade): object =>
  option === undefined
    ? {}
    : {
        mP: formatDecimal(option.mark),
        iP: formatDecimal(option.index),
        mIv: formatDecimal(option.markIv),
        iv: formatDecimal(option.tradeIv),
      };

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
  ...optionFields(trade),
});

/** Row of the public topic `publicTrade`; only futures say in which direction the price went. */
export function tradePush(trade: PublicTrade, instrument: ExchangeInstrument) {
  const { price, qty } = formatsOf(instrument);
  return {
    T: trade.at,
    s: instrument.symbol,
    S: sideWord(trade.aggressor),
    v: qty(trade.qty),
    p: price(trade.price),
    ...(instrument.category === 'spot' || instrument.category === 'option' ? {} : { L: trade.tickDirection }),
    i: trade.tradeId,
    BT: false,
    RPI: false,
    seq: trade.seq,
    ...optionFields(trade),
  };
}
