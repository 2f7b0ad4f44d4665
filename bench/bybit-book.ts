import type { FeedQuestion } from './bybit-book/feed.ts';
import type { ReaderName } from './bybit-book/readers.ts';
import type { Read, ReadingQuestion } from './bybit-book/reading.ts';
import { type Child, startChild } from './lib/child.ts';
import type { Bench, Figure, Report } from './lib/figure.ts';
import { median } from './lib/rounds.ts';

/**
 * Twenty books kept from one socket: a feed offers deltas at a fixed rate over loopback, a reader in another process
 * applies them. Each reader has a feed of its own; they take turns, round by round. Latency counts from the sending of
 * a delta to the book that holds it, waiting in sockets included: the feed never waits for its reader.
 */
const RATES = [
  ['1k', 1_000],
  ['10k', 10_000],
] as const;
const PEERS: readonly ReaderName[] = ['ccxt', 'floor', 'floor-parse'];
const ROUNDS = 3;
const ROUND_MS = 1_000;

type Contender = Readonly<{ name: ReaderName; feed: Child; reader: Child }>;

export const run: Bench = async (report) => {
  const children: Child[] = [];
  try {
    const contenders: Contender[] = [];
    for (const name of ['ours', ...PEERS] as const) {
      const one = await connect(name, children);
      if (one !== null) contenders.push(one);
    }
    for (const one of contenders) await round(one, 10_000);
    for (const [name, rate] of RATES) await compare(report, contenders, name, rate);
  } finally {
    for (const child of children.reverse()) await child.stop();
  }
};

async function connect(name: ReaderName, children: Child[]): Promise<Contender | null> {
  const feed = startChild(new URL('bybit-book/feed.ts', import.meta.url));
  const reader = startChild(new URL('bybit-book/reading.ts', import.meta.url));
  children.push(feed, reader);
  const ask: FeedQuestion = { do: 'port' };
  const url = `ws://127.0.0.1:${await feed.ask<number>(ask)}`;
  const question: ReadingQuestion = { do: 'connect', reader: name, url };
  return (await reader.ask<boolean>(question)) ? { name, feed, reader } : null;
}

async function round({ feed, reader }: Contender, perSecond: number): Promise<Read> {
  const begin: ReadingQuestion = { do: 'begin' };
  await reader.ask(begin);
  const send: FeedQuestion = { do: 'send', perSecond, ms: ROUND_MS };
  const end: ReadingQuestion = { do: 'end', expected: await feed.ask<number>(send) };
  return reader.ask<Read>(end);
}

async function compare(report: Report, contenders: readonly Contender[], name: string, rate: number): Promise<void> {
  const rounds = new Map<ReaderName, Read[]>(contenders.map((one) => [one.name, []]));
  for (let n = 0; n < ROUNDS; n += 1) for (const one of contenders) rounds.get(one.name)?.push(await round(one, rate));
  for (const peer of PEERS) if (rounds.has(peer)) figures(report, name, rounds, peer);
}

type Metric = Readonly<{ figure: Pick<Figure, 'metric' | 'unit' | 'better'>; of(read: Read): number }>;
const METRICS: readonly Metric[] = [
  { figure: { metric: 'deltas_per_s', unit: '1/s', better: 'higher' }, of: ({ deltas, ms }) => (deltas * 1_000) / ms },
  { figure: { metric: 'cpu_us_per_delta', unit: 'us', better: 'lower' }, of: ({ cpuUs, deltas }) => cpuUs / deltas },
  { figure: { metric: 'latency_p50_us', unit: 'us', better: 'lower' }, of: ({ p50Us }) => p50Us },
  { figure: { metric: 'latency_p99_us', unit: 'us', better: 'lower' }, of: ({ p99Us }) => p99Us },
];

function figures(
  report: Report,
  name: string,
  rounds: ReadonlyMap<ReaderName, readonly Read[]>,
  peer: ReaderName,
): void {
  for (const { figure, of } of METRICS) {
    const middle = (reader: ReaderName): number => median((rounds.get(reader) ?? []).map(of));
    report({ ...figure, case: name, value: middle('ours'), peer: { name: peer, value: middle(peer) } });
  }
}
