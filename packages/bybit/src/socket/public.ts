import type { BookOptions } from '../book.ts';
import type { Observe } from '../events.ts';
import type { Transport } from '../ports.ts';
import type { Category } from '../wire/enums.ts';
import type { BookListener } from './book-feed.ts';
import { BookFeed } from './book-feed.ts';
import type { Control, Json } from './control.ts';
import type { DialBudget } from './dial-budget.ts';
import type { Feed, FeedConfig, TopicHandler } from './feed.ts';
import type { LinkHealth, LinkTiming, LinkUser } from './link.ts';
import { Link } from './link.ts';
import type { TickerListener, TradesListener } from './market-feeds.ts';
import { TickerFeed, TradeFeed } from './market-feeds.ts';
import type { TopicState, TopicTiming } from './topics.ts';
import { Topics } from './topics.ts';

/** One listener on one topic. */
export interface Subscription {
  readonly topic: string;
  /** Null once closed. */
  state(): TopicState | null;
  /** The topic itself is given up with its last listener. */
  close(): void;
}

export type BookSubscription = Subscription & { readonly book: BookFeed['book'] };

export type PublicStreamConfig = Readonly<{
  category: Category;
  /** Address without a path. */
  url: string;
  transport: Transport;
  dials: DialBudget;
  timing: LinkTiming;
  topicTiming: TopicTiming;
  observe: Observe;
  /** Told when the owner closes it. */
  closed: () => void;
}>;

/** Topics of one connection: at most so many characters of names (docs/v5/ws/connect), quotes and commas counted. */
const CHARS_PER_CONNECTION = 21_000;
const OPTION_TOPICS_PER_CONNECTION = 2_000;
const SPOT_ARGS_PER_REQUEST = 10;
const ARGS_PER_REQUEST = 200;

/** What a message of a book begins with, as a rule; if its keys come in another order it takes the slower way. */
const BOOK_PREFIX = '{"topic":"orderbook.';
const TOPIC_AT = '{"topic":"'.length;

const expectsData = (topic: string): boolean => topic.startsWith('orderbook.') || topic.startsWith('tickers.');

/** One connection and the topics on it. */
class Shard implements LinkUser {
  readonly link: Link;
  readonly topics: Topics;
  readonly handlers = new Map<string, TopicHandler>();
  readonly books = new Map<string, BookFeed>();
  readonly #observe: Observe;
  readonly #name: string;
  chars = 0;

  constructor(config: PublicStreamConfig, index: number) {
    const { category, url, transport, dials, timing, observe, topicTiming } = config;
    this.#observe = observe;
    this.#name = `public ${category}${index === 0 ? '' : ` ${index + 1}`}`;
    const link = { name: this.#name, url: `${url}/v5/public/${category}`, transport, dials, timing, observe };
    this.link = new Link(link, this);
    const argsPerRequest = category === 'spot' ? SPOT_ARGS_PER_REQUEST : ARGS_PER_REQUEST;
    const { clock } = transport;
    const common = { name: this.#name, clock, observe, timing: topicTiming, argsPerRequest, expectsData };
    // One symbol that does not trade is no reason to disturb the others.
    this.topics = new Topics({ ...common, refused: () => undefined }, this.link);
  }

  get name(): string {
    return this.#name;
  }

  login(): null {
    return null;
  }

  loginRefused(): void {}

  ready(): void {
    this.topics.begin();
  }

  text(message: string): boolean {
    if (!message.startsWith(BOOK_PREFIX)) return false;
    const feed = this.books.get(message.slice(TOPIC_AT, message.indexOf('"', BOOK_PREFIX.length)));
    if (feed === undefined) return false;
    feed.text(message);
    return true;
  }

  push(topic: string, json: Json): void {
    const handler = this.handlers.get(topic);
    // Topics that were given up a moment ago may still speak.
    handler?.push(json);
  }

  control(control: Control, json: Json): void {
    if (control.type === 'ack') {
      this.topics.acknowledge(control);
      return;
    }
    const text = JSON.stringify(json).slice(0, 2_000);
    this.#observe({ type: 'unreadable', where: this.#name, reason: 'not a known message', text });
  }

  down(): void {
    this.topics.end();
    for (const handler of this.handlers.values()) handler.down();
  }
}

/** Public market data of one category. Opens its connection with the first topic, and further ones when one is full. */
export class PublicStream {
  readonly #config: PublicStreamConfig;
  readonly #shards: Shard[] = [];
  readonly #shardOf = new Map<string, Shard>();
  readonly #trades = new Map<string, TradeFeed>();
  readonly #tickers = new Map<string, TickerFeed>();

  constructor(config: PublicStreamConfig) {
    this.#config = config;
  }

  /**
   * Keeps the book of a symbol. Depths: spot, linear, inverse 1, 50, 200, 1000; option 25, 100. Further listeners of
   * the same topic share the book, and its tick and step, with the first.
   */
  book(symbol: string, options: BookOptions, listener: BookListener): BookSubscription {
    const topic = `orderbook.${options.depth}.${symbol}`;
    const { transport, observe } = this.#config;
    const shard = this.#shardFor(topic);
    let feed = shard.books.get(topic);
    if (feed === undefined) {
      feed = new BookFeed({
        topic,
        link: shard.name,
        clock: transport.clock,
        observe,
        options,
        again: () => shard.topics.again(topic),
        alive: () => shard.topics.data(topic),
      });
      shard.books.set(topic, feed);
      this.#attach(shard, topic, feed);
    }
    const kept = feed;
    kept.listeners.add(listener);
    return {
      book: kept.book,
      ...this.#subscription(topic, () => {
        kept.listeners.delete(listener);
        if (kept.listeners.size > 0) return;
        shard.books.delete(topic);
        kept.close();
        this.#detach(topic);
      }),
    };
  }

