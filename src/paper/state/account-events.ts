import type { AssetId, InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import type { AccountSettings, PositionIdx } from '../../ports/exchange.ts';

/** What happens to accounts besides orders and trades. */
export type AccountEvent = Readonly<
  | { type: 'deposited'; at: UnixMs; uid: string; asset: AssetId; amount: Money }
  /** Between the trading (`unified`) and the funding account of one or two users. */
  | {
      type: 'transferred';
      at: UnixMs;
      transferId: string;
      asset: AssetId;
      amount: Money;
      from: Readonly<{ uid: string; wallet: 'unified' | 'fund' }>;
      to: Readonly<{ uid: string; wallet: 'unified' | 'fund' }>;
    }
  | { type: 'settings_set'; at: UnixMs; uid: string; settings: AccountSettings }
  | {
      type: 'leverage_set';
      at: UnixMs;
      uid: string;
      instrument: InstrumentId;
      positionIdx: PositionIdx;
      leverage: Money;
    }
>;
