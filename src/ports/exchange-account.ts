import type { AssetId, Category, InstrumentId, Money, Side, UnixMs } from '../domain/ids.ts';
import type { CreatedBy, ExecutionKind, ExitTerms, PositionIdx } from './exchange-order.ts';

export type FeeRates = Readonly<{ maker: Money; taker: Money }>;

export type Wallet = Readonly<{
  coins: readonly WalletCoin[];
  /** In USD. */
  totals: Readonly<{
    equity: Money;
    walletBalance: Money;
    /** Wallet balance and unrealised profit of futures. */
    marginBalance: Money;
    available: Money;
    perpUnrealised: Money;
    initialMargin: Money;
    maintenanceMargin: Money;
  }>;
}>;

export type WalletCoin = Readonly<{
  asset: AssetId;
  /** May be below zero: what is owed is then borrowed. */
  wallet: Money;
  equity: Money;
  usdValue: Money;
  /** Locked by spot orders. */
  locked: Money;
  orderMargin: Money;
  positionMargin: Money;
  maintenanceMargin: Money;
  unrealisedPnl: Money;
  realisedPnl: Money;
  /** Borrowed by request; it is part of `wallet` and owed all the same. */
  spotBorrow: Money;
  /** Everything that is owed. */
  borrowAmount: Money;
  accruedInterest: Money;
  /** Does it count as collateral, by the account's choice and by the exchange's? */
  collateralSwitch: boolean;
  marginCollateral: boolean;
}>;

export type ExchangePosition = Readonly<{
  instrument: InstrumentId;
  positionIdx: PositionIdx;
  /** Signed: positive is long. */
  size: Money;
  entryPrice: Money;
  /** USDC contracts: entry price as the last session settlement left it; null for all others. */
  sessionEntryPrice: Money | null;
  markPrice: Money;
  notional: Money;
  leverage: Money;
  initialMargin: Money;
  maintenanceMargin: Money;
  unrealisedPnl: Money;
  /** Since the position was opened, and since the account exists; fees included. */
  currentRealisedPnl: Money;
  totalRealisedPnl: Money;
  liquidationPrice: Money | null;
  /** Isolated only: where the position's own margin is used up. */
  bankruptcyPrice: Money | null;
  breakEvenPrice: Money | null;
  /** Margin that stands behind the position. */
  balance: Money;
  /** Risk tier, counted from 1, and the largest value that the leverage allows; null: no limit. */
  riskId: number;
  riskLimitValue: Money | null;
  /** Exits of the whole position; of the trailing stop its distance. */
  takeProfit: Money | null;
  stopLoss: Money | null;
  trailingStop: Money | null;
  autoAddMargin: boolean;
  /** Options only: of the whole position. Vega for one percentage point of volatility, theta for a day. */
  greeks: Readonly<{ delta: Money; gamma: Money; vega: Money; theta: Money }> | null;
  createdAt: UnixMs | null;
  updatedAt: UnixMs | null;
  seq: number;
}>;

/** The two differ only in hedge mode with isolated margin. */
export type LeveragePair = Readonly<{ buy: Money; sell: Money }>;

export type PositionFilter = Readonly<{
  category: Category;
  instrument: InstrumentId | null;
  settle: AssetId | null;
  base: AssetId | null;
}>;

export type MarginMode = 'cross' | 'isolated';

/** What an account has chosen. */
export type AccountSettings = Readonly<{
  marginMode: MarginMode;
  /** Hedge mode by instrument (`linear:BTCUSDT`) or, for what is not named, by settle coin (`USDT`). */
  hedged: Readonly<Record<string, boolean>>;
  spotMargin: Readonly<{ on: boolean; leverage: Money }>;
  /** Coins that do not count as collateral. */
  notCollateral: readonly AssetId[];
  /** A limit price beyond the band: refused, or moved to its edge. */
  beyondBand: Readonly<{ spot: 'refuse' | 'clamp'; futures: 'refuse' | 'clamp' }>;
  /** Seconds without any guarded link after which orders are canceled; null: off. */
  dcp: Readonly<Record<'spot' | 'derivatives' | 'options', number | null>>;
  deltaMode: boolean;
  /** Accounts of one group do not trade with each other; 0: none. */
  smpGroup: number;
}>;

