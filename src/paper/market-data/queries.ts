import { multiply } from '../../domain/decimal.ts';
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
import { type FeeRates, isFuture } from '../../ports/exchange.ts';
import { HOUR_MS, MINUTE_MS } from '../candles/intervals.ts';
import { bandLimit } from '../rules/band.ts';
import { usdPrice } from '../desk/desk.ts';
import type { InstrumentSeries } from './instrument-series.ts';
import type { MarketData } from './market-data.ts';
import { volatilities } from './volatility.ts';

/** Every candle that is kept. */
const ALL = { from: null, to: null, limit: Number.MAX_SAFE_INTEGER } as const;

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
    return this.#of(id).candles(kind, query);
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
    const hours = this.#indexOf(base)?.candles('index', { interval: '60', ...ALL }) ?? [];
    const closes = hours
      .filter((hour) => hour.isClosed)
      .map(({ start, close }) => ({ start, close: Number(close) }))
      .reverse();
    const { from, to, limit } = query;
    return volatilities(closes, days, from ?? 0, to ?? Number.MAX_SAFE_INTEGER).slice(0, limit);
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

  /** One for each coin that futures settle in. */
  insuranceFunds(): readonly InsuranceFund[] {
    const { data, openedAt } = this.#parts;
    const contracts = [...data.series.values()].map((one) => one.market.instrument).filter(isFuture);
    return [...new Set(contracts.map((one) => one.settle))].map((asset) => {
      const symbols = contracts.filter((one) => one.settle === asset).map((one) => one.symbol);
      const balance = data.fund(asset);
      const value = multiply(
        balance,
        usdPrice(asset, (id) => data.series.get(id)?.market.index() ?? null),
        'down',
      );
      return { asset, symbols, balance, value, updatedAt: data.fundsChangedAt.get(asset) ?? openedAt };
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

  /** The value at an instant is what the candle from there on opened with: nothing changes while the exchange stands. */
  #samples(id: InstrumentId, kind: 'interest' | 'ratio', query: SampleQuery): readonly Sample[] {
    const { stepMs, ...range } = query;
    const interval = stepMs === 24 * HOUR_MS ? 'D' : (String(stepMs / MINUTE_MS) as CandleInterval);
    return this.#of(id)
      .candles(kind, { interval, ...range })
      .map(({ start, open }) => ({ at: start, value: open }));
  }

  /** The perpetual that shows a coin's index. */
  #indexOf(base: AssetId): InstrumentSeries | null {
    const { series } = this.#parts.data;
    return (
      series.get(instrumentId('linear', `${base}USDT`)) ?? series.get(instrumentId('inverse', `${base}USD`)) ?? null
    );
  }
}

function within<T extends { readonly at: UnixMs }>(oldestFirst: readonly T[], query: Range): readonly T[] {
  const { from, to, limit, oldest = false } = query;
  const found = oldestFirst.filter(({ at }) => at >= (from ?? 0) && at <= (to ?? Number.MAX_SAFE_INTEGER));
  return (oldest ? found.slice(0, limit) : found.slice(-limit)).reverse();
}
