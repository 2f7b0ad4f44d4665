import { negate, ZERO } from '../../domain/decimal.ts';
import type { InstrumentId, Money } from '../../domain/ids.ts';
import { MINUTE_MS } from '../candles/intervals.ts';
import {
  averagePremium,
  DAILY_INTEREST,
  FUNDING_DAMPER,
  fundingRate,
  NO_SAMPLES,
  type PremiumSum,
  withSample,
} from '../formulas/funding.ts';
import type { InstrumentSeries } from './instrument-series.ts';

type Running = { readonly from: number; until: number; sum: PremiumSum };

/** The rates at which funding would be settled if it were now: from the premium of every minute of the interval. */
export class FundingRates {
  readonly #running = new Map<InstrumentId, Running>();

  /** Rate of the interval that an instant lies in, of the minutes of it that have ended; zero where there is none. */
  rate(one: InstrumentSeries, at: number): Money {
    const { funding = null } = one.market.instrument.contract ?? {};
    if (funding === null) return ZERO;
    const { intervalMin, cap } = funding;
    const from = at - (at % (intervalMin * MINUTE_MS));
    const terms = {
      intervalMin,
      dailyInterest: DAILY_INTEREST,
      damper: FUNDING_DAMPER,
      upper: cap,
      lower: negate(cap),
    };
    return fundingRate(terms, averagePremium(this.#samples(one, from, at)));
  }

  /** Adds the minutes that have ended since the last time. */
  #samples(one: InstrumentSeries, from: number, at: number): PremiumSum {
    const known = this.#running.get(one.market.id);
    const running = known?.from === from ? known : { from, until: from, sum: NO_SAMPLES };
    if (running.until + MINUTE_MS <= at + 1) {
      for (const minute of one.minutes('premium', running.until, at + 1)) {
        running.sum = withSample(running.sum, minute.close, (minute.start - from) / MINUTE_MS + 1);
        running.until = minute.end;
      }
      this.#running.set(one.market.id, running);
    }
    return running.sum;
  }
}
