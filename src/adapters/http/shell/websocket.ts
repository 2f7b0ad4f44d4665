import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { type ErrorCode, refusal } from '../../../contract/errors.ts';
import type { Log } from '../../../ports/log.ts';
import type { ServerHandlers, Socket, SocketHandlers } from '../../../ports/network.ts';
import type { Rng } from '../../../ports/rng.ts';
import { newRequestId } from '../dispatch.ts';
import { MAX_BODY_BYTES } from '../settings.ts';
import { writeRaw } from './client-error.ts';
import { plainHeaders } from './fastify.ts';

type Options = Readonly<{ server: Server; handlers: ServerHandlers; pingMs: number; rng: Rng; log: Log }>;

const REFUSALS: Readonly<Record<number, ErrorCode>> = {
  400: 'VALIDATION_FAILED',
  403: 'ORIGIN_NOT_ALLOWED',
  404: 'ROUTE_NOT_FOUND',
  429: 'RATE_LIMITED',
};

/** Peers that do not finish the closing handshake in this time are cut off. */
const CLOSE_GRACE_MS = 500;

/** Upgrades connections of `server` to sockets of the network port. The result waits for all of them to end. */
export function serveSockets({ server, handlers, pingMs, rng, log }: Options): () => Promise<void> {
  const upgrader = new WebSocketServer({ noServer: true, maxPayload: MAX_BODY_BYTES, perMessageDeflate: false });
  const waitingForPong = new WeakSet<WebSocket>();
  const beat = setInterval(() => {
    for (const one of upgrader.clients) {
      if (waitingForPong.has(one)) one.terminate();
      waitingForPong.add(one);
      if (one.readyState === WebSocket.OPEN) one.ping();
    }
  }, pingMs);
  beat.unref();

  server.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    connection.on('error', (error) => log.debug('socket connection failed', { error }));
    const { url = '/' } = request;
    const at = url.indexOf('?');
    const socket = new UpgradedSocket();
    const taken = handlers.socket(
      {
        path: at < 0 ? url : url.slice(0, at),
        query: at < 0 ? '' : url.slice(at + 1),
        headers: plainHeaders(request.headers),
        remoteAddress: request.socket.remoteAddress ?? '',
      },
      socket,
    );
    if ('refuse' in taken) {
      writeRaw(connection, refusal(REFUSALS[taken.refuse] ?? 'VALIDATION_FAILED'), newRequestId({ rng }));
      return;
    }
    // A handshake that fails never calls back: then the end of the connection is the end of the socket.
    connection.once('close', () => socket.endedEarly(taken));
    upgrader.handleUpgrade(request, connection, head, (upgraded) => {
      upgraded.on('pong', () => waitingForPong.delete(upgraded));
      upgraded.on('error', (error) => log.debug('socket failed', { error }));
      socket.attach(upgraded, taken);
    });
  });

  return async () => {
    clearInterval(beat);
    const cut = setTimeout(() => {
      for (const one of upgrader.clients) one.terminate();
    }, CLOSE_GRACE_MS);
    await Promise.all([...upgrader.clients].map((one) => new Promise((resolve) => one.once('close', resolve))));
    clearTimeout(cut);
    upgrader.close();
  };
}

/** A `ws` socket in the shape of the network port. */
class UpgradedSocket implements Socket {
  #socket: WebSocket | null = null;

  attach(socket: WebSocket, handlers: SocketHandlers): void {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => handlers.message(data.toString('utf8')));
    socket.on('close', (code, reason) => handlers.closed(code, reason.toString('utf8'), code !== 1006));
    handlers.opened();
  }

  endedEarly(handlers: SocketHandlers): void {
    if (this.#socket === null) handlers.closed(1006, '', false);
  }

  send(text: string): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(text);
    return true;
  }

  buffered(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  close(code: number, reason: string): void {
    this.#socket?.close(code, reason);
  }

  terminate(): void {
    this.#socket?.terminate();
  }
}
