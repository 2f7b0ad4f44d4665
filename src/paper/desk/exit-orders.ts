import type { Money, Side } from '../../domain/ids.ts';
import type {
  CreatedBy,
  ExchangeOrder,
  ExitTerms,
  OrderTerms,
  PositionIdx,
  StopKind,
  Trailing,
} from '../../ports/exchange.ts';
import { accountOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { accept, isWaiting } from './accept.ts';
import type { Decision } from './decision.ts';
import { isExit } from './exit-kinds.ts';
import { type ExitSide, exitTrigger } from './exit-terms.ts';
import type { Hold } from './funds.ts';
import { NO_HOLD } from './waiting.ts';

/** Whose way out an order is. */
export type ExitOf = Readonly<{
  uid: string;
  market: Market;
  idx: PositionIdx;
  /** Side of what was opened. */
  entry: Side;
  parent: OrderTerms['parent'];
}>;

const CREATED_BY: Readonly<Partial<Record<StopKind, CreatedBy>>> = {
  take_profit: 'take_profit',
  stop_loss: 'stop_loss',
  partial_take_profit: 'partial_take_profit',
  partial_stop_loss: 'partial_stop_loss',
  trailing_stop: 'trailing_stop',
};

type Made = Readonly<{ kind: StopKind; qty: Money; oco: string | null; hold: Hold }>;

/** What waits for the ways out of one position, oldest first. */
export function exitsOf(decision: Decision, uid: string, market: Market, idx: PositionIdx): readonly ExchangeOrder[] {
  const { open } = accountOf(decision.desk.state.accounts, uid);
  const orders: ExchangeOrder[] = [];
  for (const { order } of open.values()) {
    if (order.instrument === market.id && order.positionIdx === idx && isExit(order) && isWaiting(order)) {
      orders.push(order);
    }
  }
  return orders;
}

/** A take profit or stop loss begins to wait. */
export function addExit(decision: Decision, of: ExitOf, which: ExitSide, terms: ExitTerms, made: Made): string {
  const trigger = exitTrigger(which, of.entry, terms);
  return begin(decision, of, { price: terms.limitPrice, boundPrice: terms.limitPrice ?? terms.price, trigger }, made);
}

/** A trailing stop begins to wait: for its first price, or to follow from where the price is. */
export function addTrailing(decision: Decision, of: ExitOf, trailing: Trailing, qty: Money): string {
  const boundPrice = trailing.activePrice ?? trailing.extreme ?? of.market.last;
  const made = { kind: 'trailing_stop', qty, oco: null, hold: NO_HOLD } as const;
  return begin(decision, of, { price: null, boundPrice, trigger: null, trailing }, made);
}

function begin(
  decision: Decision,
  of: ExitOf,
  waits: Pick<OrderTerms, 'price' | 'boundPrice' | 'trigger'> & { readonly trailing?: Trailing },
  made: Made,
): string {
  const spot = of.market.instrument.category === 'spot';
  const { price, boundPrice, trigger, trailing = null } = waits;
  const terms = {
    price,
    boundPrice,
    trigger,
    trailing,
    clientOrderId: null,
    side: of.entry === 'buy' ? 'sell' : 'buy',
    type: price === null ? 'market' : 'limit',
    qty: made.qty,
    qtyIn: 'base',
    timeInForce: price === null ? 'ioc' : 'gtc',
    reduceOnly: !spot,
    slippage: null,
    selfTrade: 'none',
    positionIdx: of.idx,
    leverage: false,
    closeOnTrigger: !spot,
    exits: null,
    bbo: null,
    iv: null,
    mmp: false,
    createdBy: CREATED_BY[made.kind] ?? 'user',
    stopKind: made.kind,
    parent: of.parent,
    ocoOrderId: made.oco,
  } as const;
  return accept(decision, of.uid, of.market, terms, { waits: true, hold: made.hold });
}

/** Makes the earlier of two know the later, which knows it already. */
export function pairWith(decision: Decision, uid: string, orderId: string, ocoOrderId: string): void {
  const kept = { trigger: null, trailing: null, exits: null } as const;
  decision.emit({ type: 'conditions_set', at: decision.at, uid, orderId, ocoOrderId, ...kept });
}

/** Changes the quantity of one that waits. */
export function resize(decision: Decision, uid: string, order: ExchangeOrder, qty: Money, held: Money): void {
  const { orderId, boundPrice } = order;
  decision.emit({ type: 'amended', at: decision.at, uid, orderId, price: boundPrice, qty, held });
}
