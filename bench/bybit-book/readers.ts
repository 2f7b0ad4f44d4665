import { Bybit } from '@okd/bybit';
import { nodeTransport } from '../../packages/bybit/src/node.ts';
import { importPeer } from '../lib/peers.ts';
import { WebSocket } from 'ws';
import { STEP, SYMBOLS, TICK } from './messages.ts';

/** Called for every delta when it is in the book: with its `seq`, the microsecond of its sending. */
export type OnDelta = (seq: number) => void;
/** Connects and keeps the books; resolves when every symbol has its snapshot. False: the peer cannot be installed. */
export type Reader = (url: string, onDelta: OnDelta) => Promise<boolean>;
export type ReaderName = 'ours' | 'ccxt' | 'floor' | 'floor-parse';

type Message = Readonly<{ topic?: string; type: string; data: Readonly<{ s: string; b: Rows; a: Rows; seq: number }> }>;
type Rows = readonly (readonly [price: string, size: string])[];

const ours: Reader = async (url, onDelta) => {
  const bybit = new Bybit({
    transport: nodeTransport(),
    environment: { rest: url.replace(/^ws/, 'http'), stream: url },
  });
  const stream = bybit.publicStream('spot');
  const filled = SYMBOLS.map(
    (symbol) =>
      new Promise<void>((resolve) => {
        stream.book(symbol, { depth: 200, tick: TICK, step: STEP }, (change, book) => {
          if (change === 'delta') onDelta(book.seq);
          else if (change === 'snapshot') resolve();
          else throw new Error(`book of ${symbol}: ${change}`);
        });
      }),
  );
  await Promise.all(filled);
  return true;
};

type Ccxt = { bybit: new (options: object) => CcxtBybit };
type CcxtBybit = {
  urls: { api: { ws: { public: { spot: string } } } };
  setMarkets(markets: readonly object[]): void;
  safeMarketStructure(market: object): object;
  watchOrderBook(symbol: string, limit: number): Promise<unknown>;
  handleOrderBook(client: unknown, message: Message): void;
  loadHttpProxyAgent(): Promise<unknown>;
};

/**
 * As ccxt's manual shows it: a loop of `watchOrderBook` per symbol. A delta counts as soon as ccxt has applied it; the
 * loops hear of it later, and of several at once.
 */
const ccxt: Reader = async (url, onDelta) => {
  const peer = (await importPeer('ccxt')) as { default: { pro: Ccxt } } | null;
  if (peer === null) return false;
  const exchange = new peer.default.pro.bybit({});
  exchange.urls.api.ws.public.spot = `${url}/v5/public/spot`;
  await exchange.loadHttpProxyAgent(); // asked for by an address without TLS
  exchange.setMarkets(
    SYMBOLS.map((id) => {
      const base = id.slice(0, -4);
      const names = { id, symbol: `${base}/USDT`, base, quote: 'USDT', baseId: base, quoteId: 'USDT' };
      const precision = { amount: Number(STEP), price: Number(TICK) };
      return exchange.safeMarketStructure({ ...names, type: 'spot', spot: true, active: true, precision });
    }),
  );
  const handle = exchange.handleOrderBook.bind(exchange);
  exchange.handleOrderBook = (client, message) => {
    handle(client, message);
    if (message.type === 'delta') onDelta(message.data.seq);
  };
  const watch = async (symbol: string): Promise<void> => {
    for (;;) await exchange.watchOrderBook(symbol, 200);
  };
  const symbols = SYMBOLS.map((id) => `${id.slice(0, -4)}/USDT`);
  await Promise.all(symbols.map((symbol) => exchange.watchOrderBook(symbol, 200)));
  for (const symbol of symbols) void watch(symbol);
  return true;
};

/** `ws` and JSON.parse, and what `apply` does with the message. */
function plain(apply: (message: Message) => void): Reader {
  return (url, onDelta) => {
    const socket = new WebSocket(`${url}/v5/public/spot`, { perMessageDeflate: false });
    const missing = new Set(SYMBOLS);
    socket.once('open', () => {
      socket.send(JSON.stringify({ op: 'subscribe', args: SYMBOLS.map((symbol) => `orderbook.200.${symbol}`) }));
    });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.on('message', (bytes: Buffer) => {
        const message = JSON.parse(bytes.toString('utf8')) as Message;
        if (message.topic === undefined) return;
        apply(message);
        if (message.type === 'delta') return onDelta(message.data.seq);
        missing.delete(message.data.s);
        if (missing.size === 0) resolve(true);
      });
    });
  };
}

type PlainBook = Readonly<{ b: Map<string, number>; a: Map<string, number> }>;

/** A Map a side, not sorted: the least that can be called a book. */
function floor(): Reader {
  const books = new Map<string, PlainBook>(SYMBOLS.map((symbol) => [symbol, { b: new Map(), a: new Map() }]));
  const put = (side: Map<string, number>, rows: Rows): void => {
    for (const [price, text] of rows) {
      const size = Number(text);
      if (size === 0) side.delete(price);
      else side.set(price, size);
    }
  };
  return plain(({ type, data }) => {
    const book = books.get(data.s) as PlainBook;
    if (type === 'snapshot') book.b.clear();
    if (type === 'snapshot') book.a.clear();
    put(book.b, data.b);
    put(book.a, data.a);
  });
}

export const READERS: Readonly<Record<ReaderName, Reader>> = {
  ours,
  ccxt,
  floor: floor(),
  'floor-parse': plain(() => undefined),
};
