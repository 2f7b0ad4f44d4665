import type { ExchangeInstrument, PublicEvent } from '../../../ports/exchange.ts';
import { tradePush } from '../wire/trade.ts';
import { Audience, type Member } from './audience.ts';
import type { PublicStream, StreamOf, StreamParts } from './stream.ts';

const MOST_A_MESSAGE = 1024;

/** `publicTrade.{symbol}`: the trades of each match, as they happen. */
export class TradeStream implements PublicStream {
  readonly #parts: StreamParts;
  readonly #topic: string;
  readonly #instrument: ExchangeInstrument;
  readonly #audience: Audience;

  constructor(parts: StreamParts, of: StreamOf) {
    this.#parts = parts;
    this.#topic = of.topic;
    this.#instrument = of.instrument;
    this.#audience = new Audience({ uid: null, topic: of.topic, category: of.instrument.category }, parts.gate);
  }

  join(member: Member): void {
    this.#audience.add(member);
  }

  leave(member: Member): void {
    this.#audience.remove(member);
  }

  on(event: PublicEvent): void {
    if (event.type !== 'trades' || this.#audience.size === 0) return;
    const instrument = this.#parts.exchange.instrument(this.#instrument.id) ?? this.#instrument;
    for (let from = 0; from < event.trades.length; from += MOST_A_MESSAGE) {
      const trades = event.trades.slice(from, from + MOST_A_MESSAGE);
      this.#audience.send(
        JSON.stringify({
          topic: this.#topic,
          type: 'snapshot',
          ts: this.#parts.exchange.now(),
          data: trades.map((trade) => tradePush(trade, instrument)),
        }),
      );
    }
  }

  close(): void {}
}
