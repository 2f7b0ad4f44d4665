import type { Clock } from '../ports/clock.ts';
import type { Exchange } from '../ports/exchange.ts';
import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import { type Rng, seededRng } from '../ports/rng.ts';
import { Agents } from './agents/agents.ts';
import { References } from './agents/references.ts';
import { Streams } from './agents/streams.ts';
import { type Assembly, assemble } from './assembly.ts';
import type { PaperConfig } from './config/types.ts';
import { type Control, makeControl } from './control.ts';
import { unlessClosed } from './core.ts';
import type { Decision } from './desk/decision.ts';
import { ExchangeFront } from './exchange.ts';
import { idBase } from './ids.ts';
import { Credentials } from './members/credentials.ts';
import { listAll } from './listing.ts';
import { ListingRoll } from './listing-roll.ts';
import { insuranceDeposits, openingDeposits, restoreOrders } from './opening.ts';
import { MarketQueries } from './market-data/queries.ts';
import { cashControl } from './money/cash-control.ts';
import { CashTimes } from './money/cash-times.ts';
import { MINUTE_MS } from './candles/intervals.ts';
import type { ReplaySource } from './replay/histories.ts';
import { openReplays } from './replay/open.ts';
import type { Replays } from './replay/replay.ts';
import { FORMAT } from './state/exchange-events.ts';
import { emptySpreads } from './spread/watch.ts';
import { findLeaks, type Leak } from './state/conservation.ts';
import { type GroundTruth, groundTruth } from './truth.ts';

/** The paper exchange: the port of a protocol server, and what its owner may do with it. */
export interface PaperExchange extends Exchange {
  /** Lets agents quote and histories play. Without it only clients trade. */
  start(): Promise<void>;
  /** Their orders stay where they are. */
  stop(): void;
  readonly control: Control;
  /** The exchange's own time: it may run faster than the process's, or stand still until it is stepped. */
  readonly clock: Clock;
  groundTruth(): GroundTruth;
  /** Money and contracts that were made or lost: always none. */
  leaks(): readonly Leak[];
  /** Stops, and waits until everything is written. The journal stays open: it belongs to the caller. */
  close(): Promise<void>;
}

export type PaperInput = Readonly<{
  config: PaperConfig;
  /** The process's own; the exchange's time is made from it as the configuration says. */
  clock: Clock;
  rng: Rng;
  /** Null: everything is in memory and gone with the process. */
  journal: Journal | null;
  log: Log;
  /** Histories to play: what `config.replay` names, opened by the caller. */
  replays?: readonly ReplaySource[];
}>;

/** Rejects with PaperOpenError when the configuration or a history cannot be used. */
export async function openPaperExchange(input: PaperInput): Promise<PaperExchange> {
  const { config, rng } = input;
  const { instruments, replays } = await listAll(config, input.replays ?? []);
  let front: ExchangeFront | null = null;
  const assembly: Assembly = assemble({
    ...input,
    instruments,
    onPublish: (release) => {
      for (const event of assembly.tape.publish(release)) front?.tellPublic(event);
      for (const event of assembly.past.takeEvents()) front?.tellPublic(event);
      for (const event of assembly.spreadTape.publish(release)) front?.spread.tellPublic(event);
      for (const event of release.privates) front?.tellPrivate(event);
      for (const event of release.spreads.privates) front?.spread.tellPrivate(event);
    },
  });
  await openForBusiness(assembly, rng);
  const credentials = new Credentials(config.accounts, assembly.state.at, assembly.state);
  const playing = openReplays(assembly, input.log, replays);
  front = new PaperFront(
    { ...assembly, credentials, rng, openedAt: assembly.state.at, market: marketOf(assembly) },
    { assembly, replays: playing, agents: makeAgents(assembly) },
  );
  return front as PaperFront;
}

/** First decision of every run: the opening balances of new accounts, the working orders of old ones. */
async function openForBusiness({ core, config, state, clock, listings }: Assembly, rng: Rng): Promise<void> {
  const run = state.run + 1;
  // Where the time is the configuration's, the ids are, too: the same commands then give the same exchange.
  const isRepeatable = typeof config.clock === 'object' && 'stepped' in config.clock;
  const chance = isRepeatable ? seededRng(config.seed) : rng;
  const open = (decision: Decision): void => {
    const { at } = decision;
    if (state.idBase === '0') {
      decision.emit({ type: 'opened', at, idBase: idBase(clock.now(), chance) });
      for (const event of insuranceDeposits(config.insurance, at)) decision.emit(event);
    }
    decision.emit({ type: 'started', at, run, format: FORMAT });
    for (const event of listings) decision.emit(event);
    for (const event of openingDeposits(state, config.accounts, at)) decision.emit(event);
    restoreOrders(decision);
  };
  await core.decide(open, { quiet: true }).durable;
}

function makeAgents(assembly: Assembly): Agents | null {
  const { config, core, clock, markets, state } = assembly;
  if (!config.agents) return null;
  const rng = seededRng((config.seed ^ Math.imul(state.run - 1, 0x9e3779b9)) >>> 0);
  const all = [...markets.values()];
  const streams = new Streams(rng);
  const references = new References({
    streams,
    instruments: all.map((market) => market.instrument),
    resumeAt: ({ id }) => state.marks.get(id)?.index ?? null,
  });
  return new Agents(
    core,
    clock,
    streams,
    references,
    all.filter((market) => !market.isDue),
  );
}

