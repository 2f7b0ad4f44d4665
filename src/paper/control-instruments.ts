import type { InstrumentId } from '../domain/ids.ts';
import { ok } from '../domain/result.ts';
import type { Agents } from './agents/agents.ts';
import { readPaperConfig } from './config/config.ts';
import { keyOf } from './config/instruments.ts';
import { listInstrument, type PaperInstrument } from './config/listings.ts';
import type { InstrumentTerms } from './config/terms.ts';
import type { PaperConfig } from './config/types.ts';
import { type Controlled, failed } from './control-error.ts';
import type { Core } from './core.ts';
import { cancelByVenue } from './disturbed.ts';
import type { MarketData } from './market-data/market-data.ts';
import { restoreOrdersOf } from './opening.ts';
import { accountOf, isHouse } from './state/state.ts';
import { Market } from './tape/market.ts';
import type { Tape } from './tape/tape.ts';

type Row = Readonly<Record<string, unknown>>;

/** Instruments that come, change and go while the exchange runs; all of it is journalled. */
export interface InstrumentControl {
  /** A new one, with the fields of the configuration's `instruments`. */
  add(row: Row): Promise<Controlled<InstrumentId>>;
  /**
   * Other terms of one that is there. With another tick or step its book begins again: orders that no longer lie on
   * the grid are canceled (`admin`), the others keep their places; its candles go on, on the new grid.
   */
  change(id: InstrumentId, change: Row): Promise<Controlled<void>>;
  /** Its end: every order is canceled (`admin`), none is taken any more. Positions stay until they are settled. */
  delist(id: InstrumentId): Promise<Controlled<void>>;
  /** As the configuration would say it; null where a history decides. */
  termsOf(id: InstrumentId): InstrumentTerms | null;
}

export type InstrumentParts = Readonly<{
  config: PaperConfig;
  core: Core;
  /** Everything that knows the instruments by id; extended here. */
  instruments: Map<InstrumentId, PaperInstrument>;
  markets: Map<InstrumentId, Market>;
  tape: Tape;
  past: MarketData;
  agents: Agents | null;
}>;

export function instrumentControl(parts: InstrumentParts): InstrumentControl {
  const { core, markets, config } = parts;
  const { state } = core.desk;
  const termsOf = (id: InstrumentId): InstrumentTerms | null =>
    state.listings.get(id)?.terms ?? config.instruments.find((one) => keyOf(one) === id) ?? null;
  return {
    termsOf,
    async add(row) {
      const terms = readTerms(row);
      if (!terms.ok) return terms;
      const listed = listInstrument(terms.value, core.now());
      if (!listed.ok) return failed('INVALID', `${listed.error.path}: ${listed.error.message}`);
      const { id } = listed.value;
      if (markets.has(id)) return failed('THERE_ALREADY', `${id} is listed`);
      const market = openMarket(parts, listed.value);
      const event = { type: 'listed', at: core.now(), terms: terms.value, series: null } as const;
      await core.decide((decision) => decision.emit(event), { tickers: [id] }).durable;
      parts.agents?.add(market);
      return ok(id);
    },
    async change(id, change) {
      const market = markets.get(id);
      const current = termsOf(id);
      if (market === undefined) return failed('NOT_FOUND', `${id} is not listed`);
      if (current === null || market.replayed) return failed('NOT_AVAILABLE', `${id} is as its history has it`);
      const { contract, ...plain } = current;
      const terms = readTerms({ ...plain, ...change, category: current.category, symbol: current.symbol });
      if (!terms.ok) return terms;
      const whole = change['contract'] === undefined ? { ...terms.value, contract } : terms.value;
      const listed = listInstrument(whole, core.now());
      if (!listed.ok) return failed('INVALID', `${listed.error.path}: ${listed.error.message}`);
      await relist(parts, market, whole, { ...listed.value, launchedAt: market.instrument.launchedAt });
      return ok(undefined);
    },
    async delist(id) {
      const market = markets.get(id);
      if (market === undefined) return failed('NOT_FOUND', `${id} is not listed`);
      market.status = 'closed';
      parts.agents?.remove(id);
      const { durable } = core.decide(
        (decision) => {
          decision.emit({ type: 'status_set', at: decision.at, instrument: id, status: 'closed' });
          for (const [uid, orderId] of ordersOf(core, id)) cancelByVenue(decision, uid, orderId, 'admin');
        },
        { tickers: [id] },
      );
      await durable;
      return ok(undefined);
    },
  };
}

/** The one instrument of a list in the configuration's words. */
function readTerms(row: Row): Controlled<InstrumentTerms> {
  const read = readPaperConfig({ instruments: [row] });
  if (!read.ok) {
    const problems = read.error.map(({ path, message }) =>
      `${path.replace(/^instruments\[0\]\.?/, '')} ${message}`.trim(),
    );
    return failed('INVALID', problems.join('; '));
  }
  const [terms] = read.value.instruments;
  return terms === undefined ? failed('INVALID', 'this is a series, not an instrument') : ok(terms);
}

/** Everything that has a part for each market gets one more. */
export function openMarket(
  { core, instruments, markets, tape, past }: Omit<InstrumentParts, 'config' | 'agents'>,
  instrument: PaperInstrument,
): Market {
  const world = { find: (id: InstrumentId) => markets.get(id), now: () => core.now() };
  const market = new Market(instrument, core.desk.state.marks.get(instrument.id)?.last ?? null, world);
  market.reference = core.desk.state.marks.get(instrument.id)?.reference ?? null;
  market.version = core.desk.state.seq;
  instruments.set(instrument.id, instrument);
  markets.set(instrument.id, market);
  tape.add(market, core.now());
  past.add(market, core.now());
  return market;
}

async function relist(
  { core, instruments, past, agents }: InstrumentParts,
  market: Market,
  terms: InstrumentTerms,
  instrument: PaperInstrument,
): Promise<void> {
  const { id, instrument: before } = market;
  const { tick, step } = before.listing;
  const isSameGrid = tick === instrument.listing.tick && step === instrument.listing.step;
  const series = core.desk.state.listings.get(id)?.series ?? null;
  if (!isSameGrid) agents?.remove(id);
  market.relist(instrument);
  instruments.set(id, instrument);
  const { durable } = core.decide(
    (decision) => {
      decision.emit({ type: 'listed', at: decision.at, terms, series });
      if (!isSameGrid) restoreOrdersOf(decision, market);
    },
    { tickers: [id], ...(isSameGrid ? {} : { relisted: [market] }) },
  );
  await durable;
  if (!isSameGrid) past.add(market, core.now());
  agents?.add(market);
}

/** Working and waiting orders of clients in one instrument, oldest first. */
function ordersOf(core: Core, id: InstrumentId): readonly (readonly [uid: string, orderId: string])[] {
  const { accounts } = core.desk.state;
  return [...accounts.keys()]
    .filter((uid) => !isHouse(uid))
    .flatMap((uid) =>
      [...accountOf(accounts, uid).open.values()]
        .filter(({ order }) => order.instrument === id)
        .map(({ order }) => [uid, order.orderId] as const),
    );
}
