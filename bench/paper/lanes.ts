import { createHmac } from 'node:crypto';
import { Client } from 'undici';
import { WebSocket } from 'ws';
import { KEY, orderAt } from './orders.ts';
import type { Server } from './server.ts';

/** One way into the server: sends an order and waits for its acknowledgement. */
export type Lane = Readonly<{ order(n: number): Promise<void>; close(): Promise<void> }>;

const signed = (text: string): string => createHmac('sha256', KEY.apiSecret).update(text).digest('hex');

function refuse(retCode: number | undefined, text: string): void {
  if (retCode !== 0) throw new Error(`an order was refused: ${text}`);
}

/** A connection of its own, kept alive. */
export function restLane({ rest }: Server): Lane {
  const client = new Client(rest, { pipelining: 1 });
  return {
    order: async (n) => {
      const body = JSON.stringify(orderAt(n));
      const timestamp = String(Date.now());
      const headers = {
        'content-type': 'application/json',
        'x-bapi-api-key': KEY.apiKey,
        'x-bapi-timestamp': timestamp,
        'x-bapi-recv-window': '5000',
        'x-bapi-sign': signed(`${timestamp}${KEY.apiKey}5000${body}`),
      };
      const response = await client.request({ method: 'POST', path: '/v5/order/create', headers, body });
      const text = await response.body.text();
      refuse((JSON.parse(text) as { retCode?: number }).retCode, text);
    },
    close: () => client.close(),
  };
}

type Waiting = Readonly<{ resolve: () => void; reject: (error: Error) => void }>;

/** One socket for any number of orders under way. */
export async function socketLane({ ws }: Server): Promise<Lane> {
  const socket = await open(`${ws}/v5/trade`);
  const waiting = new Map<string, Waiting>();
  const expires = Date.now() + 10_000;
  socket.on('message', (bytes) => {
    const {
      reqId = 'auth',
      retCode,
      retMsg,
    } = JSON.parse(String(bytes)) as Record<string, string> & { retCode: number };
    const one = waiting.get(reqId);
    waiting.delete(reqId);
    if (retCode === 0) one?.resolve();
    else one?.reject(new Error(`refused: ${retCode} ${retMsg}`));
  });
  const ask = (reqId: string, message: object): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.set(reqId, { resolve, reject });
      socket.send(JSON.stringify({ reqId, ...message }));
    });
  await ask('auth', { op: 'auth', args: [KEY.apiKey, expires, signed(`GET/realtime${expires}`)] });
  return {
    order: (n) => {
      const header = { 'X-BAPI-TIMESTAMP': String(Date.now()), 'X-BAPI-RECV-WINDOW': '5000' };
      return ask(String(n), { header, op: 'order.create', args: [orderAt(n)] });
    },
    close: async () => socket.close(),
  };
}

/** Sockets that hear every trade. */
export async function listeners({ ws }: Server, count: number): Promise<{ heard(): number; close(): void }> {
  let heard = 0;
  const sockets = await Promise.all(Array.from({ length: count }, () => open(`${ws}/v5/public/spot`)));
  await Promise.all(
    sockets.map((socket) => {
      const subscribed = new Promise<void>((resolve) => socket.once('message', () => resolve()));
      socket.send(JSON.stringify({ op: 'subscribe', args: ['publicTrade.BTCUSDT'] }));
      return subscribed;
    }),
  );
  for (const socket of sockets) socket.on('message', () => (heard += 1));
  return { heard: () => heard, close: () => sockets.forEach((socket) => socket.close()) };
}

function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}
