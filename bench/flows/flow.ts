/** A recorded stream of order book commands, one column a field, so that reading it costs next to nothing. */
export type Flow = Readonly<{
  name: string;
  length: number;
  kind: Uint8Array;
  /** The order's id; for a cancel, the id of the order to cancel. */
  id: Float64Array;
  side: Uint8Array;
  price: Float64Array;
  qty: Float64Array;
}>;

export const LIMIT = 0;
export const MARKET = 1;
export const CANCEL = 2;

export type FlowStats = Readonly<{
  /** Limit orders that rested when they came; the preload of a `book` flow included. */
  adds: number;
  cancels: number;
  markets: number;
  /** Limit orders priced into the other side. */
  crossing: number;
  averageLive: number;
  maxLive: number;
  trades: number;
  volume: number;
}>;

/** The first `length` commands of a flow. */
export const prefix = (flow: Flow, length: number): Flow => ({ ...flow, length: Math.min(length, flow.length) });
