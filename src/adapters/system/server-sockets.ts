import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { ServerHandlers, Socket } from '../../ports/network.ts';
import { addressOf } from './server-request.ts';
import { ABNORMAL, asSocket, attach, CLOSE_TIMEOUT_MS, type CloseTimeout } from './ws-socket.ts';

export type Upgrader = Readonly<{
  upgrade(request: IncomingMessage, link: Duplex, head: Buffer): void;
  dropAll(): void;
}>;

/** Turns HTTP upgrades into sockets. */
export function createUpgrader(handlers: ServerHandlers, maxMessageBytes: number): Upgrader {
  const options: ServerOptions & CloseTimeout = {
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
  const server = new WebSocketServer(options);
  return {
    upgrade: (request, link, head) => upgrade(server, handlers, request, link, head),
    dropAll: () => {
      for (const ws of server.clients) ws.terminate();
    },
  };
}

/**
 * The handler decides before the handshake is answered, so that it may still refuse with an HTTP status; what it does
 * to the socket meanwhile is done right after.
 */
function upgrade(
  server: WebSocketServer,
  handlers: ServerHandlers,
  request: IncomingMessage,
  link: Duplex,
  head: Buffer,
): void {
  link.on('error', () => link.destroy());
  const early = earlySocket();
  const taken = handlers.socket(addressOf(request), early.socket);
  if ('refuse' in taken) {
    refuse(link, taken.refuse);
    return;
  }
  let upgraded = false;
  server.handleUpgrade(request, link, head, (ws) => {
    upgraded = true;
    takeTurns(ws);
    attach(ws, taken);
    taken.opened();
    early.become(asSocket(ws));
  });
  if (!upgraded) taken.closed(ABNORMAL, 'not a WebSocket handshake', false);
}

/** Messages that one socket may bring before the others have their turn. */
const TURN = 64;

/** A socket that sends without an end is read no faster than the others: its rest waits for the next turn. */
function takeTurns(ws: WebSocket): void {
  let taken = 0;
  const next = (): void => {
    taken = 0;
    if (ws.isPaused) ws.resume();
  };
  ws.on('message', () => {
    taken += 1;
    if (taken === 1) setImmediate(next);
    if (taken === TURN) ws.pause();
  });
}

function refuse(link: Duplex, status: number): void {
  const reason = STATUS_CODES[status] ?? 'Refused';
  link.once('finish', () => link.destroy()); // a client that does not close its half must not keep the server from ending
  link.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Stands for a socket until its handshake is answered: keeps what is done to it, in order. */
function earlySocket(): { socket: Socket; become(real: Socket): void } {
  let real: Socket | null = null;
  const kept: ((socket: Socket) => void)[] = [];
  const perform = (act: (socket: Socket) => void): void => {
    if (real === null) kept.push(act);
    else act(real);
  };
  return {
    socket: {
      send: (text) => {
        if (real !== null) return real.send(text);
        kept.push((socket) => socket.send(text));
        return true;
      },
      buffered: () => real?.buffered() ?? 0,
      close: (code, reason) => perform((socket) => socket.close(code, reason)),
      terminate: () => perform((socket) => socket.terminate()),
    },
    become: (opened) => {
      real = opened;
      for (const act of kept) act(opened);
    },
  };
}
