import { ZERO } from '../../domain/decimal.ts';
import type { AssetId, InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import type { Candle, PublicEvent } from '../../ports/exchange.ts';
import { DAY_MS, MINUTE_MS, startOf } from '../candles/intervals.ts';
import type { Row } from '../candles/rows.ts';
import type { Release } from '../outbox.ts';
import { type AccountFacts, INSURANCE } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { FactHistory, type MarketFact } from './facts.ts';
import { FundingRates } from './funding-rates.ts';
import { InstrumentSeries } from './instrument-series.ts';
import type { SeriesKind } from './kinds.ts';
import type { MarketRecorder } from './recorder.ts';
import { Recall } from './recall.ts';
import { cellsOf, type MinuteRecord } from './records.ts';
import { encodeMarketSnapshot } from './snapshot.ts';

/** A shorter stop is not told: Bybit announces none under ten seconds. */
const LEAST_INTERRUPTION_MS = 10_000;

/** Mark and index prices are looked at so often, as Bybit does. */
const SAMPLE_EVERY_MS = 1_000;

/** What there is on one coin. */
type Coin = { readonly series: readonly InstrumentSeries[]; sampledAt: number };
type Minutes = Map<number, Map<InstrumentId, Map<SeriesKind, Row>>>;

/**
 * The past of all markets: candles, samples, histories. Fed with every release, so that it shows what is durable and
 * nothing else; time passes in it as releases come, of which there is at least one a minute while the exchange runs.
 */
export class MarketData {
  readonly series: ReadonlyMap<InstrumentId, InstrumentSeries> = new Map();
  readonly facts = new FactHistory();
  readonly fundsChangedAt = new Map<AssetId, UnixMs>();
  readonly #accounts: ReadonlyMap<string, AccountFacts>;
  readonly #recorder: MarketRecorder | null;
  #minute = 0;
  readonly #coins = new Map<AssetId, Coin>();
  readonly #rates = new FundingRates();
  readonly #recall: Recall;
  #told: PublicEvent[] = [];

  constructor(markets: Iterable<Market>, accounts: ReadonlyMap<string, AccountFacts>, recorder: MarketRecorder | null) {
    this.#accounts = accounts;
    this.#recorder = recorder;
    this.#recall = new Recall(this.series, this.facts, recorder);
    for (const market of markets) this.#list(market);
  }

  /** Takes up what earlier runs left, and begins at `at`; `ranUntil`: the last time that anything else knows of. */
  open(at: UnixMs, ranUntil: UnixMs): void {
    const stopped = this.#recall.read();
    this.#recall.writeUnits(this.series.values());
    for (const one of this.series.values()) one.begin(at, this.#accounts);
    this.#minute = startOf('1', at);
    const from = Math.max(stopped ?? 0, ranUntil) as UnixMs;
    if (stopped === null || at - from < LEAST_INTERRUPTION_MS) return;
    const fact: MarketFact = { type: 'interruption', from, to: at };
    this.facts.take(fact);
    this.#recorder?.write([{ type: 'fact', fact }]);
  }

  /** A market that is listed while the exchange runs, or whose tick or step has changed. */
  add(market: Market, at: UnixMs): void {
    const before = this.series.get(market.id);
    const one = this.#list(market);
    if (before !== undefined) one.takeOver(before);
    this.#recall.writeUnits([one]);
    one.begin(at, this.#accounts);
  }

  /** Minutes of the 24 hours before an instant, oldest first. */
  lastDay(id: InstrumentId, at: UnixMs): readonly Candle[] {
    const query = { interval: '1', from: (at - DAY_MS) as UnixMs, to: null, limit: DAY_MS / MINUTE_MS } as const;
    return [...(this.series.get(id)?.candles('last', query) ?? [])].reverse();
  }

  allDays(id: InstrumentId): readonly Candle[] {
    const query = { interval: 'D', from: null, to: null, limit: Number.MAX_SAFE_INTEGER } as const;
    return this.series.get(id)?.candles('last', query) ?? [];
  }

  /** Takes over what became durable. */
  take(release: Release): void {
    if (release.reset) this.#reset(release.at);
    this.#passTo(release.at);
    for (const fact of release.facts) this.#tell(fact);
    this.#recorder?.taken(release.facts);
    this.#watchFunds(release);
    const moved = new Set(release.tickers);
    for (const trade of release.trades) {
      this.series.get(trade.instrument)?.trade(trade);
      moved.add(trade.instrument);
    }
    for (const book of release.books) moved.add(book.instrument);
    this.#sample(moved, release.at);
  }

  /**
   * The rate at which funding would be settled if the interval that an instant lies in were over: of the minutes of it
   * that have ended. The last millisecond of an interval asks for its own rate.
   */
  fundingRate(id: InstrumentId, at: number): Money {
    const one = this.series.get(id);
    return one === undefined ? ZERO : this.#rates.rate(one, at);
  }

  /** What is to be told since the last time. */
  takeEvents(): readonly PublicEvent[] {
    if (this.#told.length === 0) return [];
    return this.#told.splice(0);
  }

  /** Writes down the minute that has begun: the exchange closes once that is durable. */
  recordOpenMinute(at: UnixMs): void {
    if (this.#recorder === null) return;
    this.#passTo(at);
    this.#recorder.write([{ ...this.#record(this.#minute, this.#openMinute()), type: 'partial', at }]);
  }

  async close(at: UnixMs): Promise<void> {
    if (this.#recorder?.isWorthClosing === true) await this.#recorder.snapshot(this.#encoded(at));
  }

  /** Ends the minutes before an instant. Contracts held and prices nobody traded at are looked at once a minute. */
  #passTo(at: UnixMs): void {
    const minute = startOf('1', at);
    if (minute <= this.#minute) return;
    this.#minute = minute;
    const closed: Minutes = new Map();
    for (const [id, one] of this.series) {
      one.sampleAll(this.#accounts);
      for (const [kind, candles] of one.series) {
        candles.advance(at, (row) => {
          if (this.#recorder !== null) put(closed, id, kind, row);
        });
      }
      this.#told.push({ type: 'minute', instrument: id });
    }
    if (this.#recorder === null) return;
    this.#recorder.write([...closed].map(([start, rows]) => this.#record(start, rows)));
    if (this.#recorder.isDue) void this.#recorder.snapshot(this.#encoded(minute));
  }

  #record(start: number, rows: ReadonlyMap<InstrumentId, ReadonlyMap<SeriesKind, Row>>): MinuteRecord {
    const cells = [...rows].map(([id, row]) => [id, cellsOf(row)] as const);
    return { type: 'minute', start, at: start + MINUTE_MS, rows: Object.fromEntries(cells) as MinuteRecord['rows'] };
  }

  #openMinute(): ReadonlyMap<InstrumentId, ReadonlyMap<SeriesKind, Row>> {
    const open: Minutes = new Map();
    for (const [id, one] of this.series) {
      for (const [kind, candles] of one.series) {
        const row = candles.levels()[0]?.open;
        if (row !== undefined && row !== null) put(open, id, kind, row);
      }
    }
    return open.get(this.#minute) ?? new Map();
  }

  #tell(fact: MarketFact): void {
    this.facts.take(fact);
    if (fact.type === 'liquidation') {
      const { instrument, at, side, qty, price } = fact;
      this.#told.push({ type: 'liquidation', instrument, liquidation: { instrument, at, side, qty, price } });
    }
    if (fact.type === 'interruption') this.#told.push({ type: 'interruption', instrument: null });
  }

  /**
   * Looks at the prices of everything on a coin of which one instrument moved, once a second at the most: contracts
   * follow their coin without an order of their own.
   */
  #sample(moved: ReadonlySet<InstrumentId>, at: UnixMs): void {
    for (const id of moved) {
      const coin = this.#coins.get(this.series.get(id)?.market.instrument.base as AssetId);
      if (coin === undefined || at - coin.sampledAt < SAMPLE_EVERY_MS) continue;
      coin.sampledAt = at;
      for (const one of coin.series) {
        if (one.sample() && !moved.has(one.market.id)) this.#told.push({ type: 'ticker', instrument: one.market.id });
      }
    }
  }

  #list(market: Market): InstrumentSeries {
    const one = new InstrumentSeries(market);
    const { base } = market.instrument;
    (this.series as Map<InstrumentId, InstrumentSeries>).set(market.id, one);
    const { series = [], sampledAt = Number.NEGATIVE_INFINITY } = this.#coins.get(base) ?? {};
    this.#coins.set(base, { series: [...series.filter((other) => other.market.id !== market.id), one], sampledAt });
    return one;
  }

  /** What the insurance account has in each coin is its fund. */
  #watchFunds({ at, changes, quiet }: Release): void {
    for (const change of changes) {
      if (change.uid !== INSURANCE || change.type !== 'coin') continue;
      this.fundsChangedAt.set(change.asset, at);
      if (!quiet) this.#told.push({ type: 'insurance', instrument: null, asset: change.asset });
    }
  }

  /** What an insurance fund holds. */
  fund(asset: AssetId): Money {
    return this.#accounts.get(INSURANCE)?.coins.get(asset)?.wallet ?? ZERO;
  }

  #reset(at: UnixMs): void {
    this.#recorder?.write([{ type: 'reset', at }]);
    this.#recall.forget();
    for (const one of this.series.values()) one.begin(at, this.#accounts);
    this.#minute = startOf('1', at);
  }

  #encoded(at: number): Uint8Array {
    return encodeMarketSnapshot(this.series, this.facts, at);
  }
}

function put(minutes: Minutes, id: InstrumentId, kind: SeriesKind, row: Row): void {
  let ids = minutes.get(row.start);
  if (ids === undefined) minutes.set(row.start, (ids = new Map()));
  let rows = ids.get(id);
  if (rows === undefined) ids.set(id, (rows = new Map()));
  rows.set(kind, row);
}
