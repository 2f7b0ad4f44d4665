import type { FeeRates } from '../../clearing/funds.ts';
import { ONE, quotient, ZERO } from '../../domain/decimal.ts';
import {
  INTERNAL_VENUE,
  type InstrumentId,
  instrumentId,
  type Money,
  type Side,
  splitInstrumentId,
  type VenueId,
} from '../../domain/ids.ts';
import type { Instrument, Listing } from '../../domain/instrument.ts';
import { type BookSource, consolidatedMid } from '../../market/consolidated.ts';
import { withoutOwnOrders } from '../../market/own-orders.ts';
import { type Reference, referencePrice } from '../../market/reference.ts';
import type { OrderContext, VenueContext } from '../../oms/context.ts';
import { type BookView, countsIn, type MarketFeed } from '../../ports/market.ts';
import type { AccountVenue } from '../../ports/venue-access.ts';
import type { Desk } from './desk.ts';
import type { GatewayParts } from './parts.ts';
import { defaultSettings } from './settings.ts';

/** Levels a side that a decision sees. */
const DEPTH = 200;
/** A book of another venue that has not changed or been repeated for this long is not decided on. */
export const STALE_AFTER_MS = 10_000;
const NO_FEE: FeeRates = { maker: ZERO, taker: ZERO };
/** Margin that a new position is assumed to need until the venue has told the leverage. */
const FULL_MARGIN = ONE;

/** Takes the picture of the world that one decision about an order of `side` is made on. Null for an instrument that nobody lists. */
export function buildContext(gateway: GatewayParts, desk: Desk, id: InstrumentId, side: Side): OrderContext | null {
  const instrument = gateway.instruments.get(id);
  if (instrument === null) return null;
  gateway.world.access.feed.watch(id);
  const venues = [...instrument.listings.values()].map((listing) =>
    venueContext(gateway, desk, instrument, listing, side),
  );
  return {
    instrument,
    quoteScale: gateway.instruments.scaleOf(instrument.quote),
    quoteInUsdt: quoteInUsdt(gateway, instrument),
    reference: referenceOf(gateway, instrument),
    halted: gateway.haltedReason(),
    venues,
    settings: defaultSettings(gateway.external),
  };
}

export const feedOf = (gateway: GatewayParts, venue: VenueId): MarketFeed =>
  venue === INTERNAL_VENUE ? gateway.internalFeed : gateway.world.access.feed;

const maxAgeOf = (venue: VenueId): number | null => (venue === INTERNAL_VENUE ? null : STALE_AFTER_MS);

/** A book, marked as not valid when it is too old to decide on, or counts in units that are not the listing's. */
function freshBook(gateway: GatewayParts, listing: Listing, id: InstrumentId, depth: number): BookView | null {
  const { venue } = listing;
  const book = feedOf(gateway, venue).book(id, depth);
  if (book === null) return null;
  const maxAge = maxAgeOf(venue);
  const isFresh = maxAge === null || gateway.clock.now() - book.receivedAt <= maxAge;
  if (isFresh && countsIn(book, listing)) return book;
  return { ...book, valid: false };
}

/** The venues' books as sources of the consolidated one. */
export function bookSources(gateway: GatewayParts, instrument: Instrument, depth: number): readonly BookSource[] {
  const { category } = instrument;
  return [...instrument.listings.keys()].map((venue) => {
    const { internal, assumed, routing } = gateway.world.fees;
    const feeRate =
      venue === INTERNAL_VENUE
        ? internal[category].taker
        : ((assumed[category].taker + routing[category].taker) as Money);
    return { venue, book: feedOf(gateway, venue).book(instrument.id, depth), feeRate, maxAgeMs: maxAgeOf(venue) };
  });
}

export function referenceOf(gateway: GatewayParts, instrument: Instrument): Reference | null {
  const now = gateway.clock.now();
  const venues = [...instrument.listings.keys()];
  return referencePrice({
    category: instrument.category,
    now,
    mid: consolidatedMid(instrument, bookSources(gateway, instrument, 1), now),
    lastTrades: venues
      .map((venue) => feedOf(gateway, venue).lastTrade(instrument.id))
      .filter((trade) => trade !== null),
    mark: gateway.world.access.feed.mark(instrument.id),
  });
}

function quoteInUsdt(gateway: GatewayParts, { quote }: Instrument): Money | null {
  if (quote === 'USDT') return ONE;
  const bridge = gateway.instruments.get(instrumentId('spot', `${quote}USDT`));
  return bridge === null ? null : (referenceOf(gateway, bridge)?.price ?? null);
}

function venueContext(
  gateway: GatewayParts,
  desk: Desk,
  instrument: Instrument,
  listing: Listing,
  side: Side,
): VenueContext {
  const { category, id } = instrument;
  const { venue } = listing;
  const { fees } = gateway.world;
  const book = freshBook(gateway, listing, id, DEPTH);
  const seen = book === null ? null : withoutOwnOrders(book, desk.state.openOrders.resting(venue, id), listing, side);
  const common = { venue, book: seen, marginRate: null };
  if (venue === INTERNAL_VENUE) {
    return { ...common, closed: null, fees: fees.internal[category], routing: NO_FEE, buyFeeIn: 'quote', balances: [] };
  }
  const connection = desk.connection?.venue ?? null;
  return {
    ...common,
    closed: desk.connection?.reconciler.wasReset === true ? 'VENUE_RESET' : closedReason(gateway, connection, id),
    fees: connection?.fees(id) ?? fees.assumed[category],
    routing: fees.routing[category],
    buyFeeIn: 'base',
    balances: balancesOf(desk, instrument),
    marginRate: category === 'spot' ? null : marginRate(connection, id),
  };
}

/** What the venue last said is free of the instrument's coins. */
function balancesOf(desk: Desk, { base, quote, settle }: Instrument): VenueContext['balances'] {
  return [...new Set([base, quote, settle])].flatMap((asset) => {
    const row = desk.balances.get(asset);
    if (row === undefined) return [];
    const free = row.wallet - row.borrowed - row.locked - row.margin;
    return [{ asset, free: (free > 0n ? free : 0n) as Money, at: row.at }];
  });
}

function closedReason(gateway: GatewayParts, connection: AccountVenue | null, id: InstrumentId): string | null {
  if (connection === null) return 'NOT_CONNECTED';
  const health = connection.health();
  if (!health.ready) return health.reason ?? 'NOT_READY';
  if (!connection.permits(splitInstrumentId(id).category)) return 'NOT_PERMITTED';
  return gateway.instruments.isTrading(id) ? null : 'INSTRUMENT_NOT_TRADING';
}

function marginRate(connection: AccountVenue | null, id: InstrumentId): Money {
  const leverage = connection?.leverage(id) ?? null;
  return leverage === null || leverage <= 0n ? FULL_MARGIN : quotient(ONE, leverage, 'up');
}
