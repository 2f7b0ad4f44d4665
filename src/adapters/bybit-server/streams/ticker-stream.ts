import type { ExchangeInstrument, PublicEvent } from '../../../ports/exchange.ts';
import { tickerPush } from '../wire/ticker.ts';
import { Audience, type Member } from './audience.ts';
import { Pacer } from './pacer.ts';
import type { PublicStream, StreamOf, StreamParts } from './stream.ts';

type Published = Readonly<{ fields: Readonly<Record<string, string>>; seq: number }>;

/**
 * `tickers.{symbol}`: of futures a snapshot and then the keys that changed; on spot and of options always the whole. An
 * absent key means unchanged, an empty text is a value.
 */
export class TickerStream implements PublicStream {
  readonly #parts: StreamParts;
  readonly #topic: string;
  readonly #instrument: ExchangeInstrument;
  readonly #audience: Audience;
  readonly #pacer: Pacer;
  readonly #sendsDeltas: boolean;
  #published: Published;
  #isBehind = false;

  constructor(parts: StreamParts, of: StreamOf, intervalMs: number) {
    this.#parts = parts;
    this.#topic = of.topic;
    this.#instrument = of.instrument;
    const { category } = of.instrument;
    this.#sendsDeltas = category === 'linear' || category === 'inverse';
    this.#audience = new Audience({ uid: null, topic: of.topic, category: of.instrument.category }, parts.gate);
    this.#pacer = new Pacer(parts.clock, intervalMs, () => this.#publish());
    this.#published = this.#read();
  }

  join(member: Member): void {
    if (this.#audience.size === 0) this.#publish();
    this.#audience.add(member);
    this.#audience.greet(member, this.#text('snapshot', this.#published.fields));
  }

  leave(member: Member): void {
    this.#audience.remove(member);
  }

  on(event: PublicEvent): void {
    // The best prices are part of a derivative's ticker, not of a spot one's.
    if (event.type !== 'ticker' && !(event.type === 'book' && this.#instrument.category !== 'spot')) return;
    this.#isBehind = true;
    if (this.#audience.size > 0) this.#pacer.request();
  }

  close(): void {
    this.#pacer.stop();
  }

  #publish(): void {
    if (!this.#isBehind) return;
    this.#isBehind = false;
    const before = this.#published.fields;
    this.#published = this.#read();
    const { fields } = this.#published;
    const changed = Object.entries(fields).filter(([key, value]) => before[key] !== value);
    if (changed.length === 0 || this.#audience.size === 0) return;
    const delta = { symbol: this.#instrument.symbol, ...Object.fromEntries(changed) };
    this.#audience.send(this.#sendsDeltas ? this.#text('delta', delta) : this.#text('snapshot', fields));
  }

  #read(): Published {
    const { exchange } = this.#parts;
    const instrument = exchange.instrument(this.#instrument.id) ?? this.#instrument;
    const book = exchange.book(instrument.id, 1);
    const touch = { bid: book.bids[0], ask: book.asks[0] };
    return { fields: tickerPush(exchange.ticker(instrument.id), touch, instrument, exchange.now()), seq: book.seq };
  }

  #text(type: 'snapshot' | 'delta', fields: Readonly<Record<string, string>>): string {
    const ts = this.#parts.exchange.now();
    const { seq } = this.#published;
    if (this.#instrument.category === 'option') {
      return JSON.stringify({ id: `${this.#topic}-${seq}-${ts}`, topic: this.#topic, ts, data: fields, type });
    }
    return JSON.stringify({ topic: this.#topic, type, data: fields, cs: seq, ts });
  }
}
