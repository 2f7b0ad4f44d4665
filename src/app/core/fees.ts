import type { FeeRates } from '../../clearing/funds.ts';
import { money } from '../../domain/decimal.ts';
import type { Category } from '../../domain/ids.ts';

/** What the platform charges: as a venue, and for routing to another. Fractions of notional. */
export type FeeSchedule = Readonly<{
  internal: Readonly<Record<Category, FeeRates>>;
  routing: Readonly<Record<Category, FeeRates>>;
  /** What the other venue is assumed to charge until it has told the account's own rates. */
  assumed: Readonly<Record<Category, FeeRates>>;
}>;

const same = (rate: string): FeeRates => ({ maker: money(rate), taker: money(rate) });

/** The published fee table: 0.1 % on spot, 0.05 % on futures, 0.03 % on options; routing 0.05 %, 0.05 %, 0.02 %. */
export const DEFAULT_FEES: FeeSchedule = {
  internal: { spot: same('0.001'), linear: same('0.0005'), inverse: same('0.0005'), option: same('0.0003') },
  routing: { spot: same('0.0005'), linear: same('0.0005'), inverse: same('0.0005'), option: same('0.0002') },
  assumed: {
    spot: same('0.001'),
    linear: { maker: money('0.0002'), taker: money('0.00055') },
    inverse: { maker: money('0.0002'), taker: money('0.00055') },
    option: same('0.0003'),
  },
};

/** For a desk that routes for itself. */
export const withoutRoutingFee = (fees: FeeSchedule): FeeSchedule => {
  const none = same('0');
  return { ...fees, routing: { spot: none, linear: none, inverse: none, option: none } };
};
