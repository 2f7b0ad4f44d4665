import type { Lots, Money, UnixMs } from '../../domain/ids.ts';
import { invariant } from '../../domain/result.ts';
import type { SpreadBook, SpreadLevel, SpreadPublicEvent, SpreadTicker, SpreadTrade } from '../../ports/exchange.ts';
import { LevelBook } from '../book/level-book.ts';
import type { SpreadBookChange } from '../desk/decision.ts';
import type { Release } from '../outbox.ts';
import { TradeStats } from '../tape/stats.ts';
import type { SpreadMarket } from './spread-market.ts';

const KEPT = 1000;
const NOTHING = 0n as Money;

/** One combo as it was published. Its levels have the engine's prices, which are moved up by a constant. */
type Published = {
  readonly market: SpreadMarket;
  readonly levels: LevelBook;
  trades: SpreadTrade[];
  /** Null before the first trade. */
  stats: TradeStats | null;
  version: number;
  seq: number;
  at: UnixMs;
};

/** Market data of combos: queries and pushes agree on every sequence number. */
export class SpreadTape {
  readonly #published = new Map<string, Published>();

  constructor(markets: Iterable<SpreadMarket>, lasts: ReadonlyMap<string, Money>, at: UnixMs) {
    for (const market of markets) {
      const last = lasts.get(market.symbol) ?? null;
      market.last = last;
      this.#add(market, at).stats = last === null ? null : new TradeStats(last);
    }
  }

  /** Takes a release over and says what to tell. */
  publish({ at, reset, spreads }: Pick<Release, 'at' | 'reset' | 'spreads'>): readonly SpreadPublicEvent[] {
    const events: SpreadPublicEvent[] = [];
    const tickers = new Set<string>();
    for (const symbol of spreads.gone) {
      this.#published.delete(symbol);
      events.push({ type: 'book', symbol });
    }
    for (const market of spreads.listed) {
      if (this.#published.get(market.symbol)?.market !== market) this.#add(market, at);
    }
    if (reset) this.#forget();
    for (const [symbol, trades] of Map.groupBy(spreads.trades, (trade) => trade.symbol)) {
      this.#push(this.#published.get(symbol), trades);
      events.push({ type: 'trades', symbol, trades });
      tickers.add(symbol);
    }
    for (const change of spreads.books) {
      if (!this.#setBook(change)) continue;
      events.push({ type: 'book', symbol: change.market.symbol });
      tickers.add(change.market.symbol);
    }
    for (const symbol of tickers) events.push({ type: 'ticker', symbol });
    return events;
  }

  book(symbol: string, depth: number): SpreadBook {
    const { market, levels, version, seq, at } = this.#of(symbol);
    const rows = (side: 'buy' | 'sell'): readonly SpreadLevel[] =>
      levels
        .side(side)
        .slice(0, depth)
        .map(({ price, qty }) => ({ price: market.unshifted(price), qty }));
    return { symbol, bids: rows('buy'), asks: rows('sell'), version, seq, at };
  }

  ticker(symbol: string, now: UnixMs): SpreadTicker {
    const { stats } = this.#of(symbol);
    if (stats === null) {
      return { symbol, last: null, high24h: null, low24h: null, prev24h: null, volume24h: NOTHING };
    }
    const { last, high24h, low24h, prev24h, volume24h } = stats.read(now);
    return { symbol, last, high24h, low24h, prev24h, volume24h };
  }

  /** Newest first. */
  recentTrades(symbol: string, limit: number): readonly SpreadTrade[] {
    return this.#of(symbol).trades.slice(-Math.min(limit, KEPT)).reverse();
  }

  has(symbol: string): boolean {
    return this.#published.has(symbol);
  }

  #add(market: SpreadMarket, at: UnixMs): Published {
    const { version } = market;
    const one: Published = { market, levels: new LevelBook(), trades: [], stats: null, version, seq: version, at };
    this.#published.set(market.symbol, one);
    return one;
  }

  #push(published: Published | undefined, trades: readonly SpreadTrade[]): void {
    if (published === undefined) return;
    for (const trade of trades) {
      published.trades.push(trade);
      published.stats ??= new TradeStats(trade.price);
      published.stats.push(trade, NOTHING);
    }
    if (published.trades.length >= 2 * KEPT) published.trades = published.trades.slice(-KEPT);
  }

  #setBook({ market, bids, asks, version, seq, at }: SpreadBookChange): boolean {
    const published = this.#published.get(market.symbol);
    if (published?.market !== market) return false;
    for (const { price, qty } of bids) published.levels.set('buy', price, qty as Lots);
    for (const { price, qty } of asks) published.levels.set('sell', price, qty as Lots);
    Object.assign(published, { version, seq, at });
    return true;
  }

  /** Trades and prices of the last day; the books are emptied by what they are told. */
  #forget(): void {
    for (const published of this.#published.values()) {
      published.trades = [];
      published.stats = null;
    }
  }

  #of(symbol: string): Published {
    const published = this.#published.get(symbol);
    invariant(published !== undefined, `${symbol} is not listed`);
    return published;
  }
}
