import { ok, type Result } from '../../domain/result.ts';
import {
  type AccountSettings,
  type ExchangeInstrument,
  type ExchangeRefusal,
  isFuture,
  type PlaceOrder,
  type PositionIdx,
} from '../../ports/exchange.ts';
import { refuse } from '../rules/refusal.ts';
import { settingsOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { Decision } from './decision.ts';

/** Only USDT perpetuals know hedge mode (V5 docs, "Switch Position Mode"). */
export const mayHedge = ({ contract, settle, category }: ExchangeInstrument): boolean =>
  category === 'linear' && contract?.kind === 'perpetual' && settle === 'USDT';

/** What is said of an instrument counts before what is said of its settle coin. */
export const isHedged = (settings: AccountSettings, instrument: ExchangeInstrument): boolean =>
  mayHedge(instrument) && (settings.hedged[instrument.id] ?? settings.hedged[instrument.settle] ?? false);

/** The positions that an account may have in an instrument. */
export const indexesOf = (settings: AccountSettings, instrument: ExchangeInstrument): readonly PositionIdx[] =>
  isHedged(settings, instrument) ? [1, 2] : [0];

export const IDX_MISMATCH = refuse('POSITION_IDX_MISMATCH', 'position idx not match position mode');

/** Does an order of this side only close the position of its index? In one-way mode that depends on the position. */
export const onlyCloses = (idx: PositionIdx, side: PlaceOrder['side']): boolean =>
  idx === 1 ? side === 'sell' : idx === 2 && side === 'buy';

/**
 * The order with the index of its position checked. In hedge mode a sell of the long (a buy of the short) can only
 * close; so can an order that is to close on its trigger.
 */
export function inMode(
  decision: Decision,
  uid: string,
  market: Market,
  order: PlaceOrder,
): Result<PlaceOrder, ExchangeRefusal> {
  const { instrument } = market;
  const allowed = indexesOf(settingsOf(decision.desk.state, uid), instrument);
  if (!allowed.includes(order.positionIdx)) return IDX_MISMATCH;
  if (!isFuture(instrument)) return ok(order);
  const { marginMode, notCollateral } = settingsOf(decision.desk.state, uid);
  const { settle, contract } = instrument;
  if (
    contract?.valuation === 'inverse' &&
    marginMode === 'cross' &&
    !order.reduceOnly &&
    notCollateral.includes(settle)
  )
    return refuse('SETTLE_NOT_COLLATERAL', `${settle} is not the account's collateral`);
  const closes = order.reduceOnly || order.closeOnTrigger || onlyCloses(order.positionIdx, order.side);
  return ok(closes === order.reduceOnly ? order : { ...order, reduceOnly: closes });
}
