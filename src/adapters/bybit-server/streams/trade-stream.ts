import type { Category, InstrumentId } from '../../../domain/ids.ts';
import type { PublicEvent } from '../../../ports/exchange.ts';
import { tradePush } from '../wire/trade.ts';
import { Audience, type Member } from './audience.ts';
import type { PublicStream, StreamParts } from './stream.ts';

const MOST_A_MESSAGE = 1024;

/** `instrument` is null where the topic is about many. */
type TradesOf = Readonly<{ topic: string; category: Category; instrument: InstrumentId | null }>;

/** `publicTrade.{symbol}`, of options `publicTrade.{baseCoin}`: the trades of each match, as they happen. */
export class TradeStream implements PublicStream {
  readonly #parts: StreamParts;
  readonly #of: TradesOf;
  readonly #audience: Audience;
  #sent = 0;

  constructor(parts: StreamParts, of: TradesOf) {
    this.#parts = parts;
    this.#of = of;
    this.#audience = new Audience({ uid: null, topic: of.topic, category: of.category }, parts.gate);
  }

  join(member: Member): void {
    this.#audience.add(member);
  }

  leave(member: Member): void {
    this.#audience.remove(member);
  }

  on(event: PublicEvent): void {
    if (event.type !== 'trades' || this.#audience.size === 0) return;
    const instrument = this.#parts.exchange.instrument(event.instrument);
    if (instrument === null) return;
    const { topic, category } = this.#of;
    for (let from = 0; from < event.trades.length; from += MOST_A_MESSAGE) {
      const data = event.trades.slice(from, from + MOST_A_MESSAGE).map((trade) => tradePush(trade, instrument));
      const ts = this.#parts.exchange.now();
      this.#sent += 1;
      const id = category === 'option' ? { id: `${topic}-${this.#sent}-${ts}` } : {};
      this.#audience.send(JSON.stringify({ ...id, topic, type: 'snapshot', ts, data }));
    }
  }

  close(): void {}
}
