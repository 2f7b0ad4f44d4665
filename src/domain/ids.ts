/** Branded ids and units: a mix-up fails to compile and costs nothing at run time. */

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type UnixMs = Brand<number, 'UnixMs'>;
/** A price as a count of one listing's (or grid's) ticks: a float64 integer below 2^53. */
export type Ticks = Brand<number, 'Ticks'>;
/** A quantity as a count of one listing's (or grid's) steps: a float64 integer below 2^53. */
export type Lots = Brand<number, 'Lots'>;
/** An exact amount, price, quantity or rate: an integer count of 10^-18. Wire form: a plain decimal string. */
export type Money = Brand<bigint, 'Money'>;

export type AssetId = Brand<string, 'AssetId'>;
/** `spot:BTCUSDT`: category and symbol, because one symbol exists in several categories. */
export type InstrumentId = Brand<string, 'InstrumentId'>;
export type VenueId = Brand<string, 'VenueId'>;
export type UserId = Brand<string, 'UserId'>;
export type AccountId = Brand<string, 'AccountId'>;
/** Id of a parent order, as clients see it. */
export type OrderId = Brand<string, 'OrderId'>;
/** Id that we give a child order before it is sent; the idempotency key at the venue. At most 36 of `A-Za-z0-9_-`. */
export type ClientOrderId = Brand<string, 'ClientOrderId'>;
/** Id that the venue gives an order. */
export type VenueOrderId = Brand<string, 'VenueOrderId'>;
/** Id of one execution at its venue: the key that deduplicates fills. */
export type ExecId = Brand<string, 'ExecId'>;
/** Name of a partition: one inbox, one loop, one journal (`account:…`, `book:spot:BTCUSDT`). */
export type PartitionId = Brand<string, 'PartitionId'>;

export type Side = 'buy' | 'sell';
export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

/** The one venue every instance has: its own matching engine. */
export const INTERNAL_VENUE = 'okd_internal' as VenueId;

export type Category = 'spot' | 'linear' | 'inverse' | 'option';

export const instrumentId = (category: Category, symbol: string): InstrumentId =>
  `${category}:${symbol}` as InstrumentId;

/** Splits an instrument id into the two words that it is made of. */
export function splitInstrumentId(id: InstrumentId): { category: Category; symbol: string } {
  const at = id.indexOf(':');
  return { category: id.slice(0, at) as Category, symbol: id.slice(at + 1) };
}
