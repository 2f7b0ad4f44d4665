import type { Category, InstrumentId } from '../../domain/ids.ts';
import { splitInstrumentId } from '../../domain/ids.ts';
import type { DeliveryPrice, FundingRate, Interruption, Liquidation } from '../../ports/exchange-market.ts';

/**
 * What a decision says about a market, for the histories that clients query and the topics that they hear. Nothing is
 * decided by them: they are recorded beside the events of the decision, in the same commit.
 */
export type MarketFact = Readonly<
  | ({ type: 'funding' } & FundingRate)
  | ({ type: 'delivery' } & DeliveryPrice)
  | ({ type: 'liquidation' } & Liquidation)
  | ({ type: 'interruption' } & Interruption)
>;

/** Of each kind and instrument: most of a year of funding every eight hours. */
const MOST = 1_000;

/** The histories, oldest first. Liquidations are told and not kept. */
export class FactHistory {
  readonly fundings = new Map<InstrumentId, FundingRate[]>();
  readonly deliveries = new Map<Category, DeliveryPrice[]>();
  interruptions: Interruption[] = [];

  take(fact: MarketFact): void {
    switch (fact.type) {
      case 'funding':
        keep(this.fundings, fact.instrument, { instrument: fact.instrument, at: fact.at, rate: fact.rate });
        return;
      case 'delivery': {
        const { instrument, at, price, base, settle } = fact;
        keep(this.deliveries, splitInstrumentId(instrument).category, { instrument, at, price, base, settle });
        return;
      }
      case 'interruption':
        this.interruptions = [...this.interruptions, { from: fact.from, to: fact.to }].slice(-MOST);
        return;
      case 'liquidation':
        return;
    }
  }

  /** Everything that is kept, as the facts that bring it back. */
  all(): readonly MarketFact[] {
    return [
      ...[...this.fundings.values()].flat().map((one): MarketFact => ({ type: 'funding', ...one })),
      ...[...this.deliveries.values()].flat().map((one): MarketFact => ({ type: 'delivery', ...one })),
      ...this.interruptions.map((one): MarketFact => ({ type: 'interruption', ...one })),
    ];
  }

  clear(): void {
    this.fundings.clear();
    this.deliveries.clear();
    this.interruptions = [];
  }
}

function keep<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key) ?? [];
  list.push(item);
  lists.set(key, list.length > MOST ? list.slice(-MOST) : list);
}
