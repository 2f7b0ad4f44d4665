import type { AssetId, InstrumentId, Money } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { ExchangePosition, MarginMode } from './exchange-account.ts';
import type { PositionIdx } from './exchange-order.ts';
import type { ExchangeRefusal } from './exchange-refusal.ts';

type Answer<T> = Promise<Result<T, ExchangeRefusal>>;

/** What an account does with its money besides trading: loans, and margin of its own choice. */
export interface ExchangeMoney {
  /** Loan of coins; what is owed for them bears no interest here. */
  borrow(uid: string, asset: AssetId, amount: Money): Answer<void>;
  /** Pays back; says how much. Refused where nothing is owed, or nothing is there to pay with. */
  repay(uid: string, repayment: Repayment): Answer<readonly CoinAmount[]>;
  /** Pays what a wallet is below zero, with other coins; null: in every coin. Not what was borrowed by request. */
  coverDebts(uid: string, asset: AssetId | null): Answer<readonly CoinAmount[]>;
  /** On which terms coins are lent and count as margin. */
  coinTerms(): readonly CoinLending[];
  /** The same with what it means for an account. */
  lending(uid: string): readonly AccountLending[];
  /** What of a coin spot orders of an account may use: its own, and with what it may borrow besides. */
  spotRoom(uid: string, asset: AssetId): Readonly<{ own: Money; borrowable: Money }>;
  /** Refused where it would bring an account or a position to its liquidation. */
  setMarginMode(uid: string, mode: MarginMode): Answer<void>;
  /** Isolated: adds margin to a position, below zero takes away what was added. */
  addMargin(uid: string, margin: AddedMargin): Answer<ExchangePosition>;
  /** Isolated: a position in danger takes margin from the wallet by itself. */
  setAutoAddMargin(uid: string, id: InstrumentId, idx: PositionIdx | null, on: boolean): Answer<void>;
}

export type CoinAmount = Readonly<{ asset: AssetId; amount: Money }>;

export type Repayment = Readonly<{
  /** Null: every coin that is owed. */
  asset: AssetId | null;
  /** Null: all that is owed. */
  amount: Money | null;
  /** Other coins may be sold for what is missing. */
  convert: boolean;
}>;

export type AddedMargin = Readonly<{ instrument: InstrumentId; idx: PositionIdx; amount: Money }>;

export type CoinLending = Readonly<{
  asset: AssetId;
  /** By rising quantity (`upTo` null: without end) what part of its value counts as margin; null: it never counts. */
  collateral: readonly Readonly<{ upTo: Money | null; ratio: Money }>[] | null;
  /** Of one hour, as a fraction; shown only. */
  hourlyRate: Money;
  /** Most that one account may borrow; zero: it is not lent. */
  limit: Money | null;
}>;

export type AccountLending = CoinLending &
  Readonly<{
    /** US dollars of one unit. */
    index: Money;
    isCollateral: boolean;
    wallet: Money;
    locked: Money;
    /** Borrowed by request, and owed altogether. */
    spotBorrow: Money;
    borrowed: Money;
    /** What may be borrowed besides. */
    available: Money;
  }>;
