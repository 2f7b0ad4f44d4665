import type { ApiError } from '../../../contract/errors.ts';
import type { MarketService, PushService } from '../../../contract/service.ts';
import { isoTime } from '../../../contract/time.ts';
import { type Channel, channelName } from '../../../contract/ws.ts';
import { splitInstrumentId } from '../../../domain/ids.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';
import { firstSeq, Push, type Subscriber } from './push.ts';

export type MarketName = Extract<Channel, { kind: 'market' }>;

type Feed = {
  readonly of: MarketName;
  seq: number;
  readonly subscribers: Set<Subscriber>;
  /** Runs while nothing may be sent yet; `dirty` says that something changed meanwhile. */
  pause: Timer | null;
  dirty: boolean;
};

const DEPTH = 25;

/** Books and tickers: read when they changed, at most once per interval, and sent whole, so that skipping one loses nothing. */
export class MarketFeeds {
  readonly #clock: Clock;
  readonly #market: MarketService;
  readonly #intervalMs: number;
  readonly #feeds = new Map<string, Feed>();

  constructor(clock: Clock, market: MarketService, pushes: PushService, intervalMs: number) {
    this.#clock = clock;
    this.#market = market;
    this.#intervalMs = intervalMs;
    pushes.onMarket((instrument, channel) => {
      const { category, symbol } = splitInstrumentId(instrument);
      const feed = this.#feeds.get(channelName(channel, category, symbol));
      if (feed !== undefined) this.#changed(feed);
    });
  }

  /** Null when it can be subscribed; an instrument that is only without data now can. */
  problem(of: MarketName): ApiError | null {
    const read = this.#read(of);
    return read.ok || read.error.code === 'VENUE_UNAVAILABLE' ? null : read.error;
  }

  subscribe(of: MarketName, subscriber: Subscriber): void {
    const feed = this.#feeds.get(of.name) ?? this.#open(of);
    feed.subscribers.add(subscriber);
    const read = this.#read(of);
    if (read.ok) subscriber.deliverLatest(this.#push(feed, read.value));
  }

  unsubscribe(of: MarketName, subscriber: Subscriber): void {
    const feed = this.#feeds.get(of.name);
    if (feed === undefined || !feed.subscribers.delete(subscriber) || feed.subscribers.size > 0) return;
    feed.pause?.cancel();
    this.#feeds.delete(of.name);
  }

  close(): void {
    for (const feed of this.#feeds.values()) feed.pause?.cancel();
    this.#feeds.clear();
  }

  #open(of: MarketName): Feed {
    const feed: Feed = { of, seq: firstSeq(this.#clock.now()), subscribers: new Set(), pause: null, dirty: false };
    this.#feeds.set(of.name, feed);
    return feed;
  }

  #changed(feed: Feed): void {
    if (feed.pause !== null) {
      feed.dirty = true;
      return;
    }
    this.#publish(feed);
    feed.pause = this.#clock.after(this.#intervalMs, () => {
      feed.pause = null;
      if (!feed.dirty) return;
      feed.dirty = false;
      this.#changed(feed);
    });
  }

  #publish(feed: Feed): void {
    const read = this.#read(feed.of);
    if (!read.ok) return;
    feed.seq += 1;
    const push = this.#push(feed, read.value);
    for (const subscriber of [...feed.subscribers]) subscriber.deliverLatest(push);
  }

  #push(feed: Feed, data: unknown): Push {
    return new Push({ channel: feed.of.name, seq: feed.seq, ts: isoTime(this.#clock.now()), type: 'snapshot', data });
  }

  #read(of: MarketName): Result<unknown, ApiError> {
    const { channel, instrument } = of;
    if (channel === 'orderbook') return this.#market.orderBook({ instrument, venue: 'consolidated', depth: DEPTH });
    const { category } = splitInstrumentId(instrument);
    const tickers = this.#market.tickers({ instrument, category, venue: 'consolidated' });
    return tickers.ok ? ok(tickers.value[0] ?? null) : tickers;
  }
}
