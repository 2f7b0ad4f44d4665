import { join } from 'node:path';
import { type Child, startChild } from '../lib/child.ts';
import { median } from '../lib/rounds.ts';
import type { FloorQuestion } from './floor.ts';
import type { Loaded, LoadQuestion, Target } from './load.ts';
import type { Opened, WholeQuestion } from './whole.ts';

/** What is measured: where its orders go, and the process whose time they take (the client library has none of its own). */
export type Side = Readonly<{ target: Target; process: Child | null }>;
/** Medians of the rounds. */
export type Summary = Readonly<{ ordersPerS: number; p50Us: number; p99Us: number; cpuUsPerOrder: number }>;

export type Parts = Readonly<{
  load: Child;
  whole: Child;
  opened: Opened;
  /** Orders that rest on the internal venue, and orders routed to the stub. */
  internal: Side;
  routed: Side;
  floor: Side;
  direct: Side;
}>;

/** Starts every process; `children` lists them as they start, for whoever has to end them. */
export async function startParts(dir: string, children: Child[]): Promise<Parts> {
  const child = (name: string): Child => {
    const started = startChild(new URL(`${name}.ts`, import.meta.url));
    children.push(started);
    return started;
  };
  const [venue, floor, whole, load] = [child('venue'), child('floor'), child('whole'), child('load')] as const;
  const venuePort = await venue.ask<number>('port');
  const floorQuestion: FloorQuestion = { do: 'open', dir: join(dir, 'floor') };
  const floorUrl = await floor.ask<string>(floorQuestion);
  const question: WholeQuestion = { do: 'open', dir: join(dir, 'gateway'), venuePort };
  const opened = await whole.ask<Opened>(question);
  const api = { kind: 'http', ...opened, path: '/api/trading/order' } as const;
  return {
    load,
    whole,
    opened,
    internal: { target: { ...api, route: 'internal_only' }, process: whole },
    routed: { target: { ...api, route: 'bybit_only' }, process: whole },
    floor: { target: { ...api, url: floorUrl, path: '/order', route: 'internal_only' }, process: floor },
    direct: { target: { kind: 'bybit-api', url: `http://127.0.0.1:${venuePort}` }, process: null },
  };
}

export type Loop = Readonly<{ connections: number; ms: number; rate: number | null }>;

export async function loop({ load }: Parts, { target }: Side, how: Loop): Promise<Loaded> {
  const question: LoadQuestion = { do: 'loop', loop: { target, ...how } };
  const loaded = await load.ask<Loaded>(question);
  if (loaded.errors > 0) throw new Error(`${loaded.errors} of ${loaded.orders + loaded.errors} orders were refused`);
  return loaded;
}

/** Both sides in turn, round by round, because a shared machine has moods. */
export async function inTurn(
  parts: Parts,
  sides: readonly [ours: Side, peer: Side],
  how: Loop & Readonly<{ rounds: number }>,
): Promise<readonly [ours: Summary, peer: Summary]> {
  const [ours, peer]: [Summary[], Summary[]] = [[], []];
  for (let round = 0; round < how.rounds; round += 1) {
    ours.push(await once(parts, sides[0], how));
    peer.push(await once(parts, sides[1], how));
  }
  return [middle(ours), middle(peer)];
}

async function once(parts: Parts, side: Side, how: Loop): Promise<Summary> {
  const before = await cpuUs(side);
  const { orders, ms, p50Us, p99Us } = await loop(parts, side, how);
  return { ordersPerS: (orders * 1_000) / ms, p50Us, p99Us, cpuUsPerOrder: ((await cpuUs(side)) - before) / orders };
}

/** All threads of the side's process. */
async function cpuUs({ process }: Side): Promise<number> {
  if (process === null) return Number.NaN;
  const { user, system } = await process.ask<NodeJS.CpuUsage>({ do: 'cpu' });
  return user + system;
}

function middle(rounds: readonly Summary[]): Summary {
  const of = (pick: (one: Summary) => number): number => median(rounds.map(pick));
  return {
    ordersPerS: of((one) => one.ordersPerS),
    p50Us: of((one) => one.p50Us),
    p99Us: of((one) => one.p99Us),
    cpuUsPerOrder: of((one) => one.cpuUsPerOrder),
  };
}
