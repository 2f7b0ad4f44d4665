import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { answering } from '../lib/child.ts';
import { type Fragment, fragments, SYMBOLS, snapshot } from './messages.ts';

/**
 * Bybit's public spot socket as far as books go. Sends deltas of all symbols in turn at a fixed rate, however fast they
 * are read; `seq` of each is the moment of its sending in microseconds, so that readers can tell how old it is.
 */
export type FeedQuestion = Readonly<{ do: 'port' } | { do: 'send'; perSecond: number; ms: number }>;

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const listening = new Promise<number>((resolve) => {
  server.once('listening', () => resolve((server.address() as AddressInfo).port));
});
const flow: readonly Fragment[] = fragments();
const updates = new Map<string, number>();
let reader: WebSocket | null = null;
let sent = 0;

server.on('connection', (socket) => {
  reader = socket;
  socket.on('message', (bytes: Buffer) => {
    const {
      op,
      args = [],
      req_id,
    } = JSON.parse(bytes.toString('utf8')) as { op: string; args?: string[]; req_id?: string };
    socket.send(JSON.stringify({ success: true, ret_msg: op === 'ping' ? 'pong' : '', op, conn_id: 'feed', req_id }));
    if (op !== 'subscribe') return;
    for (const topic of args) {
      const symbol = topic.split('.')[2] as string;
      updates.set(symbol, 2);
      socket.send(snapshot(topic, 2, nowUs()));
    }
  });
});

const nowUs = (): number => Number(process.hrtime.bigint() / 1_000n);

function sendOne(socket: WebSocket): void {
  const symbol = SYMBOLS[sent % SYMBOLS.length] as string;
  const { b, a } = flow[Math.floor(sent / SYMBOLS.length) % flow.length] as Fragment;
  sent += 1;
  const u = (updates.get(symbol) ?? 2) + 1;
  updates.set(symbol, u);
  const ts = Date.now();
  socket.send(
    `{"topic":"orderbook.200.${symbol}","ts":${ts},"type":"delta","data":{"s":"${symbol}","b":${b},"a":${a},"u":${u},"seq":${nowUs()}},"cts":${ts}}`,
  );
}

/** What is due is sent at each turn; resolves with the number of deltas once all were handed to the socket. */
async function send(perSecond: number, ms: number): Promise<number> {
  const socket = reader;
  if (socket === null) throw new Error('nobody is connected');
  const total = Math.round((perSecond * ms) / 1_000);
  const begun = performance.now();
  for (let done = 0; done < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) * perSecond) / 1_000));
    for (; done < due; done += 1) sendOne(socket);
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
  }
  return total;
}

answering<FeedQuestion>(
  (question) => (question.do === 'port' ? listening : send(question.perSecond, question.ms)),
  () => server.close(),
);
