import { formatDecimal, money } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { invariant } from '../../domain/result.ts';
import type { AttachedExits, ExchangeOrder, PlaceOrder, TradingStop } from '../../ports/exchange.ts';
import type { PaperExchange } from '../paper.ts';
import { ALICE, BOB, BTC, everything, limit, PERP, placed } from './harness.ts';

export const exit = (price: string, limitPrice: string | null = null) => ({
  price: money(price),
  by: 'last' as const,
  limitPrice: limitPrice === null ? null : money(limitPrice),
});
export const exits = (
  takeProfit: string | null,
  stopLoss: string | null,
  mode: AttachedExits['mode'] = 'full',
): Partial<PlaceOrder> => ({
  exits: {
    mode,
    takeProfit: takeProfit === null ? null : exit(takeProfit),
    stopLoss: stopLoss === null ? null : exit(stopLoss),
  },
});
const NO_STOP: TradingStop = {
  instrument: PERP,
  positionIdx: 0,
  mode: 'full',
  takeProfit: null,
  stopLoss: null,
  trailing: null,
  activePrice: null,
  size: null,
};
export const setStop = async (exchange: PaperExchange, stop: Partial<TradingStop>): Promise<string> => {
  const answer = await exchange.setTradingStop(ALICE, { ...NO_STOP, ...stop });
  return answer.ok ? 'done' : answer.error.code;
};
export const waiting = (exchange: PaperExchange, category: 'linear' | 'spot' = 'linear'): readonly ExchangeOrder[] =>
  exchange
    .orders(ALICE, { ...everything(category), recentlyClosed: false })
    .filter((order) => order.status === 'untriggered')
    .reverse();
export const shown = (orders: readonly ExchangeOrder[]) =>
  orders.map((one) => [
    one.stopKind,
    formatDecimal(one.qty),
    one.trigger === null ? '' : formatDecimal(one.trigger.price),
  ]);
export const position = (exchange: PaperExchange, idx = 0) => {
  const filter = { category: 'linear', instrument: PERP, settle: null, base: null } as const;
  const found = exchange.positions(ALICE, filter).find((one) => one.positionIdx === idx);
  invariant(found !== undefined, 'there is such a position');
  return found;
};

/** Depth around 60,000 on both sides, and a last price of it. */
export async function deep(exchange: PaperExchange, id = PERP): Promise<void> {
  await exchange.control.setReference(id, money('60000'));
  await placed(exchange, BOB, limit(id, 'sell', '0.001', '60000'));
  await exchange.control.trade({ instrument: id, side: 'buy', qty: money('0.001'), price: null });
  await placed(exchange, BOB, limit(id, 'buy', '4', '59990'));
  await placed(exchange, BOB, limit(id, 'sell', '4', '60010'));
}
/** The market goes there: its depth around the price, then a trade of the smallest quantity at it. */
export async function last(exchange: PaperExchange, price: string, id = PERP): Promise<void> {
  await exchange.cancelAll(BOB, everything(id === BTC ? 'spot' : 'linear'));
  await exchange.control.setReference(id, money(price));
  for (const side of ['buy', 'sell'] as const) {
    const away = side === 'buy' ? -money('10') : money('10');
    await placed(exchange, BOB, { ...limit(id, side, '4', price), price: (money(price) + away) as Money });
  }
  const orderId = await placed(exchange, BOB, limit(id, 'sell', '0.001', price));
  await exchange.control.fill({ uid: BOB, orderId, qty: null });
}
