import type { InstrumentId, Money } from '../domain/ids.ts';
import type { Controlled } from './control-error.ts';

/** What the venue does to positions and money by its own right; what no engine does is not there. */
export interface MoneyControl {
  /** Takes (part of) a position over against the best ranked on the other side; null: all of it. */
  adl(uid: string, instrument: InstrumentId, qty: Money | null): Promise<Controlled<void>>;
  /** Takes (part of) a position over at its bankruptcy price. */
  bust(uid: string, instrument: InstrumentId, qty: Money | null): Promise<Controlled<void>>;
  /** Delivers or settles a contract; null: at its index. */
  settle(instrument: InstrumentId, price: Money | null): Promise<Controlled<void>>;
  /** Exchanges funding now; null: at the rate of now. */
  funding(instrument: InstrumentId, rate: Money | null): Promise<Controlled<void>>;
}
