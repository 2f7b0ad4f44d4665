import type { Category, Side } from '../../domain/ids.ts';
import type { SelfTradePrevention, TimeInForce } from '../../domain/order.ts';
import type {
  CloseReason,
  CreatedBy,
  ExchangeExecution,
  ExchangeOrder,
  StopKind,
  TriggerBy,
} from '../../ports/exchange.ts';

/** Bybit's words for the core's (V5 docs, "Enums Definitions"), both directions where clients send them. */

export const SIDES = { Buy: 'buy', Sell: 'sell' } as const satisfies Record<string, Side>;
export const sideWord = (side: Side): 'Buy' | 'Sell' => (side === 'buy' ? 'Buy' : 'Sell');

export const ORDER_TYPES = { Market: 'market', Limit: 'limit' } as const satisfies Record<
  string,
  ExchangeOrder['type']
>;
const ORDER_TYPE_WORDS = { market: 'Market', limit: 'Limit', unknown: 'UNKNOWN' } as const;
export const orderTypeWord = (type: ExchangeExecution['orderType']): string => ORDER_TYPE_WORDS[type];

export const TIMES_IN_FORCE = {
  GTC: 'gtc',
  IOC: 'ioc',
  FOK: 'fok',
  PostOnly: 'post_only',
} as const satisfies Record<string, TimeInForce>;
const TIME_IN_FORCE_WORDS = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', post_only: 'PostOnly' } as const;
export const timeInForceWord = (value: TimeInForce): string => TIME_IN_FORCE_WORDS[value];

export const SMP_TYPES = {
  None: 'none',
  CancelMaker: 'cancel_maker',
  CancelTaker: 'cancel_taker',
  CancelBoth: 'cancel_both',
} as const satisfies Record<string, SelfTradePrevention>;
const SMP_WORDS = {
  none: 'None',
  cancel_maker: 'CancelMaker',
  cancel_taker: 'CancelTaker',
  cancel_both: 'CancelBoth',
} as const;
export const smpWord = (value: SelfTradePrevention): string => SMP_WORDS[value];

export const TRIGGER_BY = { LastPrice: 'last', IndexPrice: 'index', MarkPrice: 'mark' } as const satisfies Record<
  string,
  TriggerBy
>;
const TRIGGER_BY_WORDS = { last: 'LastPrice', index: 'IndexPrice', mark: 'MarkPrice' } as const;
export const triggerByWord = (by: TriggerBy): string => TRIGGER_BY_WORDS[by];

export const BBO_SIDES = { Queue: 'queue', Counterparty: 'counterparty' } as const;

export const STOP_KINDS = {
  stop: 'Stop',
  take_profit: 'TakeProfit',
  stop_loss: 'StopLoss',
  partial_take_profit: 'PartialTakeProfit',
  partial_stop_loss: 'PartialStopLoss',
  trailing_stop: 'TrailingStop',
  tpsl: 'tpslOrder',
  oco: 'OcoOrder',
  bidirectional_tpsl: 'BidirectionalTpslOrder',
} as const satisfies Record<StopKind, string>;

/** `stopOrderType`: orders that never waited have none, which spot says with an empty text. */
export const stopKindWord = (kind: StopKind | null, spot: boolean): string =>
  kind === null ? (spot ? '' : 'UNKNOWN') : STOP_KINDS[kind];

export const CREATED_BY = {
  user: 'CreateByUser',
  closing: 'CreateByClosing',
  settle: 'CreateBySettle',
  stop_order: 'CreateByStopOrder',
  take_profit: 'CreateByTakeProfit',
  partial_take_profit: 'CreateByPartialTakeProfit',
  stop_loss: 'CreateByStopLoss',
  partial_stop_loss: 'CreateByPartialStopLoss',
  trailing_stop: 'CreateByTrailingStop',
  liquidation: 'CreateByLiq',
  takeover: 'CreateByTakeOver_PassThrough',
  adl: 'CreateByAdl_PassThrough',
  future_spread: 'CreateByFutureSpread',
  bbo: 'CreateByBboOrder',
} as const satisfies Record<CreatedBy, string>;

