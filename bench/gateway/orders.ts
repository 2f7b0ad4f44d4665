/**
 * The orders of the bench: small limit buys of BTCUSDT below the market, which rest. Each has a price of its own (until
 * they begin again), so that an order can be followed through every process by its price; prices jump about, as those
 * of many clients do.
 */
export const MID = 60_000;
const LOWEST = 55_000;
const TICKS = 450_000;
/** Has no divisor in common with TICKS: every price comes once. */
const STRIDE = 7_919;

export const priceOf = (n: number): string => (LOWEST + ((n * STRIDE) % TICKS) / 100).toFixed(2);
export const QTY = '0.0001';

export type Route = 'internal_only' | 'bybit_only';

export const orderBody = (n: number, route: Route): string =>
  `{"symbol":"BTCUSDT","side":"buy","type":"limit","quantity":"${QTY}","price":"${priceOf(n)}","routing":{"strategy":"${route}"}}`;
