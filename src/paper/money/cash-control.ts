import type { InstrumentId, Money } from '../../domain/ids.ts';
import { ok } from '../../domain/result.ts';
import type { Agents } from '../agents/agents.ts';
import { failed } from '../control-error.ts';
import type { MoneyControl } from '../control-money.ts';
import type { Core } from '../core.ts';
import type { MarketData } from '../market-data/market-data.ts';
import type { Market } from '../tape/market.ts';
import { deliver } from './delivery.ts';
import { isSettled } from './due.ts';
import { settleFunding } from './funding.ts';

type Parts = Readonly<{
  core: Core;
  markets: ReadonlyMap<InstrumentId, Market>;
  past: MarketData;
  agents: Agents | null;
}>;

/** Funding and deliveries when somebody wants them, besides their own times. */
export function cashControl({ core, markets, past, agents }: Parts): Pick<MoneyControl, 'funding' | 'settle'> {
  return {
    async settle(id: InstrumentId, price: Money | null) {
      const market = markets.get(id);
      if (market === undefined) return failed('NOT_FOUND', `${id} is not listed`);
      if (market.instrument.contract === null) return failed('INVALID', `${id} is no contract`);
      if (isSettled(core.desk.state, market)) return failed('NOTHING_TO_DO', `${id} is closed, and nobody holds any`);
      agents?.remove(id);
      const at = price ?? market.settlementPrice();
      await core.decide((decision) => deliver(decision, market, core.now(), at), { tickers: [id] }).durable;
      return ok(undefined);
    },
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
