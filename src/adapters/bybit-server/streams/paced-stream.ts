import type { Category } from '../../../domain/ids.ts';
import type { PublicEvent } from '../../../ports/exchange.ts';
import { Audience, type Member } from './audience.ts';
import { Pacer } from './pacer.ts';
import type { PublicStream, StreamParts } from './stream.ts';

/** What a stream says: texts of whole messages. Nothing is asked of it while nobody listens. */
export interface StreamSource {
  /** What a subscriber begins with; null: nothing until something happens. */
  first(): string | null;
  /** Takes notice of an event; false when it is none of the stream's business. */
  hear(event: PublicEvent): boolean;
  /** What is new since the last time, or since `first`. */
  next(): readonly string[];
}

/** A topic that is told at most once in an interval. */
export class PacedStream implements PublicStream {
  readonly #audience: Audience;
  readonly #pacer: Pacer;
  readonly #source: StreamSource;

  constructor(
    parts: StreamParts,
    of: Readonly<{ topic: string; category: Category | null }>,
    intervalMs: number,
    source: StreamSource,
  ) {
    this.#audience = new Audience({ uid: null, topic: of.topic, category: of.category }, parts.gate);
    this.#source = source;
    this.#pacer = new Pacer(parts.clock, intervalMs, () => {
      for (const text of source.next()) this.#audience.send(text);
    });
  }

  join(member: Member): void {
    // Those who listen already are brought to where the new one begins.
    if (this.#audience.size > 0) for (const text of this.#source.next()) this.#audience.send(text);
    this.#audience.add(member);
    const first = this.#source.first();
    if (first !== null) this.#audience.greet(member, first);
  }

  leave(member: Member): void {
    this.#audience.remove(member);
  }

  on(event: PublicEvent): void {
    if (this.#audience.size > 0 && this.#source.hear(event)) this.#pacer.request();
  }

  close(): void {
    this.#pacer.stop();
  }
}
