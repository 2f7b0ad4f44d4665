// Runs one contender in an isolate of its own and posts one number.
import { parentPort, workerData } from 'node:worker_threads';
import type { Flow } from '../flows/flow.ts';
import { allocation } from './allocation.ts';
import { type Contender, play } from './contender.ts';
import { OurEngine } from './engine.ts';
import { loadPeer, PeerBook, peerIds } from './nodejs-order-book.ts';

/** `speed`: commands a second. `heap`: MB allocated in a million commands, after a pass that is not counted. */
export type Task = Readonly<{ contender: 'ours' | 'peer'; measure: 'speed' | 'heap'; flow: Flow; deadlineS: number }>;

const { contender, measure, flow, deadlineS } = workerData as Task;

async function maker(): Promise<() => Contender> {
  if (contender === 'ours') return () => new OurEngine();
  const OrderBook = await loadPeer();
  if (OrderBook === null) throw new Error('the peer is not installed');
  const ids = peerIds(flow);
  return () => new PeerBook(OrderBook, ids);
}

const make = await maker();
if (measure === 'speed') {
  const { ops, seconds } = play(make(), flow, deadlineS);
  parentPort?.postMessage(ops / seconds);
} else {
  play(make(), flow, deadlineS);
  parentPort?.postMessage(allocation(make(), flow, deadlineS));
}