/** A canceled order with fills has a status of its own on spot; on derivatives it is `Cancelled` all the same. */
export function statusWord(order: ExchangeOrder, category: Category): string {
  switch (order.status) {
    case 'untriggered':
      return 'Untriggered';
    case 'triggered':
      return 'Triggered';
    case 'deactivated':
      return 'Deactivated';
    case 'new':
      return 'New';
    case 'partially_filled':
      return 'PartiallyFilled';
    case 'filled':
      return 'Filled';
    case 'rejected':
      return 'Rejected';
    case 'canceled':
      return category === 'spot' && order.cumQty > 0n ? 'PartiallyFilledCanceled' : 'Cancelled';
  }
}

type Ending = Readonly<{ cancelType: string; rejectReason: string }>;

/** `cancelType` and `rejectReason` of each way in which an order ends. */
const ENDINGS: Readonly<Record<CloseReason, Ending>> = {
  filled: { cancelType: 'UNKNOWN', rejectReason: 'EC_NoError' },
  by_user: { cancelType: 'CancelByUser', rejectReason: 'EC_PerCancelRequest' },
  ioc_unfilled: { cancelType: 'UNKNOWN', rejectReason: 'EC_NoImmediateQtyToFill' },
  fok_unfilled: { cancelType: 'UNKNOWN', rejectReason: 'EC_CancelForNoFullFill' },
  post_only_would_take: { cancelType: 'UNKNOWN', rejectReason: 'EC_PostOnlyWillTakeLiquidity' },
  self_trade: { cancelType: 'CancelBySmp', rejectReason: 'EC_BySelfMatch' },
  no_liquidity: { cancelType: 'UNKNOWN', rejectReason: 'EC_NoImmediateQtyToFill' },
  reduce_only: { cancelType: 'CancelByReduceOnly', rejectReason: 'EC_NoError' },
  insufficient_margin: { cancelType: 'UNKNOWN', rejectReason: 'EC_Others' },
  price_band: { cancelType: 'UNKNOWN', rejectReason: 'EC_ReachMarketPriceLimit' },
  admin: { cancelType: 'CancelByAdmin', rejectReason: 'EC_NoError' },
  exits_cleared: { cancelType: 'CancelByTpSlTsClear', rejectReason: 'EC_NoError' },
  oco_other_triggered_tp: { cancelType: 'CancelByOCOSlCanceledByTpTriggered', rejectReason: 'EC_NoError' },
  oco_other_triggered_sl: { cancelType: 'CancelByOCOTpCanceledBySlTriggered', rejectReason: 'EC_NoError' },
  dcp: { cancelType: 'CancelByDCP', rejectReason: 'EC_NoError' },
  before_liquidation: { cancelType: 'CancelByPrepareLiq', rejectReason: 'EC_NoError' },
  all_before_liquidation: { cancelType: 'CancelAllBeforeLiq', rejectReason: 'EC_NoError' },
  before_adl: { cancelType: 'CancelByPrepareAdl', rejectReason: 'EC_NoError' },
  settle: { cancelType: 'CancelBySettle', rejectReason: 'EC_NoError' },
  delivery: { cancelType: 'CancelByDelivery', rejectReason: 'EC_NoError' },
  rebalance: { cancelType: 'CancelByRebalance', rejectReason: 'EC_NoError' },
  mmp: { cancelType: 'CancelByMmpTriggered', rejectReason: 'EC_CancelByMMP' },
  cannot_afford: { cancelType: 'CancelByCannotAffordOrderCost', rejectReason: 'EC_NoError' },
};
/** Every way in which an order ends, in the exchange's words. */
export const CLOSE_REASONS = Object.keys(ENDINGS) as readonly CloseReason[];
const STILL_OPEN: Ending = { cancelType: 'UNKNOWN', rejectReason: 'EC_NoError' };

export const endingOf = (order: Pick<ExchangeOrder, 'closeReason'>): Ending =>
  order.closeReason === null ? STILL_OPEN : ENDINGS[order.closeReason];

export const EXEC_TYPES = {
  trade: 'Trade',
  adl: 'AdlTrade',
  bust: 'BustTrade',
  delivery: 'Delivery',
  settle: 'Settle',
  future_spread: 'FutureSpread',
  move_position: 'MovePosition',
  funding: 'Funding',
} as const satisfies Record<ExchangeExecution['kind'], string>;
