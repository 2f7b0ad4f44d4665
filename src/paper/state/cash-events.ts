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
