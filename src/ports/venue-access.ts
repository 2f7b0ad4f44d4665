import type { AssetId, Category, InstrumentId, Money, UnixMs, VenueId } from '../domain/ids.ts';
import type { ListingTerms } from '../domain/instrument.ts';
import type { Result } from '../domain/result.ts';
import type { MarketFeed } from './market.ts';
import type { Unavailable, Venue } from './venue.ts';

/**
 * A venue outside of this process: its public market, and the door through which an account's key lets us in. One per
 * instance and venue; `Venue` is what an account gets from it.
 */
export interface VenueAccess {
  readonly id: VenueId;
  readonly feed: MarketFeed;
  /** Every instrument that trades there, complete or an error. Ask again from time to time: terms change. */
  instruments(): Promise<Result<readonly VenueInstrument[], Unavailable>>;
  /** Tries a key live, before it is stored: signature, permissions, addresses, expiry, clock. */
  check(key: VenueKey): Promise<Result<KeyReport, KeyRefusal>>;
  /** Opens the account's own connection and keeps it open until `close`. Its links come up by themselves. */
  open(key: VenueKey, report: KeyReport): AccountVenue;
  /** Drops the market connections. */
  close(): Promise<void>;
}

export type VenueInstrument = Readonly<{
  category: Category;
  symbol: string;
  base: AssetId;
  quote: AssetId;
  settle: AssetId;
  terms: ListingTerms;
  trading: boolean;
}>;

export type VenueKey = Readonly<{ apiKey: string; apiSecret: string }>;

export type KeyReport = Readonly<{
  /** The venue's id of the account behind the key. */
  uid: string;
  /** `group:word`, as the venue names them. */
  permissions: readonly string[];
  readOnly: boolean;
  canTrade: readonly Category[];
  canTransfer: boolean;
  /** May take money out, or move it to others: never accepted. */
  canWithdraw: boolean;
  ipBound: boolean;
  expiresAt: UnixMs | null;
}>;

/** `hint` says what to do, for people. */
export type KeyRefusal = Readonly<{
  code: 'INVALID_KEY' | 'BAD_SIGNATURE' | 'IP_NOT_ALLOWED' | 'EXPIRED' | 'CLOCK_SKEW' | 'FORBIDDEN' | 'UNREACHABLE';
  venueCode: string;
  hint: string;
}>;

export type LinkName = 'rest' | 'publicStream' | 'privateStream' | 'tradeSocket';
export type LinkView = Readonly<{
  name: LinkName;
  state: 'up' | 'down' | 'connecting' | 'not_available';
  latencyMs: number | null;
  lastMessageAt: UnixMs | null;
  hint: string | null;
}>;
export type LinkCheck = Readonly<{
  name: 'restTime' | 'signedRead' | 'privateStream' | 'tradeSocket' | 'publicStream';
  result: 'ok' | 'failed' | 'not_available';
  latencyMs: number | null;
  hint: string | null;
}>;

/** An account's connection. */
export interface AccountVenue extends Venue {
  readonly uid: string;
  /** The account's own rates, fractions of notional; null until the venue has said. */
  fees(instrument: InstrumentId): Readonly<{ maker: Money; taker: Money }> | null;
  /** Leverage set for a derivative; null until the venue has said. */
  leverage(instrument: InstrumentId): Money | null;
  /** Whether the key may trade a category: by its report, and by what the venue has answered since. */
  permits(category: Category): boolean;
  links(): readonly LinkView[];
  /** The venue's clock minus ours, in milliseconds. */
  clockSkewMs(): number | null;
  /** Probes every link now, in order. */
  test(): Promise<readonly LinkCheck[]>;
  close(): Promise<void>;
}
