import type { InstrumentId, Money } from '../../domain/ids.ts';
import { ok } from '../../domain/result.ts';
import { failed } from '../control-error.ts';
import type { MoneyControl } from '../control-money.ts';
import type { Core } from '../core.ts';
import type { MarketData } from '../market-data/market-data.ts';
import type { Market } from '../tape/market.ts';
import { settleFunding } from './funding.ts';

type Parts = Readonly<{ core: Core; markets: ReadonlyMap<InstrumentId, Market>; past: MarketData }>;

/** Funding when somebody wants it, besides its own times. */
export function cashControl({ core, markets, past }: Parts): Pick<MoneyControl, 'funding'> {
  return {
    async funding(id: InstrumentId, rate: Money | null) {
      const market = markets.get(id);
      if (market === undefined) return failed('NOT_FOUND', `${id} is not listed`);
      if ((market.instrument.contract?.funding ?? null) === null) return failed('INVALID', `${id} has no funding`);
      const due = core.now();
      const turn = { due, mark: market.mark(), rate: rate ?? past.fundingRate(id, due) };
      await core.decide((decision) => settleFunding(decision, market, turn), { tickers: [id] }).durable;
      return ok(undefined);
    },
  };
}
