import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { answering } from '../lib/child.ts';
import { bookMessage, categoryOf, orderMessage, RESULTS, walletMessage, type WireCreate } from './venue-wire.ts';

/**
 * A stub of Bybit V5, as little as a gateway needs: it takes every order after `LATENCY_MS`, answers, and says on the
 * private stream that it works. It checks no signature and keeps no book, so that it costs the machine next to nothing.
 */
const LATENCY_MS = 5;
/** Books are repeated, as Bybit repeats those that do not change; the wallet is told at most this often. */
const REPEAT_MS = 2_000;
const WALLET_MS = 20;

const privateSockets = new Set<WebSocket>();
const books = new Map<WebSocket, Set<string>>();
let placed = 0;
let walletDue = false;

const envelope = (result: unknown): string =>
  JSON.stringify({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: Date.now() });

function answer(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function place(response: ServerResponse, text: string): void {
  const wish = JSON.parse(text) as WireCreate;
  setTimeout(() => {
    placed += 1;
    const orderId = `${placed}`;
    answer(response, envelope({ orderId, orderLinkId: wish.orderLinkId ?? '' }));
    push(orderMessage(orderId, wish, Date.now()));
    if (walletDue) return;
    walletDue = true;
    setTimeout(() => {
      walletDue = false;
      push(walletMessage(Date.now()));
    }, WALLET_MS);
  }, LATENCY_MS);
}

function push(message: string): void {
  for (const socket of privateSockets) socket.send(message);
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? '';
  const path = url.split('?', 1)[0] as string;
  let text = '';
  request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  request.on('end', () => {
    if (path === '/v5/order/create') place(response, text);
    else answer(response, envelope(RESULTS[path]?.(categoryOf(url)) ?? { list: [] }));
  });
}

function converse(socket: WebSocket, isPrivate: boolean): void {
  const topics = new Set<string>();
  if (isPrivate) privateSockets.add(socket);
  else books.set(socket, topics);
  socket.on('close', () => {
    privateSockets.delete(socket);
    books.delete(socket);
  });
  socket.on('message', (bytes: Buffer) => {
    const { op, args = [], req_id, reqId } = JSON.parse(bytes.toString('utf8')) as Record<string, never>;
    const id = req_id === undefined ? { reqId, retCode: 0 } : { req_id };
    socket.send(JSON.stringify({ success: true, ret_msg: op === 'ping' ? 'pong' : '', op, conn_id: 'stub', ...id }));
    if (op !== 'subscribe') return;
    for (const topic of args as string[]) {
      topics.add(topic);
      if (topic.startsWith('orderbook.')) socket.send(bookMessage(topic));
    }
  });
}

const server = createServer({ keepAliveTimeout: 60_000 }, serve);
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, request) => converse(socket, (request.url ?? '').startsWith('/v5/private')));
const repeat = setInterval(() => {
  for (const [socket, topics] of books)
    for (const topic of topics) if (topic.startsWith('orderbook.')) socket.send(bookMessage(topic));
}, REPEAT_MS);
const listening = new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
});
answering(
  () => listening,
  () => clearInterval(repeat),
);
