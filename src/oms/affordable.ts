import { formatDecimal, minimum, multiply, quotient, ZERO } from '../domain/decimal.ts';
import type { Money } from '../domain/ids.ts';
import { priceOf, qtyOf } from '../domain/instrument.ts';
import type { RouteRequest, VenueQuote } from '../routing/request.ts';
import type { Denial } from './messages.ts';

/**
 * A spot order for more than all its venues' balances could ever pay is a mistake, and is refused whole: the books'
 * depth must not turn it into a smaller order that nobody asked for. Judged at each venue's best price, so that what
 * might still fit passes on to the router, which is exact.
 */
export function beyondMeans(question: RouteRequest): Denial | null {
  const { instrument, wanted, allowedVenues } = question;
  if (instrument.category !== 'spot') return null;
  const open = question.quotes.filter(
    ({ venue, excluded, book }) => excluded === null && book?.valid && (allowedVenues?.includes(venue) ?? true),
  );
  if (open.length === 0) return null;
  let most = ZERO as bigint;
  for (const quote of open) {
    const there = wanted.type === 'budget' ? spendable(quote) : payable(question, quote);
    if (there === null) return null;
    most += there;
  }
  const asked = wanted.type === 'budget' ? wanted.amount : qtyOf(instrument.grid, wanted.qty);
  if (asked <= most) return null;
  const details = { wanted: formatDecimal(asked), affordable: formatDecimal(most as Money) };
  const message = `The balances on the venues that may take this order pay for at most ${details.affordable} of it.`;
  return { code: 'INSUFFICIENT_BALANCE', message, details };
}

/** Null: nothing bounds it. */
const spendable = ({ funds }: VenueQuote): Money | null => (funds.type === 'unbounded' ? null : funds.available);

/** Base quantity that the balance pays for at the best price that a child could get; null: nothing bounds it. */
function payable({ instrument, side, limitPrice }: RouteRequest, { venue, book, funds }: VenueQuote): Money | null {
  if (funds.type === 'unbounded') return null;
  if (funds.type === 'quantity') return funds.available;
  const listing = instrument.listings.get(venue);
  if (listing === undefined) return ZERO;
  const best = (side === 'buy' ? book?.asks : book?.bids)?.[0]?.price;
  const touch = best === undefined ? null : priceOf(listing, best);
  const limit = limitPrice === null ? null : priceOf(instrument.grid, limitPrice);
  const price = touch === null || limit === null ? (touch ?? limit) : minimum(touch, limit);
  if (price === null) return ZERO;
  return quotient(funds.available, multiply(price, funds.rate, 'down'), 'up');
}
