import { addTraded, feeOn, NOT_TRADED } from '../../clearing/funds.ts';
import type { Fee } from '../../contract/orders.ts';
import { add, minimum, subtract, ZERO } from '../../domain/decimal.ts';
import { type AssetId, INTERNAL_VENUE, type Money, type VenueId } from '../../domain/ids.ts';
import type { Child } from '../../oms/child.ts';

/** Who takes what we charge at a venue: the internal venue itself, elsewhere the platform for routing there. */
const chargeKind = (venue: VenueId): Fee['kind'] => (venue === INTERNAL_VENUE ? 'venue' : 'routing');

/**
 * What was charged with each execution of a child, in the order of its executions, in quote currency: as it was booked
 * (`ChildFacts`), so that their sum is what the child was charged.
 */
export function chargesOf({ order, executions, rates }: Child, quoteScale: number): Money[] {
  let traded = NOT_TRADED;
  let charged = ZERO;
  return executions.map(({ liquidity, notional }) => {
    traded = addTraded(traded, liquidity, notional);
    const due = subtract(feeOn(traded, rates, quoteScale), charged);
    const charge = order.side === 'sell' ? minimum(due, notional) : due;
    charged = add(charged, charge);
    return charge;
  });
}

type Amount = Readonly<{ asset: AssetId; amount: Money }>;

/** Charged at a venue: by us, and what its executions carried. */
export type Charges = Readonly<{ venue: VenueId; charged: Amount; carried: readonly Amount[] }>;

/** Fees of one execution: the venue's own first. */
export function executionFees({ venue, charged, carried }: Charges): Fee[] {
  const fees: Fee[] = [
    ...carried.map((fee) => ({ ...fee, kind: 'venue' as const })),
    { ...charged, kind: chargeKind(venue) },
  ];
  return fees.filter(({ amount }) => amount !== 0n);
}

/** Fees of some children, one line per coin and kind. */
export function summedFees(children: readonly Charges[]): Fee[] {
  const sums = new Map<string, Fee>();
  const put = ({ asset, amount }: Amount, kind: Fee['kind']): void => {
    if (amount === 0n) return;
    const key = `${asset} ${kind}`;
    sums.set(key, { asset, kind, amount: add(sums.get(key)?.amount ?? ZERO, amount) });
  };
  for (const { venue, charged, carried } of children) {
    put(charged, chargeKind(venue));
    for (const fee of carried) put(fee, 'venue');
  }
  return [...sums.values()];
}
