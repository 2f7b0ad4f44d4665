import { divide } from '../../domain/decimal.ts';
import { instrumentId, type Money, type UnixMs } from '../../domain/ids.ts';
import type { CandleKind } from '../../ports/exchange.ts';
import { MINUTE_MS } from '../candles/intervals.ts';
import type { MarketData } from '../market-data/market-data.ts';
import { SETTLEMENT_MS } from '../tape/fair-value.ts';
import type { Market } from '../tape/market.ts';

/** Prices and rates at which something is settled that is due: those of now, or for what was missed the last known. */
export class DuePrices {
  readonly #past: MarketData;
  readonly #openedAt: UnixMs;

  constructor(past: MarketData, openedAt: UnixMs) {
    this.#past = past;
    this.#openedAt = openedAt;
  }

  /** Null where nothing was ever known of the market. */
  at(market: Market, due: UnixMs): Readonly<{ mark: Money; rate: Money }> | null {
    const rateAt = (instant: number): Money => this.#past.fundingRate(market.id, instant);
    if (due >= this.#openedAt) return { mark: market.mark(), rate: rateAt(due - 1) };
    const last = this.#minutes(market, 'mark', null, due, 1)[0];
    return last === undefined ? null : { mark: last.close, rate: rateAt(last.end - 1) };
  }

  /**
   * Average of the index over the half hour before: as it was seen, second by second, or of its minutes where the
   * exchange did not run through all of it; without any, where the index stood last.
   */
  delivery(market: Market, due: UnixMs): Money {
    const begin = (due - SETTLEMENT_MS) as UnixMs;
    if (this.#openedAt <= begin) return market.settlementPrice();
    const minutes = this.#minutes(market, 'index', begin, due, SETTLEMENT_MS / MINUTE_MS);
    const known = minutes.length > 0 ? minutes : this.#minutes(market, 'index', null, due, 1);
    if (known.length === 0) return market.index();
    const sum = known.reduce((total, { close }) => total + close, 0n);
    return divide(sum, BigInt(known.length), 'half_even') as Money;
  }

  /** Minutes before an instant, newest first; options have the index of their coin's perpetual. */
  #minutes({ id, instrument }: Market, kind: CandleKind, from: UnixMs | null, before: UnixMs, limit: number) {
    const own = this.#past.series.get(id);
    const coin = this.#past.series.get(instrumentId('linear', `${instrument.base}USDT`));
    const series = own?.series.has(kind) === true ? own : coin;
    return series?.candles(kind, { interval: '1', from, to: (before - 1) as UnixMs, limit }) ?? [];
  }
}
