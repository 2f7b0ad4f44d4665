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
    const there = wanted.type === 'budget' ? spendable(quote) : payable(question, quote, open);
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

/**
 * Base quantity that the balance pays for at the best price that a child could get: an empty book is judged at the best
 * price of the others. Null: nothing bounds it, or nowhere is anything to trade with, which is for the router to say.
 */
function payable(question: RouteRequest, quote: VenueQuote, open: readonly VenueQuote[]): Money | null {
  const { funds } = quote;
  if (funds.type === 'unbounded') return null;
  if (funds.type === 'quantity') return funds.available;
  const touches = open.map((one) => touchOf(question, one)).filter((touch) => touch !== null);
  const touch = touchOf(question, quote) ?? (touches.length === 0 ? null : touches.reduce(minimum));
  const { limitPrice, instrument } = question;
  const limit = limitPrice === null ? null : priceOf(instrument.grid, limitPrice);
  const price = touch === null || limit === null ? (touch ?? limit) : minimum(touch, limit);
  if (price === null) return null;
  return quotient(funds.available, multiply(price, funds.rate, 'down'), 'up');
}

/** Best price that a taker could have there; null where there is none. */
function touchOf({ instrument, side }: RouteRequest, { venue, book }: VenueQuote): Money | null {
  const listing = instrument.listings.get(venue);
  const best = (side === 'buy' ? book?.asks : book?.bids)?.[0]?.price;
  return listing === undefined || best === undefined ? null : priceOf(listing, best);
}
