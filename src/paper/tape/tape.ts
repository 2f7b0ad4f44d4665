import type { InstrumentId, UnixMs } from '../../domain/ids.ts';
import { invariant } from '../../domain/result.ts';
import type { ExchangeBook, PublicEvent, PublicTrade } from '../../ports/exchange.ts';
import { LevelBook } from '../book/level-book.ts';
import type { BookChange } from '../desk/decision.ts';
import { turnoverOf } from '../market-data/instrument-series.ts';
import type { MarketData } from '../market-data/market-data.ts';
import type { Release } from '../outbox.ts';
import type { Market } from './market.ts';
import { withOptionPrices } from './option-prices.ts';
import { TradeStats } from './stats.ts';
import { TradeRing } from './trades.ts';

/** The market data of one instrument as it was published: queries and pushes agree on every sequence number. */
type Published = {
  readonly market: Market;
  levels: LevelBook;
  trades: TradeRing;
  stats: TradeStats;
  version: number;
  seq: number;
  at: UnixMs;
};

export class Tape {
  readonly #published = new Map<InstrumentId, Published>();

  constructor(markets: Iterable<Market>, at: UnixMs) {
    for (const market of markets) this.add(market, at);
  }

  /** A market that is listed, also while the exchange runs. */
  add(market: Market, at: UnixMs): void {
    const { version } = market;
    const book = { market, levels: new LevelBook(), trades: new TradeRing(), stats: new TradeStats(market.last) };
    this.#published.set(market.id, { ...book, version, seq: version, at });
  }

  /** The last day as an earlier run saw it. */
  recall(past: MarketData): void {
    for (const [id, { stats, at }] of this.#published) stats.recall(past.lastDay(id, at), past.allDays(id));
  }

  /** Takes a release over and says what to tell: trades, then books, then who has a new ticker. */
  publish(release: Release): readonly PublicEvent[] {
    if (release.reset) this.#forget();
    const events: PublicEvent[] = [];
    const tickers = new Set(release.tickers);
    for (const [instrument, made] of grouped(release.trades)) {
      const { market, trades: ring, stats } = this.of(instrument);
      const trades = made.map((trade) => withOptionPrices(market, trade));
      for (const trade of trades) {
        ring.push(trade);
        stats.push(trade, turnoverOf(market, trade));
      }
      events.push({ type: 'trades', instrument, trades });
      tickers.add(instrument);
    }
    // Levels in units that are no more: what follows is the whole book in new ones.
    for (const market of release.relisted) {
      this.of(market.id).levels = new LevelBook();
    }
    for (const change of release.books) {
      this.#setBook(change);
      events.push({ type: 'book', ...change });
      tickers.add(change.instrument);
    }
    for (const instrument of tickers) events.push({ type: 'ticker', instrument });
    return events;
  }

  book(id: InstrumentId, depth: number): ExchangeBook {
    const { levels, version, seq, at } = this.of(id);
    const bids = levels.side('buy').slice(0, depth);
    return { instrument: id, bids, asks: levels.side('sell').slice(0, depth), version, seq, at };
  }

  of(id: InstrumentId): Published {
    const published = this.#published.get(id);
    invariant(published !== undefined, `${id} is not listed`);
    return published;
  }

  /** Trades and prices of the last day; the books are emptied by what they are told. */
  #forget(): void {
    for (const published of this.#published.values()) {
      published.trades = new TradeRing();
      published.stats = new TradeStats(published.market.last);
    }
  }

  #setBook(change: BookChange): void {
    const published = this.of(change.instrument);
    for (const level of change.bids) published.levels.set('buy', level.price, level.qty);
    for (const level of change.asks) published.levels.set('sell', level.price, level.qty);
    published.version = change.version;
    published.seq = change.seq;
    published.at = change.at;
  }
}

function grouped(trades: readonly PublicTrade[]): ReadonlyMap<InstrumentId, readonly PublicTrade[]> {
  const groups = new Map<InstrumentId, PublicTrade[]>();
  for (const trade of trades) {
    const group = groups.get(trade.instrument);
    if (group === undefined) groups.set(trade.instrument, [trade]);
    else group.push(trade);
  }
  return groups;
}
