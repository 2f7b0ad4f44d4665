import { money } from '../../../domain/decimal.ts';
import type { InstrumentId, Money, UnixMs } from '../../../domain/ids.ts';
import type {
  Candle,
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
} from '../../../ports/exchange.ts';

/** Says what a test has put into it, and remembers the ranges that it was asked for. */
export class ScriptedMarket implements ExchangeMarket {
  rows: readonly Candle[] = [];
  samples: readonly Sample[] = [];
  rates: readonly FundingRate[] = [];
  delivered: readonly DeliveryPrice[] = [];
  funds: readonly InsuranceFund[] = [];
  stops: readonly Interruption[] = [];
  limits: Readonly<{ buy: Money; sell: Money }> = { buy: money('61000'), sell: money('59000') };
  tiers: readonly ExchangeRiskTier[] = [
    { upTo: money('2000000'), maintenanceRate: money('0.005'), deduction: money('0'), maxLeverage: money('100') },
    { upTo: null, maintenanceRate: money('0.01'), deduction: money('10000'), maxLeverage: money('50') },
  ];
  readonly asked: Readonly<{ id: InstrumentId | null; kind?: CandleKind; query: Range | CandleQuery | SampleQuery }>[] =
    [];

  candles(id: InstrumentId, kind: CandleKind, query: CandleQuery): readonly Candle[] {
    this.asked.push({ id, kind, query });
    return this.rows.slice(0, query.limit);
  }

  openInterest(id: InstrumentId, query: SampleQuery): readonly Sample[] {
    this.asked.push({ id, query });
    return within(this.samples, query);
  }

  longRatio = (id: InstrumentId, query: SampleQuery): readonly Sample[] => this.openInterest(id, query);
  fundings(id: InstrumentId, query: Range): readonly FundingRate[] {
    this.asked.push({ id, query });
    return within(this.rates, query);
  }

  deliveries = (): readonly DeliveryPrice[] => this.delivered;
  volatility(_base: unknown, _days: number, query: Range): readonly Sample[] {
    this.asked.push({ id: null, query });
    return within(this.samples, query);
  }

  priceLimits = (): Readonly<{ buy: Money; sell: Money }> => this.limits;
  riskTiers = (): readonly ExchangeRiskTier[] => this.tiers;
  insuranceFunds = (): readonly InsuranceFund[] => this.funds;
  interruptions = (): readonly Interruption[] => this.stops;
  usualFees = () => ({ maker: money('0.0002'), taker: money('0.00055') });
}

const within = <T extends { readonly at: UnixMs }>(rows: readonly T[], { from, to, limit }: Range): readonly T[] =>
  rows.filter(({ at }) => at >= (from ?? 0) && at <= (to ?? Infinity)).slice(0, limit);
