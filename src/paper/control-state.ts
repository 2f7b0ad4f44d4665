import type { InstrumentId, UnixMs } from '../domain/ids.ts';
import { ok } from '../domain/result.ts';
import type { Agents } from './agents/agents.ts';
import type { ExchangeClock } from './clocks.ts';
import { type Controlled, failed } from './control-error.ts';
import type { Core } from './core.ts';
import { restoreOrders } from './opening.ts';
import { emptySpreads } from './spread/watch.ts';
import { encodeSnapshot, isSnapshot } from './state/snapshot.ts';
import type { Market } from './tape/market.ts';
import type { GroundTruth } from './truth.ts';
import type { Views } from './views/views.ts';

/** The exchange as a text, and back. */
export interface StateControl {
  /**
   * Accounts, orders, positions, histories, keys, prices and the time, as one text. Not in it: the agents' orders and
   * chances, the past of the markets, rules of faults.
   */
  save(): Promise<string>;
  /**
   * Puts a saved state in the place of what there is: nobody is told, ids and sequences go on from where they are, time
   * never goes back (a stepped clock goes on to the state's own where that is later). Agents quote anew, candles begin
   * anew, orders whose instrument is not listed stay in no book.
   */
  restore(text: string): Promise<Controlled<void>>;
  /** Everything of `save`, and the books as they are: equal texts mean equal exchanges. */
  canonical(): string;
}

type Parts = Readonly<{
  core: Core;
  clock: ExchangeClock;
  markets: ReadonlyMap<InstrumentId, Market>;
  views: Views;
  agents: Agents | null;
  truth: () => GroundTruth;
  /** Writes down where prices are. */
  mark: () => Promise<void>;
}>;

export function stateControl(parts: Parts): StateControl {
  const { core, clock, markets, agents } = parts;
  return {
    async save() {
      await parts.mark();
      return stateText(parts);
    },
    async restore(text) {
      if (!isSnapshot(text)) return failed('INVALID', 'this is no saved state of this version');
      const { counters } = JSON.parse(text) as { counters: { at: UnixMs } };
      if (clock.step !== null && counters.at > clock.now()) await clock.step(counters.at - clock.now());
      const { durable } = core.decide(
        (decision) => {
          for (const market of markets.values()) for (const id of market.book.ids()) market.book.cancel(id);
          emptySpreads(decision);
          core.desk.triggers.clear();
          decision.emit({ type: 'restored', at: decision.at, state: text });
          for (const market of markets.values()) market.status = core.desk.state.statuses.get(market.id) ?? 'trading';
          restoreOrders(decision);
        },
        { reset: true, quiet: true },
      );
      const { marks } = core.desk.state;
      for (const market of markets.values()) market.last = marks.get(market.id)?.last ?? market.last;
      for (const market of core.desk.spreads.all())
        market.last = core.desk.state.spreadLasts.get(market.symbol) ?? null;
      await durable;
      agents?.restart();
      for (const market of markets.values()) comeBack(market, agents, marks.get(market.id)?.index ?? null);
      return ok(undefined);
    },
    canonical: () => {
      const books = [...markets.values()].map(({ id, status, version, last, book }) => [
        id, status, version, String(last), book.levels.side('buy'), book.levels.side('sell'),
      ]); // biome-ignore format: a row
      return JSON.stringify([stateText(parts), books]);
    },
  };
}

/** Where a price is somebody's word, it is that of the saved state. */
function comeBack(market: Market, agents: Agents | null, index: Market['reference']): void {
  if (index === null) return;
  if (agents?.quotes(market.id) === true) agents.move(market, index);
  else if (market.reference !== null) market.reference = index;
}

function stateText({ core, views, truth }: Parts): string {
  const histories = truth().accounts.map((one) => ({
    uid: one.uid,
    orders: one.orders,
    executions: one.executions,
    spreadOrders: one.spreadOrders,
    spreadExecutions: one.spreadExecutions,
  }));
  const records = [...views.allRecords()].map(([uid, kept]) => ({ uid, records: kept.all() }));
  return new TextDecoder().decode(encodeSnapshot(core.desk.state, histories, records));
}
