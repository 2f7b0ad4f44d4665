import type { Category, InstrumentId, UnixMs } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { FeeRates } from '../ports/exchange.ts';
import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import { ZERO } from '../domain/decimal.ts';
import { SoundAccounts } from './money/sound.ts';
import { type ExchangeClock, exchangeClock } from './clocks.ts';
import type { PaperInstrument } from './config/listings.ts';
import type { PaperConfig } from './config/types.ts';
import { Core } from './core.ts';
import { Counters } from './desk/counters.ts';
import { type Desk, riskSource } from './desk/desk.ts';
import { openListings } from './dated.ts';
import { Faults } from './faults.ts';
import { MarketData } from './market-data/market-data.ts';
import { MarketRecorder } from './market-data/recorder.ts';
import { Outbox, type Release } from './outbox.ts';
import { type Recovered, recover } from './recovery.ts';
import { Snapshots } from './snapshots.ts';
import { SpreadMarkets } from './spread/spread-markets.ts';
import { SpreadTape } from './spread/spread-tape.ts';
import { newState, type PaperState, isHouse, SYNTHETIC } from './state/state.ts';
import { Market } from './tape/market.ts';
import { Tape } from './tape/tape.ts';
import { TriggerIndex } from './triggers/trigger-index.ts';
import { ViewFeed } from './views/view-feed.ts';
import { Views } from './views/views.ts';

/** The parts of an exchange, wired, with the state that its journal gave: nothing has been decided yet. */
export type Assembly = Readonly<{
  config: PaperConfig;
  clock: ExchangeClock;
  state: PaperState;
  /** What the first decision writes down of what was listed just now. */
  listings: ReturnType<typeof openListings>;
  /** Both grow while the exchange runs. */
  instruments: Map<InstrumentId, PaperInstrument>;
  markets: Map<InstrumentId, Market>;
  views: Views;
  feed: ViewFeed;
  tape: Tape;
  spreadTape: SpreadTape;
  /** The past of the markets; `past` takes every release after the views. */
  past: MarketData;
  faults: Faults;
  outbox: Outbox;
  core: Core;
  snapshots: Snapshots | null;
}>;

export type AssemblyInput = Readonly<{
  config: PaperConfig;
  /** Those of the configuration; dated ones are added. */
  instruments: Map<InstrumentId, PaperInstrument>;
  clock: Clock;
  journal: Journal | null;
  log: Log;
  /** What a decision lets out, in the turn after its answer. */
  onPublish: (release: Release) => void;
}>;

export function assemble(input: AssemblyInput): Assembly {
  const { config, instruments, journal, log } = input;
  const views = new Views(instruments, config.options.maxHistory);
  const recovered = load(journal, views);
  const { state } = recovered;
  const clock = exchangeClock(config.clock, input.clock, state.at);
  const listings = openListings(config, state, instruments, clock.now());
  const markets = openMarkets(instruments, state, () => clock.now());
  const desk = makeDesk(config, state, markets, clock);
  const faults = new Faults();
  const feed = new ViewFeed(views, clock, faults);
  const tape = new Tape(markets.values(), clock.now());
  const spreadTape = new SpreadTape(desk.spreads.all(), state.spreadLasts, clock.now());
  const recorder = journal === null ? null : new MarketRecorder(journal, log);
  const past = new MarketData(markets.values(), views.accounts, recorder);
  past.open(clock.now(), state.at);
  tape.recall(past);
  const snapshots = journal === null ? null : new Snapshots(journal, log, recovered.lastSeq, recovered.records);
  const outbox: Outbox = new Outbox(
    journal,
    input.clock,
    (release) => {
      feed.take(release);
      past.take(release);
      if (snapshots?.isDue === true && outbox.waiting().length === 0 && feed.pending().length === 0) {
        void snapshots.write(state, views);
      }
    },
    input.onPublish,
  );
  const recorded = (lastSeq: number, records: number): void => snapshots?.recorded(lastSeq, records);
  const core = new Core(desk, journal, outbox, recorded, recorder);
  return {
    config,
    clock,
    state,
    listings,
    instruments,
    markets,
    views,
    feed,
    tape,
    spreadTape,
    past,
    faults,
    outbox,
    core,
    snapshots,
  };
}

function load(journal: Journal | null, views: Views): Recovered {
  if (journal === null) return { state: newState(), lastSeq: 0, records: 0 };
  return recover(journal, (changes) => {
    if (changes === null) views.clear();
    else views.apply(changes, true);
  });
}

/** Versions and sequences go on from where no earlier run can have been. */
function openMarkets(
  instruments: ReadonlyMap<InstrumentId, PaperInstrument>,
  state: PaperState,
  now: () => UnixMs,
): Map<InstrumentId, Market> {
  const markets = new Map<InstrumentId, Market>();
  const world = { find: (id: InstrumentId) => markets.get(id), now };
  for (const [id, instrument] of instruments) {
    const market = new Market(instrument, state.marks.get(id)?.last ?? null, world);
    market.reference = state.marks.get(id)?.reference ?? null;
    market.version = state.seq;
    market.status = state.statuses.get(id) ?? 'trading';
    markets.set(id, market);
  }
  return markets;
}

const NO_FEES: FeeRates = { maker: ZERO, taker: ZERO };

function makeDesk(
  config: PaperConfig,
  state: PaperState,
  markets: ReadonlyMap<InstrumentId, Market>,
  clock: ExchangeClock,
): Desk {
  const fees = new Map(config.accounts.map((account) => [account.uid, account.fees ?? config.fees]));
  const ratesOf = (uid: string, category: Category): FeeRates =>
    isHouse(uid) ? NO_FEES : (state.userFees.get(uid) ?? fees.get(uid) ?? config.fees)[category];
  const numbers = new Map<string, number>([[SYNTHETIC, 0]]);
  const accountNumber = (uid: string): number => {
    const group = state.accounts.get(uid)?.settings.current.smpGroup ?? 0;
    const key = group === 0 ? uid : `group ${group}`;
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = numbers.size));
    return number;
  };
  const risk = riskSource(markets, ratesOf);
  const counters = new Counters(state);
  const spreads = new SpreadMarkets(markets, () => state.seq);
  spreads.list(clock.now());
  const triggers = TriggerIndex.of(state);
  const now = (): UnixMs => clock.now();
  return {
    state,
    counters,
    markets,
    spreads,
    options: { ...config.options },
    now,
    ratesOf,
    accountNumber,
    risk,
    sound: new SoundAccounts(),
    triggers,
  };
}
