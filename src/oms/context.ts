import type { Instrument } from '../domain/instrument.ts';
import type { AssetId, Money, UnixMs, VenueId } from '../domain/ids.ts';
import type { BookView } from '../ports/market.ts';
import type { FeeRates } from '../clearing/funds.ts';
import type { RoutingSettings } from '../routing/settings.ts';

/**
 * What a decision may know of the world outside its account: taken when the message is taken, so that the decision is
 * a function of state and message. What it used of this is inside its event.
 */
export type OrderContext = Readonly<{
  instrument: Instrument;
  quoteScale: number;
  /** Value of one unit of the quote coin in USDT, for settings that count in it; null where nothing tells. */
  quoteInUsdt: Money | null;
  /** Reference for the price collar and for slippage; null where nothing trustworthy is known. */
  reference: Readonly<{ price: Money; source: 'mid' | 'last_trade' | 'mark'; at: UnixMs }> | null;
  /** Trading is halted for everybody: the reason. */
  halted: string | null;
  venues: readonly VenueContext[];
  settings: OrderSettings;
}>;

export type VenueContext = Readonly<{
  venue: VenueId;
  book: BookView | null;
  /** Null when orders may be sent there, else why not. */
  closed: string | null;
  /** The account's fees at the venue itself, fractions of notional. */
  fees: FeeRates;
  /** The platform's fee on top for what executes there; zero on the internal venue. */
  routing: FeeRates;
  /** A buy's fee is taken in quote (on top of the notional) or out of the base that it receives. */
  buyFeeIn: 'quote' | 'base';
  /** The venue's last word on the instrument's coins; empty for the internal venue, whose balances are ours. */
  balances: readonly Readonly<{ asset: AssetId; free: Money; at: UnixMs }>[];
  /** Margin per notional for derivatives (1 / leverage); null for spot. */
  marginRate: Money | null;
}>;

/** The account's settings that bear on one order. Fractions, not percents. */
export type OrderSettings = Readonly<{
  maxSlippage: Money;
  priceCollar: Money | null;
  maxOrderNotional: Money | null;
  preferInternal: Money;
  routing: RoutingSettings;
}>;
