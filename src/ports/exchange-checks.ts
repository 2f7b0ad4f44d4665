import type { AssetId, InstrumentId, Money, Side } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { PlaceOrder } from './exchange-order.ts';
import type { ExchangeRefusal } from './exchange-refusal.ts';

/** Initial and maintenance margin of an account as fractions of what stands against them. */
export type MarginRates = Readonly<{ initial: Money; maintenance: Money }>;

/** What an order would do to an account's margin; `refusal`: it could not be paid for. */
export type PreChecked = Readonly<{
  orderId: string;
  before: MarginRates;
  after: MarginRates;
  refusal: ExchangeRefusal | null;
}>;

/** The most that a spot order of one side may be, with what may be borrowed and without. */
export type BorrowChecked = Readonly<{
  maxQty: Money;
  maxAmount: Money;
  ownQty: Money;
  ownAmount: Money;
  borrows: AssetId;
}>;

export type GuardedProduct = 'spot' | 'derivatives' | 'options';

/** Questions about orders that are not placed, and the end of those that nobody guards any more. */
export interface ExchangeChecks {
  preCheck(uid: string, order: PlaceOrder): Promise<Result<PreChecked, ExchangeRefusal>>;
  borrowCheck(uid: string, id: InstrumentId, side: Side): BorrowChecked;
  /** Cancels every working order of a product, because every link that was to guard it is gone; says how many. */
  cancelUnguarded(uid: string, product: GuardedProduct): Promise<Result<number, ExchangeRefusal>>;
}