const marketOf = ({ past, config, clock }: Assembly): MarketQueries =>
  new MarketQueries({
    data: past,
    feesOf: (category) => config.fees[category],
    openedAt: clock.now(),
  });

/** How often the prices are written down, so that a restart goes on from there. */
const MARK_EVERY_MS = 15_000;

type Machinery = Readonly<{ assembly: Assembly; replays: Replays; agents: Agents | null }>;

class PaperFront extends ExchangeFront implements PaperExchange {
  readonly control: Control;
  readonly clock: Clock;
  readonly #machinery: Machinery;
  readonly #cash: CashTimes;
  readonly #roll: ListingRoll;
  #marking: { cancel(): void } | null = null;
  #minutes: { cancel(): void } | null = null;

  constructor(parts: ConstructorParameters<typeof ExchangeFront>[0], machinery: Machinery) {
    super(parts);
    this.#machinery = machinery;
    const { assembly, agents, replays } = machinery;
    this.clock = assembly.clock;
    this.#cash = new CashTimes({ ...assembly, agents }, parts.openedAt);
    this.#roll = new ListingRoll({ ...assembly, agents }, assembly.clock);
    this.control = makeControl({
      ...assembly,
      credentials: parts.credentials,
      agents,
      replays,
      money: cashControl({ ...assembly, agents }),
      truth: () => this.groundTruth(),
      mark: () => assembly.core.decide((decision) => this.#mark(decision)).durable,
      reset: () => this.#reset(),
    });
  }

  async start(): Promise<void> {
    const { agents, replays, assembly } = this.#machinery;
    await this.#cash.start();
    await replays.start();
    agents?.start();
    // The first look at everybody's margin comes before anybody can ask.
    assembly.core.act(() => {});
    if (assembly.snapshots !== null) this.#keepMarks();
    this.#roll.start();
    this.#keepMinutes();
  }

  stop(): void {
    const { agents, replays } = this.#machinery;
    this.#cash.stop();
    agents?.stop();
    replays.stop();
    this.#roll.stop();
    this.#marking?.cancel();
    this.#marking = null;
    this.#minutes?.cancel();
    this.#minutes = null;
  }

  groundTruth(): GroundTruth {
    const { state, views, outbox, feed } = this.#machinery.assembly;
    return groundTruth(state, views, [...feed.pending(), ...outbox.waiting()]);
  }

  leaks(): readonly Leak[] {
    const { state } = this.#machinery.assembly;
    return findLeaks(state);
  }

  async close(): Promise<void> {
    this.stop();
    const { core, snapshots, state, views, feed, past } = this.#machinery.assembly;
    if (!core.available) return;
    await core.decide((decision) => this.#mark(decision)).durable.catch(unlessClosed);
    past.recordOpenMinute(core.now());
    await core.decide(() => {}, { quiet: true }).durable.catch(unlessClosed);
    await past.close(core.now());
    if (snapshots?.isWorthClosing === true && feed.pending().length === 0) await snapshots.write(state, views);
  }

  /**
   * A decision about nothing at the beginning of every minute: it comes after everything of the minute before, and
   * lets its candles end.
   */
  #keepMinutes(): void {
    const { clock, core } = this.#machinery.assembly;
    this.#minutes?.cancel();
    this.#minutes = clock.after(MINUTE_MS - (clock.now() % MINUTE_MS), () => {
      core.act(() => {});
      this.#keepMinutes();
    });
  }

  #keepMarks(): void {
    const { clock, core } = this.#machinery.assembly;
    this.#marking = clock.after(MARK_EVERY_MS, () => {
      core.act((decision) => this.#mark(decision));
      this.#keepMarks();
    });
  }

  #mark(decision: Decision): void {
    decision.emit({ type: 'clock', at: decision.at });
    for (const market of this.#machinery.assembly.markets.values()) {
      const known = decision.desk.state.marks.get(market.id);
      const { last, reference } = market;
      const index = market.index();
      // Where a contract's index is its coin's, the coin's own line says it.
      const isKnown = known?.last === last && known.reference === reference;
      if (isKnown && (known.index === index || market.followsCoin)) continue;
      decision.emit({ type: 'marked', at: decision.at, instrument: market.id, index, last, reference });
    }
  }

  async #reset(): Promise<void> {
    const { assembly, agents, replays } = this.#machinery;
    const { core, config, markets, state } = assembly;
    const { durable } = core.decide(
      (decision) => {
        for (const market of markets.values()) for (const id of market.book.ids()) market.book.cancel(id);
        emptySpreads(decision);
        decision.emit({ type: 'opened', at: decision.at, idBase: state.idBase });
        for (const event of insuranceDeposits(config.insurance, decision.at)) decision.emit(event);
        for (const event of openingDeposits(state, config.accounts, decision.at)) decision.emit(event);
      },
      { reset: true, quiet: true },
    );
    await durable;
    agents?.restart();
    await replays.restart();
  }
}
