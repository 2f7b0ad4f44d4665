import { type Category, instrumentId } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import { CANDLE_INTERVALS, type CandleInterval, type ExchangeInstrument } from '../../../ports/exchange.ts';
import { type BookKind, BookStream } from './book-stream.ts';
import { KlineSource } from './kline-source.ts';
import {
  adlSource,
  insuranceSource,
  liquidationSource,
  type Pools,
  priceLimitSource,
  statusSource,
} from './market-sources.ts';
import { PacedStream } from './paced-stream.ts';
import type { PublicStream, StreamParts } from './stream.ts';
import { TickerStream } from './ticker-stream.ts';
import { TopStream } from './top-stream.ts';
import { TradeStream } from './trade-stream.ts';

/** Whose topics a public socket has: one category's, the combos', or the news of the whole exchange. */
export type SocketKind = TopicKind | 'spread';
/** Those whose topics are here. */
export type TopicKind = Category | 'status';

/** A stream, and what it hears of: events about that instrument, or of that type. */
export type Opened = Readonly<{ stream: PublicStream; key: string }>;

type Asked = Readonly<{ parts: StreamParts; kind: TopicKind; topic: string; words: readonly string[] }>;
/** Null: there is no such topic on this socket. */
type Opening = (asked: Asked) => Result<Opened, string> | null;

/** Depth → least time between two messages, in milliseconds (V5 docs, "Orderbook"). */
const BOOK_INTERVALS: Readonly<Record<string, number>> = { '1': 10, '50': 20, '200': 100, '1000': 200 };
const OPTION_BOOK_INTERVALS: Readonly<Record<string, number>> = { '25': 20, '100': 100 };
const FULL_DEPTH = 10_000;
const FULL_MS = 200;
const RPI_DEPTH = 50;
const RPI_MS = 100;
const KLINE_MS = 1_000;
const LIQUIDATION_MS = 500;
const PRICE_LIMIT_MS = 300;
const POOLS_MS = 1_000;
const SPOT_TICKER_MS = 50;
const TICKER_MS = 100;
const POOLS: readonly string[] = ['USDT', 'USDC', 'inverse'] satisfies readonly Pools[];

/** Name of the book topic that a REST answer lines up with. */
export function bookTopic({ category, symbol }: ExchangeInstrument, kind: BookKind): string {
  const depth = kind === 'usual' ? (category === 'option' ? '100' : '1000') : kind;
  return `orderbook.${depth}.${symbol}`;
}

const isFutures = (kind: TopicKind): boolean => kind === 'linear' || kind === 'inverse';

const orderbook: Opening = (asked) => {
  const [depth = '', ...symbol] = asked.words;
  const { parts, kind, topic } = asked;
  if (kind === 'status') return null;
  const special = kind === 'option' ? null : specialBook(depth);
  if (special !== null) {
    return ofInstrument(asked, symbol, (instrument) => new BookStream(parts, { topic, instrument }, special));
  }
  const intervals = kind === 'option' ? OPTION_BOOK_INTERVALS : BOOK_INTERVALS;
  const intervalMs = Object.hasOwn(intervals, depth) ? intervals[depth] : undefined;
  if (intervalMs === undefined) return null;
  return ofInstrument(asked, symbol, (instrument) =>
    depth === '1'
      ? new TopStream(parts, { topic, instrument }, intervalMs)
      : new BookStream(parts, { topic, instrument }, { depth: Number(depth), intervalMs, kind: 'usual' }),
  );
};

function specialBook(word: string) {
  if (word === 'full') return { depth: FULL_DEPTH, intervalMs: FULL_MS, kind: 'full' } as const;
  if (word === 'rpi') return { depth: RPI_DEPTH, intervalMs: RPI_MS, kind: 'rpi' } as const;
  return null;
}

