import type { Infer } from '../wire/schema.ts';
import type { StreamTicker, StreamTrade } from '../wire/stream.ts';
import { tickerMessage, tradeMessage } from '../wire/stream.ts';
import type { Json } from './control.ts';
import type { Feed, FeedConfig } from './feed.ts';
import { readPush } from './feed.ts';

/** All trades of one message, oldest first. `ts`: when the venue sent them, ms. */
export type TradesListener = (trades: readonly StreamTrade[], ts: number) => void;

export class TradeFeed implements Feed<TradesListener> {
  readonly listeners = new Set<TradesListener>();
  readonly #config: FeedConfig;

  constructor(config: FeedConfig) {
    this.#config = config;
  }

  push(json: Json): void {
    const { topic, observe, alive } = this.#config;
    const message = readPush(tradeMessage, json, topic, observe);
    if (message === null) return;
    alive();
    for (const row of message.data.unreadable) {
      observe({ type: 'unreadable', where: topic, reason: row.reason, text: row.text });
    }
    for (const listener of this.listeners) listener(message.data.rows, message.ts);
  }

  /** A trade stays a trade. */
  down(): void {}
}

/**
 * The ticker with all changes so far, and what this message changed; null when the connection was lost and the last
 * values are no longer current.
 */
export type TickerListener = (ticker: StreamTicker | null, change: StreamTicker, ts: number) => void;

type TickerMessage = Infer<typeof tickerMessage>;

export class TickerFeed implements Feed<TickerListener> {
  readonly listeners = new Set<TickerListener>();
  readonly #config: FeedConfig;
  #ticker: StreamTicker | null = null;

  constructor(config: FeedConfig) {
    this.#config = config;
  }

  push(json: Json): void {
    const { topic, observe, alive } = this.#config;
    const message = readPush(tickerMessage, json, topic, observe);
    if (message === null) return;
    alive();
    this.#apply(message);
  }

  down(): void {
    if (this.#ticker === null) return;
    this.#ticker = null;
    for (const listener of this.listeners) listener(null, {}, 0);
  }

  #apply({ type, data, ts }: TickerMessage): void {
    if (type === 'snapshot') this.#ticker = data;
    // A delta before the snapshot changes something that is not known.
    else if (type === 'delta' && this.#ticker !== null) this.#ticker = { ...this.#ticker, ...data };
    else return;
    for (const listener of this.listeners) listener(this.#ticker, data, ts);
  }
}
