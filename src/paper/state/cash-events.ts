import type { AssetId, InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import type { PositionIdx } from '../../ports/exchange.ts';

/**
 * Money that moves besides trades, because a time has come or somebody asked. `due` is when it was due: what fell due
 * while the exchange did not run is booked when it runs again.
 */
export type CashEvent = Readonly<
  /** Everything that was due until then has been done. */
  | { type: 'cash_until'; at: UnixMs; until: UnixMs }
  /** Funding of one perpetual. `residue`: what payers paid beyond what receivers got, for the insurance fund. */
  | {
      type: 'funded';
      at: UnixMs;
      due: UnixMs;
      instrument: InstrumentId;
      settle: AssetId;
      seq: number;
      rate: Money;
      mark: Money;
      index: Money;
      rows: readonly FundedRow[];
      residue: Money;
    }
  /** A dated contract at its end: every position is closed at `price`. */
  | {
      type: 'delivered';
      at: UnixMs;
      due: UnixMs;
      instrument: InstrumentId;
      settle: AssetId;
      kind: 'delivery' | 'settle';
      seq: number;
      price: Money;
      strike: Money | null;
      mark: Money;
      index: Money;
      rows: readonly DeliveredRow[];
      residue: Money;
    }
  /** USDC contracts: what positions gained at mark is booked, and from now on measured from there. */
  | {
      type: 'session_settled';
      at: UnixMs;
      due: UnixMs;
      instrument: InstrumentId;
      settle: AssetId;
      seq: number;
      mark: Money;
      rows: readonly SessionRow[];
    }
  /** A loan by request: the coins come from the exchange and are owed to it. */
  | { type: 'borrowed'; at: UnixMs; uid: string; asset: AssetId; amount: Money; hourlyRate: Money }
  | { type: 'repaid'; at: UnixMs; uid: string; asset: AssetId; amount: Money }
  /** Coins sold to the exchange for others, to pay a debt. */
  | {
      type: 'converted';
      at: UnixMs;
      uid: string;
      gives: Readonly<{ asset: AssetId; amount: Money }>;
      gets: Readonly<{ asset: AssetId; amount: Money }>;
    }
  /** Isolated: margin of one position, by hand (below zero: taken away). */
  | {
      type: 'margin_added';
      at: UnixMs;
      uid: string;
      instrument: InstrumentId;
      positionIdx: PositionIdx;
      amount: Money;
    }
  | {
      type: 'auto_margin_set';
      at: UnixMs;
      uid: string;
      instrument: InstrumentId;
      positionIdx: PositionIdx;
      on: boolean;
    }
>;

/** One position, as it stands at that moment. */
type Row = Readonly<{ uid: string; idx: PositionIdx; execId: string; orderId: string; size: Money }>;
/** `value` in the settle coin, unsigned; `cash`: received, below zero: paid. */
export type FundedRow = Row & Readonly<{ value: Money; cash: Money }>;
/** `realised` before the fee; of options it has what was paid for them in it, `cash` has not. */
export type DeliveredRow = FundedRow &
  Readonly<{ realised: Money; fee: Money; feeRate: Money; entryPrice: Money; entryValue: Money; openFee: Money }>;
/** `cost`: of the position from now on. */
export type SessionRow = Row & Readonly<{ cost: Money; cash: Money; entryPrice: Money }>;
