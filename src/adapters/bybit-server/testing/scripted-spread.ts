import { err } from '../../../domain/result.ts';
import type { ExchangeSpread } from '../../../ports/exchange.ts';

const refusal = { code: 'INSTRUMENT_NOT_FOUND', detail: 'this exchange has no combos' } as const;
const refused = async () => err(refusal);
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
  place: refused,
  amend: refused,
  cancel: refused,
  cancelAll: refused,
  maxQty: () => err(refusal),
  orders: () => [],
  orderHistory: () => [],
  executions: () => [],
  onPublic: () => {},
  onPrivate: () => {},
};
