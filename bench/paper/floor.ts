// The least that such a server can cost: node:http and ws read an order, answer with an id, and tell of a trade. It
// checks no signature, matches nothing, keeps nothing. Started as a process of its own; prints where it listens.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

const listeners = new Set<WebSocket>();
let orders = 0;

const trade = (): string =>
  JSON.stringify({
    topic: 'publicTrade.BTCUSDT',
    type: 'snapshot',
    ts: Date.now(),
    data: [
      {
        T: Date.now(),
        s: 'BTCUSDT',
        S: 'Buy',
        v: '0.001',
        p: '60000.0',
        i: `${orders}`,
        BT: false,
        RPI: false,
        seq: orders,
      },
    ],
  });

/** Every second order trades, as in the flow of the bench. */
function take(text: string): object {
  const order = JSON.parse(text) as { orderLinkId?: string };
  orders += 1;
  if (orders % 2 === 0 && listeners.size > 0) {
    const message = trade();
    setImmediate(() => {
      for (const socket of listeners) socket.send(message);
    });
  }
  return { orderId: `${10 ** 18 + orders}`, orderLinkId: order.orderLinkId ?? '' };
}

function http(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const result = take(Buffer.concat(chunks).toString());
    const body = JSON.stringify({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: Date.now() });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
}

function socket(link: WebSocket): void {
  link.on('close', () => listeners.delete(link));
  link.on('message', (bytes) => {
    const { op, reqId, args } = JSON.parse(String(bytes)) as { op: string; reqId?: string; args: unknown[] };
    if (op === 'subscribe') listeners.add(link);
    const data = op === 'order.create' ? take(JSON.stringify(args[0])) : {};
    link.send(JSON.stringify({ reqId, success: true, retCode: 0, retMsg: 'OK', op, data }));
  });
}

const server = createServer(http);
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', socket);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ rest: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