/** Trades of one symbol; of options those of a coin, all its symbols together. */
const publicTrade: Opening = (asked) => {
  const { parts, kind, topic, words } = asked;
  if (kind === 'status') return null;
  if (kind !== 'option') {
    return ofInstrument(asked, words, ({ id }) => new TradeStream(parts, { topic, category: kind, instrument: id }));
  }
  const base = words.join('.');
  if (!parts.exchange.instruments('option').some((one) => one.base === base)) return invalidSymbol(topic);
  const stream = new TradeStream(parts, { topic, category: kind, instrument: null });
  return ok({ stream, key: optionTradesKey(base) });
};

export const optionTradesKey = (base: string): string => `option trades ${base}`;

const tickers: Opening = (asked) => {
  const { parts, kind, topic, words } = asked;
  if (kind === 'status') return null;
  const intervalMs = kind === 'spot' ? SPOT_TICKER_MS : TICKER_MS;
  return ofInstrument(asked, words, (instrument) => new TickerStream(parts, { topic, instrument }, intervalMs));
};

const kline: Opening = (asked) => {
  const { parts, kind, topic, words } = asked;
  const [interval = '', ...symbol] = words;
  if (kind === 'status' || kind === 'option' || !CANDLE_INTERVALS.includes(interval as CandleInterval)) return null;
  return ofInstrument(asked, symbol, (instrument) => {
    const source = new KlineSource(parts, topic, instrument, interval as CandleInterval);
    return new PacedStream(parts, { topic, category: kind }, KLINE_MS, source);
  });
};

const allLiquidation: Opening = (asked) => {
  const { parts, kind, topic, words } = asked;
  if (kind !== 'linear' && kind !== 'inverse') return null;
  return ofInstrument(asked, words, (instrument) => {
    const source = liquidationSource(parts, { topic, instrument });
    return new PacedStream(parts, { topic, category: kind }, LIQUIDATION_MS, source);
  });
};

const priceLimit: Opening = (asked) => {
  const { parts, kind, topic, words } = asked;
  if (kind === 'status' || kind === 'option') return null;
  return ofInstrument(asked, words, (instrument) => {
    const source = priceLimitSource(parts, { topic, instrument });
    return new PacedStream(parts, { topic, category: kind }, PRICE_LIMIT_MS, source);
  });
};

const pools =
  (sourceOf: typeof insuranceSource): Opening =>
  ({ parts, kind, topic, words }) => {
    const [word = ''] = words;
    if (!isFutures(kind) || kind === 'status' || words.length !== 1 || !POOLS.includes(word)) return null;
    const source = sourceOf(parts, topic, word as Pools);
    return ok({ stream: new PacedStream(parts, { topic, category: kind }, POOLS_MS, source), key: 'insurance' });
  };

const system: Opening = ({ parts, kind, topic, words }) => {
  if (kind !== 'status' || words.join('.') !== 'status') return null;
  const stream = new PacedStream(parts, { topic, category: null }, 0, statusSource(parts, topic));
  return ok({ stream, key: 'interruption' });
};

/** Every public topic by its first word. */
const TOPICS: Readonly<Record<string, Opening>> = {
  orderbook,
  publicTrade,
  tickers,
  kline,
  allLiquidation,
  priceLimit,
  insurance: pools(insuranceSource),
  adlAlert: pools(adlSource),
  system,
};

/** A new stream of a topic, or the text with which Bybit refuses it. */
export function openTopic(parts: StreamParts, kind: TopicKind, topic: string): Result<Opened, string> {
  const [word = '', ...words] = topic.split('.');
  const opening = Object.hasOwn(TOPICS, word) ? TOPICS[word] : undefined;
  return opening?.({ parts, kind, topic, words }) ?? err(`error:handler not found,topic:${topic}`);
}

const invalidSymbol = (topic: string): Result<Opened, string> => err(`Invalid symbol :[${topic}]`);

function ofInstrument(
  { parts, kind, topic }: Asked,
  symbol: readonly string[],
  open: (instrument: ExchangeInstrument) => PublicStream,
): Result<Opened, string> {
  const instrument = parts.exchange.instrument(instrumentId(kind as Category, symbol.join('.')));
  return instrument === null ? invalidSymbol(topic) : ok({ stream: open(instrument), key: instrument.id });
}
