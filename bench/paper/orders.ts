/**
 * What the load sends: limit orders of one account at one price, sell and buy in turn, so that every second order
 * trades with the one before it and neither the book nor the account runs away.
 */
export const KEY = {
  uid: '1',
  apiKey: 'bench',
  apiSecret: 'bench-secret',
  balances: { USDT: '10000000', BTC: '1000' },
};

/** The exchange under load: nothing on it but the load. */
export const CONFIG = {
  accounts: [KEY],
  agents: false,
  rateLimits: 'off',
  instruments: ['spot:BTCUSDT'],
  options: { clientOrderIds: 'open_24h', maxOpenOrders: 100_000 },
};

export const orderAt = (n: number): object => ({
  category: 'spot',
  symbol: 'BTCUSDT',
  side: n % 2 === 0 ? 'Sell' : 'Buy',
  orderType: 'Limit',
  qty: '0.001',
  price: '60000',
});
