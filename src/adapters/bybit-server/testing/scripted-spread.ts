import type { ExchangeSpread } from '../../../ports/exchange.ts';

const none = (): never => {
  throw new RangeError('this exchange has no combos');
};

/** An exchange without combos. */
export const NO_SPREADS: ExchangeSpread = {
  instruments: () => [],
  instrument: () => null,
  book: none,
  ticker: none,
  recentTrades: none,
  place: none,
  amend: none,
  cancel: none,
  cancelAll: none,
  maxQty: none,
  orders: () => [],
  orderHistory: () => [],
  executions: () => [],
  onPublic: () => {},
  onPrivate: () => {},
};
