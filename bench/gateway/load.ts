import { RestClientV5 } from 'bybit-api';
import { WebSocket } from 'ws';
import { answering } from '../lib/child.ts';
import { Histogram } from '../lib/histogram.ts';
import { Connection } from './connection.ts';
import { orderBody, priceOf, QTY, type Route } from './orders.ts';

/** The load, in a process of its own. */
export type Target = Readonly<
  | { kind: 'http'; url: string; path: string; token: string; route: Route }
  /** No gateway: the client library, straight to the venue. */
  | { kind: 'bybit-api'; url: string }
>;
export type Loop = Readonly<{
  target: Target;
  connections: number;
  ms: number /** Null: as fast as answers come. */;
  rate: number | null;
}>;
export type LoadQuestion = Readonly<
  { do: 'loop'; loop: Loop } | { do: 'follow'; url: string; token: string } | { do: 'unfollow' }
>;
export type Loaded = Readonly<{ orders: number; errors: number; ms: number; p50Us: number; p99Us: number }>;

type Sender = Readonly<{ send(n: number): Promise<boolean>; close(): void }>;
let next = 0;

async function senderOf(target: Target): Promise<Sender> {
  if (target.kind === 'http') {
    const connection = await Connection.open(target.url, target.path, target.token);
    const send = async (n: number): Promise<boolean> =>
      (await connection.post(orderBody(n, target.route), `x-bench-order: ${priceOf(n)}\r\n`)) < 300;
    return { send, close: () => connection.close() };
  }
  const client = new RestClientV5({ key: 'bench', secret: 'bench', baseUrl: target.url, keepAlive: true });
  const send = async (n: number): Promise<boolean> => {
    const order = { side: 'Buy', orderType: 'Limit', qty: QTY, price: priceOf(n), timeInForce: 'GTC' } as const;
    const answer = await client.submitOrder({
      category: 'spot',
      symbol: 'BTCUSDT',
      ...order,
      orderLinkId: `bench${n}`,
    });
    return answer.retCode === 0;
  };
  return { send, close: () => undefined };
}

type Tally = { orders: number; errors: number; readonly us: Histogram };

/** `dueAt`: when the order should have left; what it waited for a free connection counts. */
async function one(sender: Sender, dueAt: number, tally: Tally): Promise<void> {
  next += 1;
  const fine = await sender.send(next);
  tally.us.record((performance.now() - dueAt) * 1_000);
  if (fine) tally.orders += 1;
  else tally.errors += 1;
}

async function closed(senders: readonly Sender[], until: number, tally: Tally): Promise<void> {
  const turn = async (sender: Sender): Promise<void> => {
    while (performance.now() < until) await one(sender, performance.now(), tally);
  };
  await Promise.all(senders.map(turn));
}

/** Orders are due at a fixed rate whatever the server does; one that finds no free connection waits for one. */
async function open(senders: readonly Sender[], rate: number, ms: number, tally: Tally): Promise<void> {
  const begun = performance.now();
  const total = Math.round((rate * ms) / 1_000);
  const dueAt = (n: number): number => begun + (n * 1_000) / rate;
  let taken = 0;
  const turn = async (sender: Sender): Promise<void> => {
    while (taken < total) {
      const n = taken;
      taken += 1;
      const wait = dueAt(n) - performance.now();
      if (wait > 0) await new Promise<void>((resolve) => setTimeout(resolve, wait));
      while (performance.now() < dueAt(n)) await new Promise<void>((resolve) => setImmediate(resolve)); // timers are early, too
      await one(sender, dueAt(n), tally);
    }
  };
  await Promise.all(senders.map(turn));
}

async function loop({ target, connections, ms, rate }: Loop): Promise<Loaded> {
  const senders = await Promise.all(Array.from({ length: connections }, () => senderOf(target)));
  const tally: Tally = { orders: 0, errors: 0, us: new Histogram() };
  const begun = performance.now();
  if (rate === null) await closed(senders, begun + ms, tally);
  else await open(senders, rate, ms, tally);
  const took = performance.now() - begun;
  for (const sender of senders) sender.close();
  const { orders, errors, us } = tally;
  return { orders, errors, ms: took, p50Us: us.percentile(0.5), p99Us: us.percentile(0.99) };
}

let follower: WebSocket | null = null;

/** Follows the account's orders over the gateway's socket, as a client that wants pushes does. */
function follow(url: string, token: string): Promise<void> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { perMessageDeflate: false });
  follower = socket;
  socket.once('open', () => {
    socket.send(JSON.stringify({ op: 'auth', token }));
    socket.send(JSON.stringify({ op: 'subscribe', channels: ['orders'] }));
  });
  return new Promise((resolve, reject) => {
    socket.on('message', (bytes: Buffer) => {
      if (bytes.toString('utf8').includes('"subscribe')) resolve();
    });
    socket.once('error', reject);
  });
}

answering<LoadQuestion>(
  (question) => {
    if (question.do === 'loop') return loop(question.loop);
    if (question.do === 'follow') return follow(question.url, question.token);
    return follower?.close();
  },
  () => undefined,
);
