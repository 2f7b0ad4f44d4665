import { multiply, ZERO } from '../../domain/decimal.ts';
import {
  type AssetId,
  type Category,
  type InstrumentId,
  instrumentId,
  type Money,
  type UnixMs,
} from '../../domain/ids.ts';
import { priceOf } from '../../domain/instrument.ts';
import { invariant } from '../../domain/result.ts';
import type {
  Candle,
  CandleInterval,
  CandleKind,
  CandleQuery,
  DeliveryPrice,
  ExchangeMarket,
  ExchangeRiskTier,
  FundingRate,
  InsuranceFund,
  Interruption,
  Range,
  Sample,
  SampleQuery,
} from '../../ports/exchange-market.ts';
import type { FeeRates } from '../../ports/exchange.ts';
import { HOUR_MS, MINUTE_MS, nextStart } from '../candles/intervals.ts';
import type { ReadRow } from '../candles/series.ts';
import { bandLimit } from '../rules/band.ts';
import { usdPrice } from '../views/wallet.ts';
import type { InstrumentSeries, SeriesKind } from './instrument-series.ts';
import type { MarketData } from './market-data.ts';
import { volatilities } from './volatility.ts';

const END_OF_TIME = 8.64e15;

export type MarketQueryParts = Readonly<{
  data: MarketData;
  feesOf: (category: Category) => FeeRates;
  openedAt: UnixMs;
}>;

/** The port's questions about the past of the markets, and about their rules. */
export class MarketQueries implements ExchangeMarket {
  readonly #parts: MarketQueryParts;

  constructor(parts: MarketQueryParts) {
    this.#parts = parts;
  }

  candles(id: InstrumentId, kind: CandleKind, query: CandleQuery): readonly Candle[] {
    const one = this.#of(id);
    const open = one.series.get(kind)?.minute ?? 0;
    return this.#rows(one, kind, query.interval, query).map((row) => candleOf(one, kind, query.interval, row, open));
  }

  openInterest(id: InstrumentId, query: SampleQuery): readonly Sample[] {
    return this.#samples(id, 'interest', query);
  }

  longRatio(id: InstrumentId, query: SampleQuery): readonly Sample[] {
    return this.#samples(id, 'ratio', query);
  }

  fundings(id: InstrumentId, query: Range): readonly FundingRate[] {
    return within(this.#parts.data.facts.fundings.get(id) ?? [], query);
  }

  deliveries(category: Category): readonly DeliveryPrice[] {
    return [...(this.#parts.data.facts.deliveries.get(category) ?? [])].reverse();
  }

  volatility(base: AssetId, days: number, query: Range): readonly Sample[] {
    const one = this.#indexOf(base);
    if (one === null) return [];
    const to = query.to ?? END_OF_TIME;
    const needed = { from: 0 as UnixMs, to: null, limit: Number.MAX_SAFE_INTEGER };
    const { minute } = one.series.get('index') as NonNullable<ReturnType<InstrumentSeries['series']['get']>>;
    const hours = [...this.#rows(one, 'index', '60', needed)]
      .filter((row) => row.start + HOUR_MS <= (minute ?? 0))
      .reverse();
    return volatilities(hours, days, query.from ?? 0, to).slice(0, query.limit);
  }

  priceLimits(id: InstrumentId): Readonly<{ buy: Money; sell: Money }> {
    const { market } = this.#of(id);
    const { listing } = market.instrument;
    return { buy: priceOf(listing, bandLimit(market, 'buy')), sell: priceOf(listing, bandLimit(market, 'sell')) };
  }

  riskTiers(id: InstrumentId): readonly ExchangeRiskTier[] {
    return this.#of(id).market.instrument.tiers.map(({ upTo, rate, deduction, maxLeverage }) => ({
      upTo,
      maintenanceRate: rate,
      deduction,
      maxLeverage,
    }));
  }

  insuranceFunds(): readonly InsuranceFund[] {
    const { data, openedAt } = this.#parts;
    const contracts = [...data.series.values()].map((one) => one.market.instrument).filter(isContract);
    return [...new Set(contracts.map((one) => one.settle))].map((asset) => {
      const fund = data.facts.funds.get(asset) ?? { balance: ZERO, at: openedAt };
      const symbols = contracts.filter((one) => one.settle === asset).map((one) => one.symbol);
      const price = usdPrice(asset, (id) => data.series.get(id)?.market.index() ?? null);
      const value = multiply(fund.balance, price, 'down');
      return { asset, symbols, balance: fund.balance, value, updatedAt: fund.at };
    });
  }

  interruptions(): readonly Interruption[] {
    return [...this.#parts.data.facts.interruptions].reverse();
  }

  usualFees(category: Category): FeeRates {
    return this.#parts.feesOf(category);
  }

  #of(id: InstrumentId): InstrumentSeries {
    const one = this.#parts.data.series.get(id);
    invariant(one !== undefined, `${id} is not listed`);
    return one;
  }

  #rows(one: InstrumentSeries, kind: SeriesKind, interval: CandleInterval, query: Range): readonly ReadRow[] {
    const { from, to, limit, oldest = false } = query;
    return one.series.get(kind)?.read(interval, { from: from ?? 0, to: to ?? END_OF_TIME, limit, oldest }) ?? [];
  }

  /** The value at an instant is what the candle from there on opened with; none is known of an instant in a hole. */
  #samples(id: InstrumentId, kind: 'interest' | 'ratio', query: SampleQuery): readonly Sample[] {
    const one = this.#of(id);
    const unit = one.unit(kind);
    return this.#rows(one, kind, sampleInterval(query.stepMs), query)
      .filter((row) => row.since === row.start)
      .map((row) => ({ at: row.start as UnixMs, value: amount(row.open, unit) }));
  }

  /** The perpetual that shows a coin's index. */
  #indexOf(base: AssetId): InstrumentSeries | null {
    const { series } = this.#parts.data;
    for (const id of [instrumentId('linear', `${base}USDT`), instrumentId('inverse', `${base}USD`)]) {
      const one = series.get(id);
      if (one?.series.has('index') === true) return one;
    }
    return null;
  }
}

const sampleInterval = (stepMs: number): CandleInterval =>
  stepMs === 24 * HOUR_MS ? 'D' : (String(stepMs / MINUTE_MS) as CandleInterval);

const amount = (count: number, unit: Money): Money => (BigInt(count) * unit) as Money;

function candleOf(
  one: InstrumentSeries,
  kind: CandleKind,
  interval: CandleInterval,
  row: ReadRow,
  openMinute: number,
): Candle {
  const unit = one.unit(kind);
  const end = nextStart(interval, row.start) as UnixMs;
  return {
    start: row.start as UnixMs,
    end,
    open: amount(row.open, unit),
    high: amount(row.high, unit),
    low: amount(row.low, unit),
    close: amount(row.close, unit),
    volume: amount(row.volume, one.market.instrument.listing.step),
    turnover: (row.turnover * one.turnoverUnit) as Money,
    isClosed: end <= openMinute,
  };
}

function within<T extends { readonly at: UnixMs }>(oldestFirst: readonly T[], query: Range): readonly T[] {
  const { from, to, limit, oldest = false } = query;
  const found = oldestFirst.filter(({ at }) => at >= (from ?? 0) && at <= (to ?? END_OF_TIME));
  return (oldest ? found.slice(0, limit) : found.slice(-limit)).reverse();
}

const isContract = (one: { readonly category: Category }): boolean =>
  one.category === 'linear' || one.category === 'inverse';
