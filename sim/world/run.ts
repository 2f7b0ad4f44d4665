import { formatDecimal } from '../../src/domain/decimal.ts';
import { ClientView } from '../checkers/client-view.ts';
import { OnlineChecks } from '../checkers/online.ts';
import { SettledChecks } from '../checkers/settled.ts';
import type { Violation } from '../checkers/verdicts.ts';
import { drillStreams } from './drill.ts';
import { FaultPlanner } from './fault-plan.ts';
import type { Traded } from './settings.ts';
import { Trader } from './trader.ts';
import { World } from './world.ts';

/** What one seed did and what was wrong with it. */
export type SeedReport = Readonly<{
  seed: number;
  hash: string;
  virtualMs: number;
  commands: number;
  venueOrders: number;
  fills: number;
  faults: Readonly<Record<string, number>>;
  evaluated: Readonly<Record<string, number>>;
  violations: readonly Violation[];
  /** The last things that happened; empty when nothing was wrong. */
  tail: readonly string[];
}>;

const SAFETY_MS = 600_000;
/** After this time without faults everything is known again. */
const HEALED_MS = 60_000;
/** Longer than anything is on its way. */
const CALM_MS = 5_000;
const ENDED_MS = 30_000;
const LEAK_EVERY_MS = 5_000;

/** One whole run: ten minutes in which things go wrong, a minute in which nothing does, and the end of every order. */
export async function runSeed(seed: number): Promise<SeedReport> {
  const world = new World(seed);
  const planner = new FaultPlanner(world);
  const view = new ClientView(world.verdicts);
  new OnlineChecks(world);
  const traders = world.clients.map(
    (client) => new Trader(client, world.sim.rng(client.person.name), traderWorld(world, view)),
  );
  const settled = new SettledChecks(world, traders, view);
  world.hooks.gatewayUp.push(() => settled.survived());
  try {
    await world.prepare();
    checkLeaks(world);
    planner.start();
    for (const trader of traders) void trader.run();
    await world.sim.clock.runFor(SAFETY_MS);
    planner.stop();
    for (const trader of traders) trader.stop();
    await world.until(() => world.gateway !== null && world.paper !== null);
    await world.sim.clock.runFor(HEALED_MS);
    await checkInCalm(world, settled);
    await drillStreams(world);
    await endAll(world);
    await world.sim.clock.runFor(ENDED_MS);
    settled.check(true);
  } catch (error) {
    world.verdicts.violate('BUG', 'run', error instanceof Error ? (error.stack ?? error.message) : `${error}`);
  }
  return report(world, traders);
}

/** With the market standing still: a fill that is on its way to the gateway is no fill that the gateway lost. */
async function checkInCalm(world: World, settled: SettledChecks): Promise<void> {
  world.paper?.stop();
  await world.sim.clock.runFor(CALM_MS);
  settled.check(false);
  await world.paper?.start();
}

function traderWorld(world: World, view: ClientView) {
  const last = new Map<string, number>();
  return {
    price: ({ id }: Traded): number | null => {
      const ticker = world.paper?.ticker(id);
      if (ticker !== undefined) last.set(id, Number(formatDecimal(ticker.last)));
      return last.get(id) ?? null;
    },
    saw: (_client: unknown, sight: Parameters<ClientView['saw']>[0]): void => view.saw(sight),
    wrong: (subject: string, text: string): void => world.verdicts.violate('V2', subject, text),
    nowMs: (): number => world.sim.clock.monotonic(),
  };
}

function checkLeaks(world: World): void {
  const leaks = world.paper?.leaks() ?? [];
  world.verdicts.expect('V9', 'paper', leaks.length === 0, () => `${leaks.map(({ type }) => type)}`);
  world.sim.clock.after(LEAK_EVERY_MS, () => checkLeaks(world));
}

async function endAll(world: World): Promise<void> {
  let open = world.clients.length;
  for (const client of world.clients) {
    void (async () => {
      for (let status: number | undefined; status !== 200; ) {
        status = (await client.call('DELETE', '/api/trading/orders'))?.status;
      }
      open -= 1;
    })();
  }
  await world.until(() => open === 0);
}

function report(world: World, traders: readonly Trader[]): SeedReport {
  const { sim, ledger, verdicts } = world;
  return {
    seed: sim.seed,
    hash: sim.trace.digest(),
    virtualMs: Math.round(sim.clock.monotonic()),
    commands: traders.reduce((sum, { commands }) => sum + commands, 0),
    venueOrders: ledger.orders.size,
    fills: ledger.executions.size,
    faults: Object.fromEntries(sim.faultCounts.all()),
    evaluated: Object.fromEntries(verdicts.evaluated),
    violations: verdicts.violations,
    tail: verdicts.broken ? sim.trace.tail(60) : [],
  };
}
