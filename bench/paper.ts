import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, Report } from './lib/figure.ts';
import { median } from './lib/rounds.ts';
import { floods } from './paper/flood.ts';
import { type Lane, listeners, restLane, socketLane } from './paper/lanes.ts';
import { CONFIG } from './paper/orders.ts';
import { type Server, startFloor, startPaper } from './paper/server.ts';

/**
 * The paper exchange from socket to acknowledgement, as a process of its own: signature, checks, matching, balances,
 * executions, pushes. The floor is node:http and ws that read and answer the same messages and do nothing else; the
 * load is the same, and costs about as much as the floor. `rest-16`: as many connections; `socket-1`, `socket-16`: so
 * many orders under way on one socket. `-durable`: with `--data`, on disk before the answer. `fanout`: deliveries of
 * trades to so many sockets while orders flow. `flooded_p99_ms`: what a client that means well waits while another sends
 * what is refused as fast as it can; its peer is the same client in peace. `idle`: the default exchange, whole catalogue
 * and agents, that nobody uses: what it holds and what part of a core it takes.
 */
const ROUNDS = 3;
const ROUND_MS = 1_000;
const STARTS = 3;
const LISTENERS = [10, 100, 1_000];
const IDLE_MS = 20_000;
const SPEED = { metric: 'orders_per_s', unit: '1/s', better: 'higher' } as const;

type Servers = Readonly<{ paper: Server; durable: Server; floor: Server }>;

export const run: Bench = async (report) => {
  const scratch = join(import.meta.dirname, '..', '.okd'); // the system's temporary directory may be memory
  mkdirSync(scratch, { recursive: true });
  const dir = mkdtempSync(join(scratch, 'bench-'));
  const config = join(dir, 'config.json');
  writeFileSync(config, JSON.stringify(CONFIG));
  try {
    await starts(report, dir);
    await idles(report);
    const paper = await startPaper(['--config', config]);
    const durable = await startPaper(['--config', config, '--data', join(dir, 'durable')]);
    const servers = { paper, durable, floor: await startFloor() };
    try {
      await orders(report, servers, 'rest-16', 16, (server) => rest(server, 16));
      await orders(report, servers, 'socket-1', 1, one);
      await orders(report, servers, 'socket-16', 16, one);
      for (const count of LISTENERS) await fanout(report, servers, count);
      await floods(report, paper);
    } finally {
      for (const server of Object.values(servers)) await server.stop();
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
};

const rest = async (server: Server, count: number): Promise<Lane[]> =>
  Array.from({ length: count }, () => restLane(server));
const one = async (server: Server): Promise<Lane[]> => [await socketLane(server)];

let sent = 0;

/** Keeps so many orders under way for one round; gives the orders acknowledged in a second. */
async function load(lanes: readonly Lane[], underWay: number): Promise<number> {
  const begun = performance.now();
  const end = begun + ROUND_MS;
  let acknowledged = 0;
  const send = async (lane: Lane): Promise<void> => {
    while (performance.now() < end) {
      await lane.order(sent++);
      acknowledged += 1;
    }
  };
  await Promise.all(Array.from({ length: underWay }, (_, i) => send(lanes[i % lanes.length] as Lane)));
  return (acknowledged * 1_000) / (performance.now() - begun);
}

async function orders(
  report: Report,
  { paper, durable, floor }: Servers,
  name: string,
  underWay: number,
  open: (server: Server) => Promise<Lane[]>,
): Promise<void> {
  const lanes = { paper: await open(paper), durable: await open(durable), floor: await open(floor) };
  const speed = await inTurns(ROUNDS, {
    paper: () => load(lanes.paper, underWay),
    durable: () => load(lanes.durable, underWay),
    floor: () => load(lanes.floor, underWay),
  });
  for (const lane of Object.values(lanes).flat()) await lane.close();
  const peer = { name: 'floor', value: speed.floor };
  report({ ...SPEED, case: name, value: speed.paper, peer });
  report({ ...SPEED, case: `${name}-durable`, value: speed.durable, peer, note: 'the floor writes nothing down' });
}

async function fanout(report: Report, { paper, floor }: Servers, count: number): Promise<void> {
  const once = (server: Server) => async (): Promise<number> => {
    const audience = await listeners(server, count);
    const lanes = await one(server);
    const begun = performance.now();
    await load(lanes, 16);
    const perSecond = (audience.heard() * 1_000) / (performance.now() - begun);
    audience.close();
    for (const lane of lanes) await lane.close();
    return perSecond;
  };
  const delivered = await inTurns(ROUNDS, { paper: once(paper), floor: once(floor) });
  const peer = { name: 'floor', value: delivered.floor };
  const note = 'trades of 16 orders under way';
  report({
    metric: 'fanout_per_s',
    case: `${count}`,
    value: delivered.paper,
    unit: '1/s',
    better: 'higher',
    peer,
    note,
  });
}

/** Medians of contenders that run in turn, because a shared machine has moods; a first round of each does not count. */
async function inTurns<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(contenders) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const result = await contenders[name]();
      if (round > 0) results[name].push(result);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(results[name])])) as Record<Name, number>;
}

/** The default exchange with its agents and without clients. */
async function idles(report: Report): Promise<void> {
  const server = await startPaper([]);
  try {
    await delay(2_000);
    const before = await server.usage();
    await delay(IDLE_MS);
    const after = await server.usage();
    if (before === null || after === null) return;
    const percent = ((after.cpuMs - before.cpuMs) / IDLE_MS) * 100;
    report({ metric: 'idle', case: 'memory', value: after.residentMb, unit: 'MB', better: 'lower' });
    report({ metric: 'idle', case: 'core', value: percent, unit: '%', better: 'lower' });
  } finally {
    await server.stop();
  }
}

/** From the start of the process until clients are served. */
async function starts(report: Report, dir: string): Promise<void> {
  const timed = async (start: () => Promise<Server>): Promise<number> => {
    const server = await start();
    await server.stop();
    return server.startMs;
  };
  const times = await inTurns(STARTS, {
    memory: () => timed(() => startPaper([])),
    data: () => timed(() => startPaper(['--data', join(dir, 'start')])),
    floor: () => timed(startFloor),
  });
  const peer = { name: 'floor', value: times.floor };
  report({ metric: 'start_ms', case: 'memory', value: times.memory, unit: 'ms', better: 'lower', peer });
  report({ metric: 'start_ms', case: 'data', value: times.data, unit: 'ms', better: 'lower', peer });
}
