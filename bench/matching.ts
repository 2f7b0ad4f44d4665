import { Worker } from 'node:worker_threads';
import { book } from './flows/book.ts';
import { type Flow, prefix } from './flows/flow.ts';
import { generate } from './flows/generate.ts';
import { touch } from './flows/touch.ts';
import type { Bench, Report } from './lib/figure.ts';
import { interleaved, type Measure } from './lib/rounds.ts';
import { play, type Run } from './matching/contender.ts';
import { OurEngine } from './matching/engine.ts';
import type { Task } from './matching/isolated.ts';
import { latencies } from './matching/latency.ts';
import { loadPeer, type OrderBookClass, PEER, PeerBook, peerIds } from './matching/nodejs-order-book.ts';

/**
 * The matching engine against the most used order book of npm, on the flows of bench/flows. The peer would need
 * minutes for all of it, so it stops at a deadline; the part it has done by then is the easier one, its queues being
 * shorter at the beginning.
 */
const OPS = 1_000_000;
const TOUCH_OPS = 100_000;
const SEED = 1;
const ROUNDS = 5;
/** Of processor time; for `touch100k` enough for all of it. */
const PEER_DEADLINE_S = 2;
const PEER_TOUCH_DEADLINE_S = 10;
const UNHURRIED_S = 3_600;

type Setup = Readonly<{ report: Report; OrderBook: OrderBookClass | null }>;

export const run: Bench = async (report) => {
  const setup: Setup = { report, OrderBook: await loadPeer() };
  const bookFlow = generate(book, OPS, SEED).flow;
  await throughput(setup, 'book', bookFlow, PEER_DEADLINE_S);
  await throughput(setup, 'touch100k', generate(touch, TOUCH_OPS, SEED).flow, PEER_TOUCH_DEADLINE_S);
  await cold(setup, bookFlow);
  latency(setup, bookFlow);
  await heap(setup, bookFlow);
};

const speedOf = ({ ops, seconds }: Run): number => ops / seconds;
const peerOf = (value: number | undefined) => (value === undefined ? {} : { peer: { name: PEER, value } });
const SPEED = { metric: 'ops_per_s', unit: '1/s', better: 'higher' } as const;

async function throughput({ report, OrderBook }: Setup, name: string, flow: Flow, deadlineS: number): Promise<void> {
  let reached = 0;
  const peer = (Book: OrderBookClass, ids: readonly string[]): Measure => {
    return () => {
      const done = play(new PeerBook(Book, ids), flow, deadlineS);
      expectSameWork(done, flow);
      reached = done.ops;
      return speedOf(done);
    };
  };
  const ours = () => speedOf(play(new OurEngine(), flow, UNHURRIED_S));
  const medians = await interleaved(ROUNDS, ours, OrderBook === null ? null : peer(OrderBook, peerIds(flow)));
  const part = reached === 0 || reached === flow.length ? '' : `, the peer its first ${reached}`;
  const note = `${flow.length} commands${part}`;
  report({ ...SPEED, case: name, value: medians.ours, ...peerOf(medians.peer), note });
}

/** Both must have traded the same quantity, or they did not do the same work. */
function expectSameWork(peer: Run, flow: Flow): void {
  const ours = play(new OurEngine(), prefix(flow, peer.ops), UNHURRIED_S);
  if (ours.volume !== peer.volume) throw new Error(`${PEER} traded ${peer.volume}, we traded ${ours.volume}`);
}

/** The first run in a fresh isolate: nothing is compiled yet. */
async function cold({ report, OrderBook }: Setup, flow: Flow): Promise<void> {
  const ours = () => isolated({ contender: 'ours', measure: 'speed', flow, deadlineS: UNHURRIED_S });
  const peer = () => isolated({ contender: 'peer', measure: 'speed', flow, deadlineS: PEER_DEADLINE_S });
  const medians = await interleaved(ROUNDS, ours, OrderBook === null ? null : peer);
  const note = 'first run in a fresh isolate';
  report({ ...SPEED, case: 'book-cold', value: medians.ours, ...peerOf(medians.peer), note });
}

function latency({ report, OrderBook }: Setup, flow: Flow): void {
  const ours = latencies(() => new OurEngine(), flow, UNHURRIED_S);
  const ids = peerIds(flow);
  const peer = OrderBook === null ? null : latencies(() => new PeerBook(OrderBook, ids), flow, PEER_DEADLINE_S);
  const shares = { p50_ns: 0.5, p99_ns: 0.99, p999_ns: 0.999 };
  for (const [metric, share] of Object.entries(shares)) {
    const value = ours.percentile(share);
    const note = 'one command and its events, reading the clock included';
    report({ metric, case: 'book', value, unit: 'ns', better: 'lower', ...peerOf(peer?.percentile(share)), note });
  }
}

async function heap({ report, OrderBook }: Setup, flow: Flow): Promise<void> {
  const value = await isolated({ contender: 'ours', measure: 'heap', flow, deadlineS: UNHURRIED_S });
  const task: Task = { contender: 'peer', measure: 'heap', flow, deadlineS: PEER_DEADLINE_S };
  const peer = OrderBook === null ? undefined : await isolated(task);
  const note = 'allocated, typed arrays and their growth included';
  report({ metric: 'heap_mb_per_m_ops', case: 'book', value, unit: 'MB', better: 'lower', ...peerOf(peer), note });
}

/** Runs a task in a worker: an isolate with its own compiled code and its own heap. */
function isolated(task: Task): Promise<number> {
  const worker = new Worker(new URL('matching/isolated.ts', import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
