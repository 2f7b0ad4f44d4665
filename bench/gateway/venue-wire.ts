import { MID } from './orders.ts';

/** What the stub venue says, in Bybit's words (docs/v5). */
export type WireCreate = Readonly<{
  symbol: string;
  side: string;
  qty: string;
  price: string;
  timeInForce?: string;
  orderLinkId?: string;
}>;

export const categoryOf = (url: string): string => /[?&]category=(\w+)/.exec(url)?.[1] ?? '';

const RICH = '1000000000';
const SPOT = {
  symbol: 'BTCUSDT',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
  innovation: '0',
  status: 'Trading',
  marginTrading: 'none',
  lotSizeFilter: {
    basePrecision: '0.000001',
    quotePrecision: '0.00000001',
    minOrderQty: '0.000001',
    maxOrderQty: '100',
    minOrderAmt: '5',
    maxOrderAmt: '8000000',
    maxLimitOrderQty: '100',
    maxMarketOrderQty: '100',
  },
  priceFilter: { tickSize: '0.01' },
  riskParameters: { priceLimitRatioX: '0.1', priceLimitRatioY: '0.1' },
};
const wallet = {
  accountType: 'UNIFIED',
  coin: ['USDT', 'BTC'].map((coin) => ({ coin, walletBalance: RICH, equity: RICH, locked: '0' })),
};

/** Answers by path; what is not here is an empty list. */
export const RESULTS: Readonly<Record<string, (category: string) => unknown>> = {
  '/v5/market/time': () => ({ timeSecond: `${Math.floor(Date.now() / 1000)}`, timeNano: `${Date.now()}000000` }),
  '/v5/market/instruments-info': (category) => ({ category, list: category === 'spot' ? [SPOT] : [] }),
  '/v5/user/query-api': () => ({
    apiKey: 'bench',
    readOnly: 0,
    userID: 1001,
    ips: ['*'],
    permissions: { Spot: ['SpotTrade'], ContractTrade: ['Order', 'Position'] },
  }),
  '/v5/account/wallet-balance': () => ({ list: [wallet] }),
};

/** Fifty levels a side around MID, so that prices have a reference. */
export function bookMessage(topic: string): string {
  const [, depth, symbol] = topic.split('.');
  const levels = (direction: number) =>
    Array.from({ length: depth === '1' ? 1 : 50 }, (_, i) => [`${(MID + direction * (i + 1)).toFixed(2)}`, '1']);
  const ts = Date.now();
  // `u` 1 says that it replaces whatever was there.
  return JSON.stringify({
    topic,
    type: 'snapshot',
    ts,
    data: { s: symbol, b: levels(-1), a: levels(1), u: 1, seq: ts },
    cts: ts,
  });
}

export function orderMessage(orderId: string, wish: WireCreate, now: number): string {
  const row = {
    category: 'spot',
    symbol: wish.symbol,
    orderId,
    orderLinkId: wish.orderLinkId ?? '',
    side: wish.side,
    orderType: 'Limit',
    orderStatus: 'New',
    qty: wish.qty,
    price: wish.price,
    timeInForce: wish.timeInForce ?? 'GTC',
    cumExecQty: '0',
    cumExecValue: '0',
    leavesQty: wish.qty,
    avgPrice: '',
    rejectReason: 'EC_NoError',
    createdTime: `${now}`,
    updatedTime: `${now}`,
  };
  return JSON.stringify({ topic: 'order', id: orderId, creationTime: now, data: [row] });
}

export const walletMessage = (now: number): string =>
  JSON.stringify({ topic: 'wallet', id: `w${now}`, creationTime: now, data: [wallet] });
