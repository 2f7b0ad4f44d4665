import type { InstrumentId } from '../../../domain/ids.ts';
import { invariant, ok, type Result } from '../../../domain/result.ts';
import type { ExchangeInstrument, PublicEvent } from '../../../ports/exchange.ts';
import type { PublishedBook } from './book-state.ts';
import { type BookKind, BookStream } from './book-stream.ts';
import { SpreadStreams } from './spread-streams.ts';
import type { PublicStream, StreamParts } from './stream.ts';
import { TopStream } from './top-stream.ts';
import { bookTopic, openTopic, optionTradesKey, type SocketKind } from './topics.ts';

/** All public streams of an exchange, opened when they are first asked for. */
export class PublicStreams {
  /** Topics of combos. */
  readonly spreads: SpreadStreams;
  readonly #parts: StreamParts;
  readonly #streams = new Map<string, PublicStream>();
  readonly #byKey = new Map<string, PublicStream[]>();

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.spreads = new SpreadStreams(parts);
    parts.exchange.onPublic((event) => this.#on(event));
  }

  /** The stream of a topic, or the text with which Bybit refuses it. */
  find(kind: SocketKind, topic: string): Result<PublicStream, string> {
    if (kind === 'spread') return this.spreads.find(topic);
    const known = this.#streams.get(`${kind} ${topic}`);
    if (known !== undefined) return ok(known);
    const opened = openTopic(this.#parts, kind, topic);
    if (!opened.ok) return opened;
    const { stream, key } = opened.value;
    this.#streams.set(`${kind} ${topic}`, stream);
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), stream]);
    return ok(stream);
  }

  /** The book that a REST answer shows: that of the stream which it lines up with. */
  readBook(instrument: ExchangeInstrument, kind: BookKind): PublishedBook {
    const found = this.find(instrument.category, bookTopic(instrument, kind));
    invariant(found.ok && found.value instanceof BookStream, 'a listed instrument has no book');
    return found.value.read();
  }

  /** Fault injection: the books of an instrument, or all, begin again at `u` 1. */
  restartBooks(instrument: InstrumentId | null): void {
    for (const [key, streams] of this.#byKey) {
      if (instrument !== null && key !== instrument) continue;
      for (const stream of streams) if (stream instanceof BookStream || stream instanceof TopStream) stream.restart();
    }
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.close();
    this.spreads.close();
  }

  #on(event: PublicEvent): void {
    this.#tell(event.instrument ?? event.type, event);
    if (event.type !== 'trades' || !event.instrument.startsWith('option:')) return;
    const instrument = this.#parts.exchange.instrument(event.instrument);
    if (instrument !== null) this.#tell(optionTradesKey(instrument.base), event);
  }

  #tell(key: string, event: PublicEvent): void {
    const streams = this.#byKey.get(key);
    if (streams !== undefined) for (const stream of streams) stream.on(event);
  }
}
