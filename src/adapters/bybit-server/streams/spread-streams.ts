import { err, invariant, ok, type Result } from '../../../domain/result.ts';
import type { SpreadInstrument, SpreadPublicEvent } from '../../../ports/exchange.ts';
import { spreadLevels, type SpreadRows, spreadTicker, spreadTradePush } from '../wire/spread.ts';
import { Audience, type Member } from './audience.ts';
import { bookDifference } from './book-difference.ts';
import { Pacer } from './pacer.ts';
import type { PublicStream, StreamParts } from './stream.ts';

const DEPTH = 25;
const BOOK_MS = 20;
const TICKER_MS = 100;

/** A combo's book as its stream published it last. */
export type PublishedSpread = Readonly<{ rows: SpreadRows; update: number; seq: number; at: number }>;

/** A stream of `/v5/public/spread`: it hears of events of its combo. */
interface SpreadStream extends PublicStream {
  hear(event: SpreadPublicEvent): void;
}

/** All topics of `/v5/public/spread`, opened when they are first asked for. */
export class SpreadStreams {
  readonly #parts: StreamParts;
  readonly #streams = new Map<string, SpreadStream>();
  readonly #bySymbol = new Map<string, SpreadStream[]>();

  constructor(parts: StreamParts) {
    this.#parts = parts;
    parts.exchange.spread.onPublic((event) => {
      for (const stream of this.#bySymbol.get(event.symbol) ?? []) stream.hear(event);
    });
  }

  /** The stream of a topic, or the text with which it is refused. */
  find(topic: string): Result<SpreadStream, string> {
    const known = this.#streams.get(topic);
    if (known !== undefined) return ok(known);
    const [word, ...rest] = topic.split('.');
    const symbol = (word === 'orderbook' && rest[0] === String(DEPTH) ? rest.slice(1) : rest).join('.');
    const open = OPENINGS[word ?? ''];
    const instrument = this.#parts.exchange.spread.instrument(symbol);
    if (open === undefined) return err(`error:handler not found,topic:${topic}`);
    if (instrument === null) return err(`Invalid symbol :[${topic}]`);
    const stream = open(this.#parts, topic, instrument);
    this.#streams.set(topic, stream);
    this.#bySymbol.set(symbol, [...(this.#bySymbol.get(symbol) ?? []), stream]);
    return ok(stream);
  }

  /** The book that a REST answer shows: that of the stream which it lines up with. */
  readBook({ symbol }: SpreadInstrument): PublishedSpread {
    const found = this.find(`orderbook.${DEPTH}.${symbol}`);
    invariant(found.ok && found.value instanceof SpreadBookStream, 'a listed combo has a book');
    return found.value.read();
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.close();
  }
}

/** `orderbook.25.{symbol}`: a snapshot, then what changed; a combo that is made anew begins with a snapshot again. */
class SpreadBookStream implements SpreadStream {
  readonly #parts: StreamParts;
  readonly #topic: string;
  readonly #audience: Audience;
  readonly #pacer: Pacer;
  #instrument: SpreadInstrument;
  #published: PublishedSpread;
  #isBehind = false;

  constructor(parts: StreamParts, topic: string, instrument: SpreadInstrument) {
    this.#parts = parts;
    this.#topic = topic;
    this.#instrument = instrument;
    this.#audience = new Audience({ uid: null, topic, category: null }, parts.gate);
    this.#pacer = new Pacer(parts.clock, BOOK_MS, () => this.#publish());
    this.#published = this.#read(1);
  }

  join(member: Member): void {
    this.#publish();
    this.#audience.add(member);
    this.#audience.greet(member, this.#text('snapshot', this.#published.rows));
  }

  leave(member: Member): void {
    this.#audience.remove(member);
  }

  on(): void {}

  hear(event: SpreadPublicEvent): void {
    if (event.type !== 'book') return;
    this.#isBehind = true;
    if (this.#audience.size > 0) this.#pacer.request();
  }

  /** Reading publishes: subscribers get the delta at once. */
  read(): PublishedSpread {
    this.#publish();
    return this.#published;
  }

  close(): void {
    this.#pacer.stop();
  }

  #publish(): void {
    if (!this.#isBehind) return;
    this.#isBehind = false;
    const instrument = this.#parts.exchange.spread.instrument(this.#instrument.symbol);
    if (instrument === null) return; // its time is over
    const isNew = instrument.tick !== this.#instrument.tick || instrument.step !== this.#instrument.step;
    const before = this.#published;
    this.#instrument = instrument;
    const after = this.#read(isNew ? 1 : before.update + 1);
    const delta = isNew ? after.rows : bookDifference(before.rows, after.rows);
    if (delta === null) return;
    this.#published = after;
    this.#audience.send(this.#text(isNew ? 'snapshot' : 'delta', delta));
  }

  #read(update: number): PublishedSpread {
    const book = this.#parts.exchange.spread.book(this.#instrument.symbol, DEPTH);
    return { rows: book, update, seq: book.seq, at: book.at };
  }

  #text(type: 'snapshot' | 'delta', rows: SpreadRows): string {
    const { update, seq, at } = this.#published;
    const ts = Math.max(this.#parts.exchange.now(), at);
    const data = { s: this.#instrument.symbol, ...spreadLevels(this.#instrument, rows), u: update, seq };
    return JSON.stringify({ topic: this.#topic, ts, type, data, cts: at });
  }
}

/** `publicTrade.{symbol}`: the trades of each match, as they happen. */
class SpreadTradeStream implements SpreadStream {
  readonly #parts: StreamParts;
  readonly #topic: string;
  readonly #audience: Audience;

  constructor(parts: StreamParts, topic: string) {
    this.#parts = parts;
    this.#topic = topic;
    this.#audience = new Audience({ uid: null, topic, category: null }, parts.gate);
  }

  join(member: Member): void {
    this.#audience.add(member);
  }

  leave(member: Member): void {
    this.#audience.remove(member);
  }

  on(): void {}

  hear(event: SpreadPublicEvent): void {
    if (event.type !== 'trades') return;
    const data = event.trades.map(spreadTradePush);
    const ts = this.#parts.exchange.now();
    this.#audience.send(JSON.stringify({ topic: this.#topic, ts, type: 'snapshot', data }));
  }

  close(): void {}
}

/** `tickers.{symbol}`: always the whole, when something of it changed. */
class SpreadTickerStream implements SpreadStream {
  readonly #parts: StreamParts;
  readonly #topic: string;
  readonly #symbol: string;
  readonly #audience: Audience;
  readonly #pacer: Pacer;
  #told = '';

  constructor(parts: StreamParts, topic: string, { symbol }: SpreadInstrument) {
    this.#parts = parts;
    this.#topic = topic;
    this.#symbol = symbol;
    this.#audience = new Audience({ uid: null, topic, category: null }, parts.gate);
    this.#pacer = new Pacer(parts.clock, TICKER_MS, () => this.#publish());
  }

  join(member: Member): void {
    this.#audience.add(member);
    const fields = this.#fields();
    if (fields !== null) this.#audience.greet(member, this.#text(fields));
  }

  leave(member: Member): void {
    this.#audience.remove(member);
  }

  on(): void {}

  hear(event: SpreadPublicEvent): void {
    if (event.type === 'ticker' && this.#audience.size > 0) this.#pacer.request();
  }

  close(): void {
    this.#pacer.stop();
  }

  #publish(): void {
    const fields = this.#fields();
    const text = JSON.stringify(fields);
    if (fields === null || text === this.#told) return;
    this.#told = text;
    this.#audience.send(this.#text(fields));
  }

  #fields(): object | null {
    const { spread } = this.#parts.exchange;
    const instrument = spread.instrument(this.#symbol);
    if (instrument === null) return null;
    return spreadTicker(instrument, spread.ticker(this.#symbol), spread.book(this.#symbol, 1));
  }

  #text(data: object): string {
    return JSON.stringify({ topic: this.#topic, ts: this.#parts.exchange.now(), type: 'snapshot', data });
  }
}

type Opening = (parts: StreamParts, topic: string, instrument: SpreadInstrument) => SpreadStream;
const OPENINGS: Readonly<Record<string, Opening | undefined>> = {
  orderbook: (...of) => new SpreadBookStream(...of),
  publicTrade: (parts, topic) => new SpreadTradeStream(parts, topic),
  tickers: (...of) => new SpreadTickerStream(...of),
};