  /** Public trades; for option, of a base coin instead of a symbol. */
  trades(symbol: string, listener: TradesListener): Subscription {
    return this.#shared(`publicTrade.${symbol}`, this.#trades, (config) => new TradeFeed(config), listener);
  }

  /** The whole ticker after every change: absent fields of a delta keep their last value. */
  ticker(symbol: string, listener: TickerListener): Subscription {
    return this.#shared(`tickers.${symbol}`, this.#tickers, (config) => new TickerFeed(config), listener);
  }

  /** One entry per connection. */
  health(): readonly LinkHealth[] {
    return this.#shards.map((shard) => shard.link.health());
  }

  async close(): Promise<void> {
    this.#config.closed();
    await Promise.all(this.#shards.map((shard) => shard.link.close()));
  }

  #shared<L, F extends Feed<L>>(
    topic: string,
    feeds: Map<string, F>,
    make: (config: FeedConfig) => F,
    listener: L,
  ): Subscription {
    let feed = feeds.get(topic);
    if (feed === undefined) {
      const shard = this.#shardFor(topic);
      const alive = (): void => shard.topics.data(topic);
      feed = make({ topic, link: shard.name, observe: this.#config.observe, alive });
      feeds.set(topic, feed);
      this.#attach(shard, topic, feed);
    }
    const kept = feed;
    kept.listeners.add(listener);
    return this.#subscription(topic, () => {
      kept.listeners.delete(listener);
      if (kept.listeners.size > 0) return;
      feeds.delete(topic);
      this.#detach(topic);
    });
  }

  #subscription(topic: string, release: () => void): Subscription {
    let open = true;
    return {
      topic,
      state: () => (open ? (this.#shardOf.get(topic)?.topics.stateOf(topic) ?? null) : null),
      close: () => {
        if (open) release();
        open = false;
      },
    };
  }

  #shardFor(topic: string): Shard {
    const known = this.#shardOf.get(topic);
    if (known !== undefined) return known;
    const chars = topic.length + 3;
    const maxTopics = this.#config.category === 'option' ? OPTION_TOPICS_PER_CONNECTION : Number.POSITIVE_INFINITY;
    const roomy = this.#shards.find(
      (shard) => shard.chars + chars <= CHARS_PER_CONNECTION && shard.topics.size < maxTopics,
    );
    if (roomy !== undefined) return roomy;
    const shard = new Shard(this.#config, this.#shards.length);
    this.#shards.push(shard);
    return shard;
  }

  #attach(shard: Shard, topic: string, handler: TopicHandler): void {
    shard.chars += topic.length + 3;
    shard.handlers.set(topic, handler);
    this.#shardOf.set(topic, shard);
    shard.topics.add(topic);
    shard.link.start();
  }

  #detach(topic: string): void {
    const shard = this.#shardOf.get(topic);
    if (shard === undefined) return;
    shard.chars -= topic.length + 3;
    shard.handlers.delete(topic);
    this.#shardOf.delete(topic);
    shard.topics.remove(topic);
  }
}
