// npm's ccxt, installed apart from the project; unchanged but for its addresses.
import { importPeer } from '../../../bench/lib/peers.ts';
import { type Account, type Loopback, MAKER, TAKER } from '../loopback.ts';

type Params = Readonly<Record<string, unknown>>;
type Order = Readonly<{ id: string; status: string; price: number }>;
type Trade = Readonly<{ order: string; amount: number }>;

/** As much of it as the steps use. */
export type Exchange = {
  markets: Record<string, Readonly<Record<string, unknown>>>;
  has: Record<string, unknown>;
  urls: { api: Record<string, unknown> };
  loadHttpProxyAgent(): Promise<unknown>;
  loadMarkets(): Promise<unknown>;
  close(): Promise<void>;
  fetchTime(): Promise<number>;
  priceToPrecision(symbol: string, price: number): string;
  fetchTicker(symbol: string): Promise<Readonly<{ symbol: string; last?: number; markPrice?: number; close?: number }>>;
  fetchOrderBook(symbol: string): Promise<Readonly<{ bids: unknown[] }>>;
  fetchTrades(symbol: string): Promise<unknown[]>;
  fetchOHLCV(symbol: string, timeframe: string): Promise<unknown[]>;
  createOrder(
    symbol: string, type: string, side: string, qty: number, price?: number, params?: Params,
  ): Promise<Order>;
  createOrderWs(symbol: string, type: string, side: string, qty: number, price: number): Promise<Order>;
  createOrders(orders: readonly Params[]): Promise<Order[]>;
  editOrder(id: string, symbol: string, type: string, side: string, qty: number, price: number): Promise<Order>;
  cancelOrder(id: string, symbol: string, params?: Params): Promise<Order>;
  cancelOrderWs(id: string, symbol: string): Promise<Order>;
  cancelOrders(ids: readonly string[], symbol: string): Promise<Order[]>;
  cancelAllOrders(symbol: string): Promise<unknown>;
  fetchOpenOrders(symbol: string): Promise<Order[]>;
  fetchClosedOrders(symbol: string): Promise<Order[]>;
  fetchCanceledOrders(symbol: string): Promise<Order[]>;
  fetchMyTrades(symbol: string): Promise<Trade[]>;
  fetchBalance(): Promise<Readonly<Record<string, unknown>>>;
  fetchPositions(symbols: readonly string[]): Promise<Readonly<{ side: string; contracts: number }>[]>;
  setLeverage(leverage: number, symbol: string): Promise<unknown>;
  fetchMarketLeverageTiers(symbol: string): Promise<unknown[]>;
  fetchFundingRate(symbol: string): Promise<Readonly<{ symbol: string }>>;
  fetchFundingRateHistory(symbol: string): Promise<unknown[]>;
  transfer(coin: string, amount: number, from: string, to: string): Promise<unknown>;
  fetchTransfers(coin: string): Promise<unknown[]>;
  fetchLedger(coin: string): Promise<unknown[]>;
  watchOrderBook(symbol: string): Promise<Readonly<{ timestamp: number }>>;
  watchTicker(symbol: string): Promise<Readonly<{ symbol: string }>>;
  watchOrders(): Promise<unknown[]>;
  watchMyTrades(): Promise<unknown[]>;
}; // biome-ignore format: a table

export type Ccxt = Readonly<{ taker: Exchange; maker: Exchange }>;

type Module = Readonly<{ default: { pro: { bybit: new (options: object) => Exchange } } }>;

/** Null where it cannot be installed; why stands on stderr. */
export async function openCcxt(at: Loopback): Promise<Ccxt | null> {
  const module = (await importPeer('ccxt')) as Module | null;
  if (module === null) return null;
  const open = async ({ apiKey, apiSecret: secret }: Account): Promise<Exchange> => {
    const types = ['spot', 'linear', 'inverse', 'option'];
    const exchange = new module.default.pro.bybit({ apiKey, secret, options: { fetchMarkets: { types } } });
    exchange.has['fetchCurrencies'] = false;
    Object.assign(exchange.urls.api, { public: at.rest, private: at.rest });
    const sockets = JSON.stringify(exchange.urls.api['ws']);
    exchange.urls.api['ws'] = JSON.parse(sockets.replaceAll(/wss:..stream.(\{hostname\}|bybit.com)/g, at.ws));
    await exchange.loadHttpProxyAgent();
    return exchange;
  };
  return { taker: await open(TAKER), maker: await open(MAKER) };
}
