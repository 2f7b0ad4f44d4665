import type { FeeRates, Traded } from '../clearing/funds.ts';
import type { AssetId, ExecId, Money, OrderId } from '../domain/ids.ts';
import type { ChildOrder, Execution } from '../domain/order.ts';

export type Reserve = Readonly<{ asset: AssetId; amount: Money }>;

/** A child order and what hangs on it. */
export type Child = {
  order: ChildOrder;
  readonly parent: OrderId;
  readonly round: number;
  readonly rates: FeeRates;
  /** Still held (internal venue) or claimed (another venue). */
  reserve: Reserve;
  traded: Traded;
  /** Fee charged so far: of the internal venue, or for routing. */
  charged: Money;
  executions: Execution[];
  /** Ids of the executions above: a fill that comes twice is booked once. */
  readonly seen: Set<ExecId>;
  closing: Readonly<{ status: 'canceled' | 'expired' | 'rejected'; reason: string; cumQty: Money }> | null;
};