/** Everything that the queries list of an account besides orders and executions, newest last. */
export type AccountRecord =
  | TransferRecord
  | LedgerRecord
  | ClosedPnlRecord
  | DeliveryRecord
  | SettlementRecord
  | BorrowRecord;
export type RecordKind = AccountRecord['kind'];
export type RecordOf<K extends RecordKind> = Extract<AccountRecord, { kind: K }>;

/** One change of one coin's wallet. change = cashFlow + funding − fee. */
export type LedgerRecord = Readonly<{
  kind: 'ledger';
  id: string;
  at: UnixMs;
  type:
    | 'trade'
    | 'funding'
    | 'settlement'
    | 'delivery'
    | 'liquidation'
    | 'adl'
    | 'transfer_in'
    | 'transfer_out'
    | 'borrow'
    | 'repay'
    | 'interest'
    | 'convert_out'
    | 'convert_in'
    | 'deposit';
  asset: AssetId;
  instrument: InstrumentId | null;
  side: Side | null;
  qty: Money;
  /** Position after it, signed. */
  size: Money;
  price: Money;
  /** Positive is received. */
  funding: Money;
  /** Positive is paid. */
  fee: Money;
  feeRate: Money;
  cashFlow: Money;
  change: Money;
  /** Wallet after it. */
  balance: Money;
  tradeId: string;
  orderId: string;
  clientOrderId: string | null;
}>;

/** What one execution of a futures contract closed. */
export type ClosedPnlRecord = Readonly<{
  kind: 'closed_pnl';
  at: UnixMs;
  instrument: InstrumentId;
  orderId: string;
  /** Of the closing order. */
  side: Side;
  orderType: 'market' | 'limit' | 'unknown';
  createdBy: CreatedBy;
  execution: ExecutionKind;
  orderQty: Money;
  orderPrice: Money;
  closedQty: Money;
  entryValue: Money;
  exitValue: Money;
  openFee: Money;
  closeFee: Money;
  pnl: Money;
  leverage: Money;
  createdAt: UnixMs;
}>;

export type DeliveryRecord = Readonly<{
  kind: 'delivery';
  at: UnixMs;
  instrument: InstrumentId;
  side: Side;
  position: Money;
  entryPrice: Money;
  deliveryPrice: Money;
  strike: Money | null;
  fee: Money;
  pnl: Money;
}>;

/** The trading account (Bybit's UNIFIED) and the one that does not trade (FUND). */
export type WalletName = 'unified' | 'fund';
export type TransferEnd = Readonly<{ uid: string; wallet: WalletName }>;
export type NewTransfer = Readonly<{
  /** The client's own, a UUID: the same again is refused. */
  transferId: string;
  asset: AssetId;
  amount: Money;
  from: TransferEnd;
  to: TransferEnd;
}>;
export type Transfer = NewTransfer & Readonly<{ at: UnixMs }>;
/** Of both users, where there are two. */
export type TransferRecord = Transfer & Readonly<{ kind: 'transfer' }>;

/** Session settlement of USDC contracts. */
export type SettlementRecord = Readonly<{
  kind: 'settlement';
  at: UnixMs;
  instrument: InstrumentId;
  side: Side;
  size: Money;
  sessionAvgPrice: Money;
  markPrice: Money;
  pnl: Money;
}>;

export type BorrowRecord = Readonly<{
  kind: 'borrow';
  at: UnixMs;
  asset: AssetId;
  hourlyRate: Money;
  amount: Money;
  interest: Money;
}>;

export type { ExitTerms };
