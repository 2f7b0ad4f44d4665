import { type Category, type InstrumentId, instrumentId } from '../../../domain/ids.ts';
import { err, invariant, ok, type Result } from '../../../domain/result.ts';
import type { ExchangeInstrument, PublicEvent } from '../../../ports/exchange.ts';
import type { PublishedBook } from './book-state.ts';
import { BookStream } from './book-stream.ts';
import type { PublicStream, StreamParts } from './stream.ts';
import { TickerStream } from './ticker-stream.ts';
import { TopStream } from './top-stream.ts';
import { TradeStream } from './trade-stream.ts';

/** Depth → least time between two messages, in milliseconds (V5 docs, "Orderbook"). */
const BOOK_INTERVALS: ReadonlyMap<string, number> = new Map([
  ['1', 10],
  ['50', 20],
  ['200', 100],
  ['1000', 200],
]);
const REST_DEPTH = 1000;

type TopicKind = Readonly<{
  /** `{word}.{symbol}` or `{word}.{argument}.{symbol}`. */
  hasArgument: boolean;
  /** Null: there is no such argument. */
  open(parts: StreamParts, topic: string, instrument: ExchangeInstrument, argument: string): PublicStream | null;
}>;

/** Every public topic by its first word. */
const TOPICS: Readonly<Record<string, TopicKind>> = {
  orderbook: {
    hasArgument: true,
    open: (parts, topic, instrument, depth) => {
      const intervalMs = BOOK_INTERVALS.get(depth);
      if (intervalMs === undefined) return null;
      return depth === '1'
        ? new TopStream(parts, { topic, instrument }, intervalMs)
        : new BookStream(parts, { topic, instrument }, Number(depth), intervalMs);
    },
  },
  publicTrade: {
    hasArgument: false,
    open: (parts, topic, instrument) => new TradeStream(parts, { topic, instrument }),
  },
  tickers: {
    hasArgument: false,
    open: (parts, topic, instrument) =>
      new TickerStream(parts, { topic, instrument }, instrument.category === 'spot' ? 50 : 100),
  },
};

/** All public streams of an exchange, opened when they are first asked for. */
export class PublicStreams {
  readonly #parts: StreamParts;
  readonly #streams = new Map<string, PublicStream>();
  readonly #byInstrument = new Map<InstrumentId, PublicStream[]>();

  constructor(parts: StreamParts) {
    this.#parts = parts;
    parts.exchange.onPublic((event) => this.#on(event));
  }

  /** The stream of a topic, or the text with which Bybit refuses it. */
  find(category: Category, topic: string): Result<PublicStream, string> {
    const known = this.#streams.get(`${category} ${topic}`);
    if (known !== undefined) return ok(known);
    const [word = '', ...rest] = topic.split('.');
    const kind = Object.hasOwn(TOPICS, word) ? TOPICS[word] : undefined;
    if (kind === undefined) return err(`error:handler not found,topic:${topic}`);
    const argument = kind.hasArgument ? (rest.shift() ?? '') : '';
    const instrument = this.#parts.exchange.instrument(instrumentId(category, rest.join('.')));
    if (instrument === null) return err(`Invalid symbol :[${topic}]`);
    const stream = kind.open(this.#parts, topic, instrument, argument);
    if (stream === null) return err(`error:handler not found,topic:${topic}`);
    this.#streams.set(`${category} ${topic}`, stream);
    this.#byInstrument.set(instrument.id, [...(this.#byInstrument.get(instrument.id) ?? []), stream]);
    return ok(stream);
  }

  /** The book that GET /v5/market/orderbook shows: that of the 1000-level stream. */
  readBook(instrument: ExchangeInstrument): PublishedBook {
    const found = this.find(instrument.category, `orderbook.${REST_DEPTH}.${instrument.symbol}`);
    invariant(found.ok && found.value instanceof BookStream, 'a listed instrument has no book');
    return found.value.read();
  }

  /** Fault injection: the books of an instrument, or all, begin again at `u` 1. */
  restartBooks(instrument: InstrumentId | null): void {
    for (const [id, streams] of this.#byInstrument) {
      if (instrument !== null && id !== instrument) continue;
      for (const stream of streams) if (stream instanceof BookStream || stream instanceof TopStream) stream.restart();
    }
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.close();
  }

  #on(event: PublicEvent): void {
    const streams = this.#byInstrument.get(event.instrument);
    if (streams !== undefined) for (const stream of streams) stream.on(event);
  }
}
