import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadQuestion } from './gateway/load.ts';
import { inTurn, loop, type Parts, type Summary, startParts } from './gateway/parts.ts';
import type { Probed } from './gateway/probes.ts';
import type { WholeQuestion } from './gateway/whole.ts';
import type { Child } from './lib/child.ts';
import type { Bench, Report } from './lib/figure.ts';

/**
 * The gateway from HTTP to disk and venue, each part in a process of its own: the whole gateway on a real journal, the
 * load, a stub of Bybit with 5 ms of latency, and the floor. Cases `1`, `16`, `64`: limit orders that rest on the
 * internal venue, answered when they are durable, as fast as so many connections take the answers. Cases `bybit-*`: the
 * same orders routed to the stub; the peer `bybit-api` places them there itself and waits for the venue, which is what
 * a user without a gateway does, durable nowhere. Cases `open-*`: orders due at a fixed rate, latency from then on.
 */
const CONNECTIONS = [1, 16, 64];
const CLOSED = { rounds: 3, ms: 700, rate: null };
const OPEN = { rounds: 3, ms: 1_200, connections: 64 };
const OPEN_RATES = { internal: 500, routed: 200 };
const ADDED = { connections: 16, rate: 200 };
const ADDED_WARM_UP_MS = 1_000;
const ADDED_MS = 2_500;

export const run: Bench = async (report) => {
  const scratch = join(import.meta.dirname, '..', '.okd'); // the system's temporary directory may be memory
  mkdirSync(scratch, { recursive: true });
  const dir = mkdtempSync(join(scratch, 'bench-'));
  const children: Child[] = [];
  try {
    const parts = await startParts(dir, children);
    await added(report, parts);
    for (const side of [parts.internal, parts.floor, parts.routed, parts.direct])
      await loop(parts, side, { ...CLOSED, connections: 16 });
    await closedLoops(report, parts);
    await openLoops(report, parts);
  } finally {
    for (const child of children.reverse()) await child.stop();
    rmSync(dir, { recursive: true });
  }
};

async function closedLoops(report: Report, parts: Parts): Promise<void> {
  const { internal, routed, floor, direct } = parts;
  for (const connections of CONNECTIONS) {
    const [ours, peer] = await inTurn(parts, [internal, floor], { ...CLOSED, connections });
    speed(report, `${connections}`, ours, { name: 'floor', of: peer, note: 'rest on the internal venue' });
  }
  const note = 'ours answers when durable, the peer when the venue (5 ms) has answered';
  for (const connections of CONNECTIONS) {
    const [ours, peer] = await inTurn(parts, [routed, direct], { ...CLOSED, connections });
    speed(report, `bybit-${connections}`, ours, { name: 'bybit-api', of: peer, note });
  }
}

async function openLoops(report: Report, parts: Parts): Promise<void> {
  for (const [name, side, rate] of [
    ['open', parts.internal, OPEN_RATES.internal],
    ['bybit-open', parts.routed, OPEN_RATES.routed],
  ] as const) {
    const [ours, peer] = await inTurn(parts, [side, parts.floor], { ...OPEN, rate });
    latencies(report, `${name}-${rate}`, ours, { name: 'floor', of: peer });
  }
}

type Peer = Readonly<{ name: string; of: Summary; note?: string }>;

function speed(report: Report, name: string, ours: Summary, peer: Peer): void {
  const { note = '' } = peer;
  const peerOf = (value: number) => ({ peer: { name: peer.name, value } });
  const orders = { metric: 'orders_per_s', case: name, value: ours.ordersPerS, unit: '1/s', better: 'higher' } as const;
  report({ ...orders, ...peerOf(peer.of.ordersPerS), note });
  const cpu = {
    metric: 'cpu_us_per_order',
    case: name,
    value: ours.cpuUsPerOrder,
    unit: 'us',
    better: 'lower',
  } as const;
  report(Number.isNaN(peer.of.cpuUsPerOrder) ? cpu : { ...cpu, ...peerOf(peer.of.cpuUsPerOrder) });
  latencies(report, name, ours, peer);
}

function latencies(report: Report, name: string, ours: Summary, peer: Peer): void {
  for (const [metric, field] of [
    ['answer_p50_ms', 'p50Us'],
    ['answer_p99_ms', 'p99Us'],
  ] as const) {
    const peerFigure = { name: peer.name, value: peer.of[field] / 1_000 };
    report({ metric, case: name, value: ours[field] / 1_000, unit: 'ms', better: 'lower', peer: peerFigure });
  }
}

/**
 * What the gateway itself puts between a client and a venue, stamped inside its process. First of all, because a client
 * that follows the account's orders begins with all open ones.
 */
async function added(report: Report, parts: Parts): Promise<void> {
  const { load, whole, opened, routed } = parts;
  const follow: LoadQuestion = { do: 'follow', ...opened };
  const unfollow: LoadQuestion = { do: 'unfollow' };
  const probe: WholeQuestion = { do: 'probe' };
  const probed: WholeQuestion = { do: 'probed' };
  await load.ask(follow);
  await loop(parts, routed, { ...ADDED, ms: ADDED_WARM_UP_MS });
  await whole.ask(probe);
  await loop(parts, routed, { ...ADDED, ms: ADDED_MS });
  const result = await whole.ask<Probed>(probed);
  await load.ask(unfollow);
  for (const [metric, one] of [
    ['added_out_us', result.out],
    ['added_in_us', result.in],
  ] as const) {
    const note = `${one.count} orders at ${ADDED.rate}/s, one commit included`;
    report({ metric, case: 'p50', value: one.p50Us, unit: 'us', better: 'lower', note });
    report({ metric, case: 'p99', value: one.p99Us, unit: 'us', better: 'lower', note });
  }
}
