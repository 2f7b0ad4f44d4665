import { WebSocket } from 'ws';
import { answering } from '../lib/child.ts';

/**
 * A client that behaves badly, in a process of its own and from an address of its own: as much as the server takes,
 * over four sockets, again after every time that it is cut off.
 */
export type Flood = Readonly<{ ws: string; kind: keyof typeof KINDS; localAddress: string }>;

const order = { symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '1', price: '1' };
const KINDS = {
  /** Frames that are no JSON. */
  frames: { path: '/v5/public/spot', text: '{"op":"subscribe","args":['.padEnd(200, '[') },
  /** Operations that are none. */
  operations: { path: '/v5/trade', text: JSON.stringify({ op: 'order.undo', args: [{}] }) },
  /** Batches of a thousand orders from nobody. */
  batches: {
    path: '/v5/trade',
    text: JSON.stringify({
      op: 'order.create-batch',
      header: { 'X-BAPI-TIMESTAMP': '1' },
      args: [{ category: 'spot', request: Array.from({ length: 1_000 }, () => order) }],
    }),
  },
  /** Subscriptions to what is not there. */
  topics: { path: '/v5/public/spot', text: JSON.stringify({ op: 'subscribe', args: ['weather.BTCUSDT'] }) },
} as const;

const SOCKETS = 4;
/** Of unsent bytes: beyond it a flood would only fill its own memory. */
const MOST_UNSENT = 256 * 1024;

const counts = { sent: 0, answered: 0, cut: 0 };
let isOver = false;

function flood(asked: Flood): void {
  const { ws, kind, localAddress } = asked;
  const { path, text } = KINDS[kind];
  const socket = new WebSocket(`${ws}${path}`, { perMessageDeflate: false, localAddress });
  const pump = (): void => {
    if (isOver || socket.readyState !== WebSocket.OPEN) return;
    for (let i = 0; i < 64 && socket.bufferedAmount < MOST_UNSENT; i += 1) {
      socket.send(text);
      counts.sent += 1;
    }
    setImmediate(pump);
  };
  socket.on('open', pump);
  socket.on('message', () => (counts.answered += 1));
  // Cut off, or not let in: what matters is how the others fare.
  socket.on('error', () => {});
  socket.on('close', () => {
    counts.cut += 1;
    if (!isOver) setTimeout(() => flood(asked), 10);
  });
}

answering<Flood | 'counts'>(
  (question) => {
    if (question === 'counts') return counts;
    for (let i = 0; i < SOCKETS; i += 1) flood(question);
    return null;
  },
  () => {
    isOver = true;
  },
);
